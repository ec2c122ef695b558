import { enumeration } from './enumeration.ts'

/** CRLReason (RFC 5280 5.3.1), by number; 7 is not used. */
const numbers = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const

/** Any reason that may stand in an entry. `removeFromCRL` takes an entry back, and only a delta list may say it. */
export type EntryReason = keyof typeof numbers

/** Why a certificate is revoked. A hold may end; all others are for ever. */
export type RevocationReason = Exclude<EntryReason, 'removeFromCRL'>

/** CRLReason as an ENUMERATED. */
export const revocationReason = enumeration(numbers, { what: 'CRLReason', clause: 'RFC 5280 5.3.1' })
