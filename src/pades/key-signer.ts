import { createPublicKey, type KeyObject } from 'node:crypto'
import { type CmsSigner, signBytes } from '../pki/index.ts'
import { refuse } from './pades-error.ts'
import type { Signer } from './sign.ts'

/** Signers whose key was proved to be the certificate's. */
const proved = new WeakSet<Signer>()

/**
 * A signer with a key in this process. That the key is the certificate's is proved here, once, so that its answers
 * need not be verified one by one: the library that computes them is the one that would verify them. Throws
 * `pades.wrong_signature` for another key.
 */
export function keySigner(identity: CmsSigner, key: KeyObject): Signer {
  if (!createPublicKey(key).equals(identity.publicKey))
    refuse('pades.wrong_signature', "the key is not the one in the signer's certificate")
  const signer = Object.freeze({
    identity,
    sign: (data: Uint8Array, algorithm: CmsSigner['algorithm']) => signBytes(algorithm, key, data),
  })
  proved.add(signer)
  return signer
}

/** True for what {@link keySigner} made. Anything else that answers for a key is checked answer by answer. */
export function isProved(signer: Signer): boolean {
  return proved.has(signer)
}
