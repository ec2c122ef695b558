import {
  areAttributesOf,
  assembleSignedData,
  type CmsSigner,
  type SignatureAlgorithm,
  timestampAttribute,
  verifySignature,
} from '../pki/index.ts'
import { type Bytes, equalBytes } from '../std/bytes.ts'
import type { Timestamper } from './evidence/timestamper.ts'
import { fillHole, requireRoom } from './hollow-revision.ts'
import { isProved } from './key-signer.ts'
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
  const { tail, hole, toBeSigned, algorithm, certificate } = prepared
  requireSameSigner(prepared, identity)
  if (!areAttributesOf(identity, prepared.digest, toBeSigned)) refuseSigner()
  const signature = await signer.sign(toBeSigned, algorithm)
  if (!isProved(signer) && !verifySignature(algorithm, identity.publicKey, toBeSigned, signature))
    refuse('pades.wrong_signature', "the signer's answer does not verify with its certificate")
  const container = assembleSignedData(identity, toBeSigned, signature)
  requireRoom(hole, container)
  return { tail, hole, toBeSigned, algorithm, certificate, signature, container }
}

function requireSameSigner(
  { algorithm, certificate }: Pick<Prepared, 'algorithm' | 'certificate'>,
  of: CmsSigner,
): void {
  if (of.algorithm !== algorithm || !equalBytes(of.certificate.der, certificate)) refuseSigner()
}

function refuseSigner(): never {
  return refuse('pades.signer_changed', 'the signature was prepared for another signer')
}

/**
 * Between the second and the third stage, for B-T and above: has the signature time-stamped. Throws
 * `pades.signer_changed`, `pki.timestamp_unavailable` when no authority gives a token, and `pades.container_too_large`
 * when its token outgrew what was measured: the signature can then be finished without one, and extended.
 */
export async function stamp(signed: Signed, identity: CmsSigner, timestamper: Timestamper): Promise<Signed> {
  requireSameSigner(signed, identity)
  return withTimestamp(signed, identity, await timestamper.stamp(signed.signature))
}

/** The signature with a time-stamp token over it, which is taken for checked. Throws as {@link stamp} does. */
export function withTimestamp(signed: Signed, identity: CmsSigner, token: Bytes): Signed {
  requireSameSigner(signed, identity)
  const { signature, toBeSigned, hole } = signed
  const container = assembleSignedData(identity, toBeSigned, signature, [timestampAttribute(token)])
  requireRoom(hole, container)
  return { ...signed, container }
}

/**
 * Third stage: the bytes to be appended to the document, nothing else. Throws `pades.container_too_large`.
 */
export function finish(signed: Signed): Bytes {
  return fillHole(signed, signed.container)
}
