import type { Branded } from '../../std/ids.ts'
import type { KeyId } from '../keys/key.ts'
import type { PersonId } from '../people/person.ts'

export type CertificateId = Branded<string, 'CertificateId'>

export type Certificate = {
  readonly id: CertificateId
  readonly personId: PersonId
  readonly keyId: KeyId
  readonly name: string
  readonly serial: Buffer
  /** DER; null while the authority has not signed yet. */
  readonly der: Buffer | null
  readonly status: 'pending' | 'active' | 'revoked'
  readonly notBefore: Date
  readonly notAfter: Date
}

/** Shown to people beside others of theirs. Never says "qualified": our own authority's are advanced. */
export const PERSON_CERTIFICATE_NAME = 'Personal Advanced Certificate'

/** The reasons that a holder can give (RFC 5280 §5.3.1); the others are an authority's to give. */
export const HOLDER_REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
] as const
export type HolderReason = (typeof HOLDER_REASONS)[number]

export type Standing = 'Pending' | 'Active' | 'Expired' | 'Revoked'

/** What a person may do with it at a moment. */
export function standing(certificate: Certificate, at: Date): Standing {
  if (certificate.status === 'revoked') return 'Revoked'
  if (certificate.status === 'pending') return 'Pending'
  return certificate.notBefore <= at && at < certificate.notAfter ? 'Active' : 'Expired'
}
