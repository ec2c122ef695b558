import type { Bytes } from '../std/bytes.ts'
import { readTbsCertificate } from './certificate.ts'
import { bitString, sequence } from './der-writer.ts'
import type { LintedTbs } from './lint-certificate.ts'
import { refuse } from './pki-error.ts'
import { knownSignature } from './signature-algorithm.ts'
import { publicKeyOf, verifySignature } from './verify.ts'

/**
 * Joins the linted bytes and the authority's signature over them.
 *
 * The signature is verified first, so that a wrong answer of a key store never becomes a certificate: throws
 * `pki.signature`, or `pki.algorithm` when the algorithm or the issuer's key is not to be used.
 */
export function assembleCertificate(tbs: LintedTbs, signature: Bytes, issuerSpki: Bytes): Bytes {
  const { algorithm } = readTbsCertificate(tbs)
  const known = knownSignature(algorithm) ?? refuse('pki.algorithm', 'the signature algorithm is unknown')
  if (!verifySignature(known, publicKeyOf(issuerSpki), tbs, signature))
    refuse('pki.signature', "the signature is not the issuer's")
  return sequence(tbs, algorithm.raw, bitString(signature))
}
