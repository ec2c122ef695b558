import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { asBuffer, type Bytes } from '../std/bytes.ts'
import { absentOrNull, digestLengths, readAlgorithmIdentifier } from './algorithm-identifier.ts'
import { fieldsOf, readDer } from './der-reader.ts'
import { bitStringBytes } from './der-values.ts'
import { TAG } from './der-writer.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './signature-algorithm.ts'

const CURVE_BYTES: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 }
const ED25519_BYTES = 64
const MIN_RSA_BITS = 2048
const MAX_RSA_BITS = 8192

/**
 * The key of a SubjectPublicKeyInfo. Throws `pki.der`, or `pki.algorithm` for a key that is not to be trusted with a
 * signature: a curve other than P-256, P-384, P-521 and Ed25519, or RSA below 2048 bits.
 */
export function publicKeyOf(spki: Bytes): KeyObject {
  checkForm(spki)
  let key: KeyObject
  try {
    key = createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' })
  } catch (cause) {
    refuse('pki.algorithm', 'the public key cannot be read', { cause: String(cause instanceof Error && cause.name) })
  }
  if (!isStrong(key)) refuse('pki.algorithm', 'the public key is of an unknown kind or too weak')
  return key
}

/** First byte of a point in its whole or its compressed form (RFC 5480 2.2). */
const POINT_FORMS: ReadonlySet<unknown> = new Set([2, 3, 4])

/**
 * A curve is named, never spelled out: parameters of one's own choice let anybody meet a known public key. The point
 * at infinity, which OpenSSL reads without a word, is no key.
 */
function checkForm(spki: Bytes): void {
  const fields = fieldsOf(readDer(spki), 'SubjectPublicKeyInfo')
  const algorithm = readAlgorithmIdentifier(fields.take(TAG.sequence))
  const bits = bitStringBytes(fields.take(TAG.bitString))
  fields.end()
  const { oid, parameters } = algorithm
  if (oid === OID.ecPublicKey) {
    if (parameters?.[0] !== TAG.oid)
      refuse('pki.algorithm', 'the curve of the public key is not named', { clause: 'RFC 5480 2.1.1' })
    if (!POINT_FORMS.has(bits[0])) refuse('pki.algorithm', 'the public key is no point', { clause: 'RFC 5480 2.2' })
  }
  if (oid === OID.ed25519 && parameters) refuse('pki.algorithm', 'Ed25519 has parameters', { clause: 'RFC 8410 3' })
  if (oid === OID.rsaEncryption && !absentOrNull(algorithm))
    refuse('pki.algorithm', 'the RSA key has parameters', { clause: 'RFC 3279 2.3.1' })
}

function isStrong(key: KeyObject): boolean {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return true
    case 'ec':
      return namedCurve !== undefined && namedCurve in CURVE_BYTES
    case 'rsa':
    case 'rsa-pss':
      return modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS && isExponent(publicExponent)
    default:
      return false
  }
}

/** FIPS 186-5 5.1: odd, above 2^16 and below 2^256. */
function isExponent(value: bigint): boolean {
  return value % 2n === 1n && value > 2n ** 16n && value < 2n ** 256n
}

/** True when a key, private or public, may be used with the algorithm. */
export function keyFits(algorithm: SignatureAlgorithm, key: KeyObject): boolean {
  switch (signatureAlgorithms[algorithm].scheme) {
    case 'ecdsa':
      return key.asymmetricKeyType === 'ec'
    case 'ed25519':
      return key.asymmetricKeyType === 'ed25519'
    case 'rsa-pkcs1':
      return key.asymmetricKeyType === 'rsa'
    case 'rsa-pss':
      return key.asymmetricKeyType === 'rsa' || isOpenTo(algorithm, key)
  }
}

/** A key of the type id-RSASSA-PSS may name the only parameters it is to be used with (RFC 4055 1.2 and 3.1). */
function isOpenTo(algorithm: SignatureAlgorithm, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa-pss') return false
  const { digest } = signatureAlgorithms[algorithm]
  const { hashAlgorithm = digest, mgf1HashAlgorithm = digest, saltLength = 0 } = key.asymmetricKeyDetails ?? {}
  return hashAlgorithm === digest && mgf1HashAlgorithm === digest && saltLength <= digestLengths[digest]
}

/** The digest and the key with its padding, as `node:crypto` wants them. */
export function operationOf(algorithm: SignatureAlgorithm, key: KeyObject) {
  const { digest, scheme } = signatureAlgorithms[algorithm]
  if (scheme !== 'rsa-pss') return { hash: scheme === 'ed25519' ? null : digest, key }
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return { hash: digest, key: { key, padding, saltLength: digestLengths[digest] } }
}

/**
 * True when the key made this signature over the data. A key of another type than the algorithm's makes none, and
 * an ECDSA signature that is not DER, or an RSA-PSS signature with another salt, is none.
 */
export function verifySignature(algorithm: SignatureAlgorithm, key: KeyObject, data: Bytes, signature: Bytes): boolean {
  if (!keyFits(algorithm, key) || !isWhole(key, signature)) return false
  const operation = operationOf(algorithm, key)
  return verify(operation.hash, data, operation.key, signature)
}

/** RFC 8017 8.1.2 and 8.2.2: as long as the modulus. OpenSSL takes an RSA-PSS signature without its leading zeros. */
function isWhole(key: KeyObject, signature: Bytes): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength
  return bits === undefined || signature.length === Math.ceil(bits / 8)
}

/** The longest signature that this key can make, in bytes; ECDSA signatures vary by a few. */
export function maxSignatureLength(key: KeyObject): number {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ed25519') return ED25519_BYTES
  if (modulusLength !== undefined) return Math.ceil(modulusLength / 8)
  const bytes = CURVE_BYTES[namedCurve ?? ''] ?? refuse('pki.algorithm', 'the public key is of an unknown kind')
  // SEQUENCE of two INTEGERs that may each need a leading zero.
  const inside = 2 * (2 + 1 + bytes)
  return inside + (inside < 0x80 ? 2 : 3)
}
