import type { Bytes } from '../../std/bytes.ts'
import type { AlgorithmIdentifier } from '../algorithm-identifier.ts'
import type { Certificate } from '../certificate.ts'
import { certificateKey } from '../certificate-key.ts'
import { PkiError } from '../pki-error.ts'
import { type SignatureAlgorithm, signatureAlgorithmOf } from '../signature-algorithm.ts'
import { verifySignature } from '../verify.ts'
import { type StatusKind, type UnusableStatus, unusable } from './status-finding.ts'

export type SignedBytes = {
  readonly algorithm: AlgorithmIdentifier
  readonly tbs: Bytes
  readonly signature: Bytes
}

/** The algorithm of a signature that is the signer's, or why it is not one to rely on. */
export function checkEvidenceSignature(
  kind: StatusKind,
  { algorithm, tbs, signature }: SignedBytes,
  signer: Certificate,
): SignatureAlgorithm | UnusableStatus {
  try {
    const name = signatureAlgorithmOf(algorithm)
    return verifySignature(name, certificateKey(signer), tbs, signature) ? name : unusable(kind, 'bad_signature')
  } catch (error) {
    // An algorithm, its parameters or a key that are not used here.
    if (error instanceof PkiError) return unusable(kind, 'weak_algorithm', error.message)
    throw error
  }
}
