import {
  areAttributesOf,
  assembleSignedData,
  type CmsSigner,
  type SignatureAlgorithm,
  verifySignature,
} from '../pki/index.ts'
import { asBuffer, type Bytes, equalBytes } from '../std/bytes.ts'
import { refuse } from './pades-error.ts'
import type { Prepared, Signed } from './prepared.ts'

/** Somebody who holds a key: software, a hardware module, a remote service. */
export type Signer = {
  readonly identity: CmsSigner
  /** Signs the bytes themselves, not their digest; ECDSA signatures are in the DER form. */
  sign(data: Bytes, algorithm: SignatureAlgorithm): Promise<Bytes> | Bytes
}

/**
 * Second stage: has the key sign, and wraps the answer.
 *
 * The answer is verified with the certificate's key, so that a wrong one is never delivered. Throws `PadesError`:
 * `pades.signer_changed` before the key is used, `pades.wrong_signature` and `pades.container_too_large` after.
 */
export async function sign(prepared: Prepared, signer: Signer): Promise<Signed> {
  const { identity } = signer
  const isSame =
    identity.algorithm === prepared.algorithm &&
    equalBytes(identity.certificate.der, prepared.certificate) &&
    areAttributesOf(identity, prepared.digest, prepared.toBeSigned)
  if (!isSame) refuse('pades.signer_changed', 'the signature was prepared for another signer')
  const signature = await signer.sign(prepared.toBeSigned, prepared.algorithm)
  if (!verifySignature(prepared.algorithm, identity.publicKey, prepared.toBeSigned, signature))
    refuse('pades.wrong_signature', "the signer's answer does not verify with its certificate")
  const container = assembleSignedData(identity, prepared.toBeSigned, signature)
  if (container.length > prepared.hole.bytes)
    refuse('pades.container_too_large', 'the container does not fit', {
      bytes: container.length,
      room: prepared.hole.bytes,
    })
  return { tail: prepared.tail, hole: prepared.hole, container }
}

/**
 * Third stage: the bytes to be appended to the document, nothing else. What of the hole the container leaves stays
 * zero (ISO 32000-2 12.8.1). Throws `pades.container_too_large`.
 */
export function finish({ tail, hole, container }: Signed): Bytes {
  if (container.length > hole.bytes) refuse('pades.container_too_large', 'the container does not fit')
  const out = Buffer.from(tail)
  out.write(asBuffer(container).toString('hex'), hole.start, 'latin1')
  return out
}
