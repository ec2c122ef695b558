import type { Certificate, Purpose } from '../../pki/index.ts'
import type { Evidence } from './evidence.ts'
import type { Problem } from './problem.ts'
import type { ProofsOfExistence } from './proofs-of-existence.ts'
import type { RevocationVerdict } from './revocation-freshness.ts'
import type { PreparedPolicy } from './validation-policy.ts'

/** May something be relied upon that the key of this certificate signed? */
export type CertificateQuestion = {
  readonly certificate: Certificate
  readonly purpose: Purpose
  /** The earliest moment at which what was signed is proved to have existed. */
  readonly proven: Date
  /** The moment that a time-stamp states. */
  readonly stated?: Date
}

export type CertificateVerdict = {
  /** Absent when the certificate may be relied upon. */
  readonly problem?: Problem
  /** From the certificate to the anchor; empty when there is none. */
  readonly path: readonly Certificate[]
  /** About each certificate of the path but the anchor, in the same order. */
  readonly revocations: readonly RevocationVerdict[]
  /** When the certificate itself was revoked, if it was. */
  readonly revokedAt?: Date
  /** True when the status of a time-stamp's chain is from after the time-stamp, and not of today. */
  readonly isDated?: boolean
}

/** Everything that a judgement takes, gathered before it (EN 319 102-1 5.2.4). */
export type ValidationContext = {
  readonly policy: PreparedPolicy
  readonly evidence: Evidence
  /** Certificates that may stand between a signer and an anchor. */
  readonly intermediates: readonly Certificate[]
  readonly proofs: ProofsOfExistence
}
