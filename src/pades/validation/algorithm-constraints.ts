import { acceptableAt, type Certificate, certificateKey, knownSignature, type WeakAlgorithm } from '../../pki/index.ts'
import type { SignatureAlgorithms } from './cryptographic-verification.ts'
import { indeterminate, type Problem } from './problem.ts'
import type { ValidationContext } from './validation-context.ts'

/** Signature acceptance (EN 319 102-1 5.2.8): were the algorithms strong enough when the signature is proved to exist? */
export function checkAlgorithms(
  { digest, signature }: SignatureAlgorithms,
  certificate: Certificate,
  proven: Date,
  { policy }: ValidationContext,
): Problem[] {
  const use = { algorithm: signature, digest, key: certificateKey(certificate) }
  const strong = acceptableAt(policy.algorithms, use, proven)
  if (strong === true) return []
  // What was strong enough once may do with an earlier proof.
  const subIndication = strong.until ? 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' : 'CRYPTO_CONSTRAINTS_FAILURE'
  return [indeterminate(subIndication, 'cms.algorithm_expired', `The signature is too weak: ${strong.reason}.`)]
}

/**
 * The first signature in a chain that is too weak for the moment since which its certificate is proved to exist: who
 * can forge signatures today can write a certificate of yesterday.
 */
export function weakLink(
  path: readonly Certificate[],
  { policy, evidence, proofs }: ValidationContext,
): WeakAlgorithm | undefined {
  for (const [i, issuer] of path.slice(1).entries()) {
    const certificate = path[i]
    const algorithm = certificate && knownSignature(certificate.algorithm)
    if (!certificate || !algorithm) continue
    const proven = proofs.earliest(evidence.placesOf(certificate))
    const strong = acceptableAt(policy.algorithms, { algorithm, key: certificateKey(issuer) }, proven)
    if (strong !== true) return strong
  }
  return undefined
}
