import type { Bytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import type { SignatureAlgorithm } from '../signature-algorithm.ts'
import type { RevocationReason } from './revocation-reason.ts'
import { type StatusFault, statusFaults } from './status-fault.ts'

/** The certificate that is asked about, and the one that issued it: who that is must be known before. */
export type StatusSubject = { readonly certificate: Certificate; readonly issuer: Certificate }

export type StatusKind = 'ocsp' | 'crl'

/** What an answer says beside its verdict, once everything in it but its age has been checked. */
export type StatusEvidence = {
  readonly kind: StatusKind
  /** The OCSPResponse or CertificateList, as it came. */
  readonly der: Bytes
  readonly thisUpdate: Date
  /** Absent where an OCSP responder has newer information at any time (RFC 6960 2.4). */
  readonly nextUpdate?: Date
  /** When it was signed; a list says only thisUpdate. */
  readonly producedAt: Date
  /** Who signed it: the issuer, or a responder that the issuer certified for that. */
  readonly signer: Certificate
  /** True when the responder's certificate asks not to be checked for revocation (RFC 6960 4.2.2.2.1). */
  readonly responderNoCheck: boolean
  readonly algorithm: SignatureAlgorithm
  /** True when a nonce was sent and came back; what to do without one is the caller's decision. */
  readonly nonceEchoed: boolean
  /** Certificates that expired since then are still answered for (archive cutoff, expiredCertsOnCRL). */
  readonly expiredKeptSince?: Date
}

export type GoodStatus = StatusEvidence & {
  readonly status: 'good'
  readonly revokedAt?: never
  readonly reason?: never
}

export type RevokedStatus = StatusEvidence & {
  readonly status: 'revoked'
  readonly revokedAt: Date
  /** Absent where none is given. */
  readonly reason?: RevocationReason
  /** When the key is thought to have become untrustworthy; a statement, not a revocation date (RFC 5280 5.3.2). */
  readonly invalidSince?: Date
}

/** An answer that says nothing about the certificate, and why. */
export type UnusableStatus = {
  readonly status: 'unusable'
  readonly kind: StatusKind
  readonly code: StatusFault
  readonly message: string
  /** The rule that is broken. */
  readonly clause: string
}

/** An answer that can be relied on, at the moments for which it {@link isFresh}. */
export type KnownStatus = GoodStatus | RevokedStatus

/**
 * What one answer says about one certificate. How old it may be, and at which moment it is needed, is judged by the
 * caller.
 */
export type StatusFinding = KnownStatus | UnusableStatus

/** An answer that cannot be used; `detail` adds to the message of the code. */
export function unusable(kind: StatusKind, code: StatusFault, detail = ''): UnusableStatus {
  const [clauses, message] = statusFaults[code]
  const clause = typeof clauses === 'string' ? clauses : clauses[kind]
  return { status: 'unusable', kind, code, message: detail === '' ? message : `${message}: ${detail}`, clause }
}

/**
 * True when the answer still speaks for the moment `at`: its next update has not passed and it is not older than
 * `maxAgeMs`. An answer that was issued after `at` always does. One that names no next update needs `maxAgeMs`.
 */
export function isFresh(finding: KnownStatus, at: Date, maxAgeMs?: number): boolean {
  if (finding.thisUpdate >= at) return true
  if (finding.nextUpdate === undefined && maxAgeMs === undefined) return false
  if (finding.nextUpdate !== undefined && finding.nextUpdate < at) return false
  return maxAgeMs === undefined || at.getTime() - finding.thisUpdate.getTime() <= maxAgeMs
}
