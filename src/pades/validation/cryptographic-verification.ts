import {
  type Certificate,
  certificateKey,
  type DigestAlgorithm,
  keepsAlgorithms,
  knownDigest,
  knownSignature,
  messageDigestOf,
  OID,
  PkiError,
  type SignatureAlgorithm,
  verifySignature,
} from '../../pki/index.ts'
import { type Bytes, equalBytes } from '../../std/bytes.ts'
import type { ReadContainer } from './container-format.ts'
import { failed, indeterminate, type Problem } from './problem.ts'

/** The digest of the bytes that a signature covers. */
export type DigestOf = (algorithm: DigestAlgorithm) => Promise<Bytes>

/** The algorithms of a signature; absent when one of them is unknown or too weak ever to be relied upon. */
export type SignatureAlgorithms = { readonly digest: DigestAlgorithm; readonly signature: SignatureAlgorithm }

export function algorithmsOf({ signer }: ReadContainer): SignatureAlgorithms | undefined {
  const digest = knownDigest(signer.digestAlgorithm)
  const signature = digest && knownSignature(signer.signatureAlgorithm, digest)
  return signature && { digest, signature }
}

/** Cryptographic verification (EN 319 102-1 5.2.7), first half: the document is the one that was signed. */
export async function verifyDigest({ signer }: ReadContainer, digestOf: DigestOf): Promise<Problem[]> {
  const algorithm = knownDigest(signer.digestAlgorithm)
  if (algorithm === undefined)
    return [indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'cms.digest_algorithm', 'The digest is unknown or too weak.')]
  const { attributes } = signer.signed
  const stated = messageDigestOf(attributes)
  if (stated && equalBytes(stated, await digestOf(algorithm))) return []
  // An attribute that is there and cannot be read states no digest, and so another one than the document's.
  if (attributes.some(({ type, values }) => type === OID.messageDigest && values.length === 1))
    return [failed('HASH_FAILURE', 'cms.message_digest', 'The document is not the one that was signed.')]
  return [failed('FORMAT_FAILURE', 'cms.message_digest_missing', 'The attribute message-digest is missing.')]
}

/** Second half: the signature is by the key of the certificate. */
export function verifyValue(container: ReadContainer, certificate: Certificate): Problem[] {
  const algorithms = algorithmsOf(container)
  if (!algorithms) {
    const message = 'The signature algorithm is unknown or too weak.'
    return [indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'cms.signature_algorithm', message)]
  }
  const { signed, signature } = container.signer
  try {
    const key = certificateKey(certificate)
    if (verifySignature(algorithms.signature, key, signed.encoded, signature)) return []
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return [indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'cms.key', "The signer's key is unknown or too weak.")]
  }
  return [failed('SIG_CRYPTO_FAILURE', 'cms.signature', 'The signature does not verify with the certificate.')]
}

/** RFC 6211 3: where the attribute stands, it must repeat the algorithms of the signer. */
export function checkAlgorithmProtection({ signer }: ReadContainer): Problem[] {
  if (keepsAlgorithms(signer)) return []
  const message = 'The algorithms are not those that the signer protected.'
  return [indeterminate('SIG_CONSTRAINTS_FAILURE', 'cms.algorithm_protection', message)]
}
