import { decodePrepared, encodePrepared, finish, prepare, type Signer, sign } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import type { CmsSigner, SignatureAlgorithm } from '../../src/pki/index.ts'

/** Before the consent: everything but the key's answer, as bytes that a database can keep. */
export async function prepareSignature(pdf: Uint8Array, identity: CmsSigner): Promise<Uint8Array> {
  return encodePrepared(await prepare(bytesSource(pdf), { signer: identity, signedAt: new Date() }))
}

/** After it, perhaps in another process: a remote service or hardware module signs; its answer is verified. */
export async function completeSignature(
  pdf: Uint8Array,
  stored: Uint8Array,
  identity: CmsSigner,
  remote: (data: Uint8Array, algorithm: SignatureAlgorithm) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const signer: Signer = { identity, sign: remote }
  return Buffer.concat([pdf, finish(await sign(decodePrepared(stored), signer))])
}
