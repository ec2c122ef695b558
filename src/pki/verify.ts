import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { asBuffer, type Bytes } from '../std/bytes.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './algorithm-identifier.ts'
import { refuse } from './pki-error.ts'

const CURVE_BYTES: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 }
const MIN_RSA_BITS = 2048
const MAX_RSA_BITS = 8192

/**
 * The key of a SubjectPublicKeyInfo. Throws `pki.algorithm` for a key that is not to be trusted with a signature:
 * a curve other than P-256, P-384 and P-521, or RSA below 2048 bits.
 */
export function publicKeyOf(spki: Bytes): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' })
  } catch (cause) {
    refuse('pki.algorithm', 'the public key cannot be read', { cause: String(cause instanceof Error && cause.name) })
  }
  if (!isStrong(key)) refuse('pki.algorithm', 'the public key is of an unknown kind or too weak')
  return key
}

function isStrong(key: KeyObject): boolean {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec') return namedCurve !== undefined && namedCurve in CURVE_BYTES
  if (key.asymmetricKeyType !== 'rsa') return false
  // FIPS 186-5 5.1: odd, above 2^16.
  return modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS && publicExponent > 65536n
}

/** True when the key made this signature over the data. A key of another type than the algorithm's makes none. */
export function verifySignature(algorithm: SignatureAlgorithm, key: KeyObject, data: Bytes, signature: Bytes): boolean {
  const { digest, keyType } = signatureAlgorithms[algorithm]
  if (key.asymmetricKeyType !== keyType) return false
  return verify(digest, data, key, signature)
}

/** The longest signature that this key can make, in bytes; ECDSA signatures vary by a few. */
export function maxSignatureLength(key: KeyObject): number {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {}
  if (modulusLength !== undefined) return Math.ceil(modulusLength / 8)
  const bytes = CURVE_BYTES[namedCurve ?? ''] ?? refuse('pki.algorithm', 'the public key is of an unknown kind')
  // SEQUENCE of two INTEGERs that may each need a leading zero.
  const inside = 2 * (2 + 1 + bytes)
  return inside + (inside < 0x80 ? 2 : 3)
}
