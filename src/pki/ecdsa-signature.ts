import type { Bytes } from '../std/bytes.ts'
import { sequence, unsigned } from './der-writer.ts'
import { refuse } from './pki-error.ts'

/**
 * The DER form of an ECDSA signature (RFC 3279 2.2.3) that a key store gave as its two numbers side by side, as
 * PKCS #11 and WebCrypto do. Throws `pki.signature` when the two halves are not of one length.
 */
export function ecdsaSignatureFromRaw(raw: Bytes): Bytes {
  if (raw.length === 0 || raw.length % 2 === 1) refuse('pki.signature', 'the signature is not a pair of numbers')
  return sequence(unsigned(raw.subarray(0, raw.length / 2)), unsigned(raw.subarray(raw.length / 2)))
}
