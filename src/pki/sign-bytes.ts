import { type KeyObject, sign } from 'node:crypto'
import type { Bytes } from '../std/bytes.ts'
import { refuse } from './pki-error.ts'
import type { SignatureAlgorithm } from './signature-algorithm.ts'
import { keyFits, operationOf } from './verify.ts'

/** Signs the bytes themselves; ECDSA signatures are in the DER form. Throws `pki.algorithm` when the key does not fit. */
export function signBytes(algorithm: SignatureAlgorithm, key: KeyObject, data: Bytes): Bytes {
  requireFit(algorithm, key)
  const operation = operationOf(algorithm, key)
  return sign(operation.hash, data, operation.key)
}

/**
 * Like {@link signBytes}, on a thread of libuv's pool: the event loop goes on while a slow key, of RSA above all,
 * computes. Rejects with `pki.algorithm` when the key does not fit.
 */
export async function signBytesOffThread(algorithm: SignatureAlgorithm, key: KeyObject, data: Bytes): Promise<Bytes> {
  requireFit(algorithm, key)
  const operation = operationOf(algorithm, key)
  return await new Promise((resolve, reject) => {
    sign(operation.hash, data, operation.key, (error, signature) => {
      if (error) reject(error)
      else resolve(signature)
    })
  })
}

function requireFit(algorithm: SignatureAlgorithm, key: KeyObject): void {
  if (!keyFits(algorithm, key)) refuse('pki.algorithm', `the key does not fit the algorithm ${algorithm}`)
}
