import { type Der, expectTag } from '../der-reader.ts'
import { TAG, tlv } from '../der-writer.ts'
import { refuse } from '../pki-error.ts'

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

const names: ReadonlyMap<number, EntryReason> = new Map(
  Object.entries(numbers).map(([name, number]) => [number, name as EntryReason]),
)

/** CRLReason as an ENUMERATED. */
export function encodeReason(reason: EntryReason): Buffer {
  return tlv(TAG.enumerated, Buffer.of(numbers[reason]))
}

/** Throws `pki.der`, or `pki.status` for a number that stands for no reason. */
export function readReason(node: Der): EntryReason {
  const [number = 255, ...more] = expectTag(node, TAG.enumerated, 'CRLReason').content
  const reason = more.length === 0 ? names.get(number) : undefined
  return reason ?? refuse('pki.status', 'there is no such reason', { clause: 'RFC 5280 5.3.1' })
}
