import type { Branded } from '../../std/ids.ts'
import { SECOND_MS } from '../../std/time.ts'
import type { CertificateId } from '../certificates/certificate.ts'
import type { DocumentId } from '../documents/document.ts'
import type { EnvelopeId, RoleId } from '../envelopes/envelope.ts'
import type { KeyId } from '../keys/key.ts'

export type IntentId = Branded<string, 'IntentId'>

/** Levels that are offered; what comes back is the level that was asked for, or an error. */
export const LEVELS = ['B-B'] as const
export type Level = (typeof LEVELS)[number]

/** How long one process may work on an intent before another may take it over. */
export const LEASE_MS = 30 * SECOND_MS
/** After as many attempts an intent is given up and an operator hears of it. */
export const MAX_ATTEMPTS = 5

/** A decision to sign: recorded before the key is used, and ending in exactly one result or one reason. */
export type Intent = {
  readonly id: IntentId
  readonly envelopeId: EnvelopeId
  readonly roleId: RoleId
  readonly documentId: DocumentId
  readonly documentSha256: string
  readonly certificateId: CertificateId
  readonly keyId: KeyId
  readonly level: Level
  readonly requestHash: Buffer
  readonly status: 'authorised' | 'completed' | 'aborted'
  readonly attempts: number
  /** Why it was given up, as a code. */
  readonly failure: string | null
  readonly resultId: DocumentId | null
  readonly finishedAt: Date | null
}
