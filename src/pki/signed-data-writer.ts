import type { Bytes } from '../std/bytes.ts'
import { headerLength, oid, setOf, TAG, writeHeader } from './der-writer.ts'
import { OID } from './oids.ts'

const idSignedData = oid(OID.signedData)

/** The encoded parts of a ContentInfo with SignedData and one SignerInfo, in their order. */
export type SignedDataParts = {
  /** Version, digest algorithms, content and certificates. */
  readonly head: Bytes
  /** Version, signer's name and digest algorithm of the SignerInfo. */
  readonly signerHead: Bytes
  /** The signed attributes as the SET that the signature covers. */
  readonly attributes: Bytes
  readonly signatureAlgorithm: Bytes
  /** The signature alone. */
  readonly signature: Bytes
  readonly unsignedAttributes: readonly Bytes[]
}

/** Joins the parts. All lengths are known beforehand, so everything is written once into one piece of memory. */
export function writeSignedData(parts: SignedDataParts): Buffer {
  const { head, signerHead, attributes, signatureAlgorithm, signature } = parts
  const unsigned = parts.unsignedAttributes.length > 0 ? setOf(...parts.unsignedAttributes) : undefined
  const signer =
    signerHead.length +
    attributes.length +
    signatureAlgorithm.length +
    headerLength(signature.length) +
    signature.length +
    (unsigned?.length ?? 0)
  const signers = headerLength(signer) + signer
  const signedData = head.length + headerLength(signers) + signers
  const explicit = headerLength(signedData) + signedData
  const contentInfo = idSignedData.length + headerLength(explicit) + explicit
  const out = Buffer.allocUnsafe(headerLength(contentInfo) + contentInfo)

  let at = writeHeader(out, 0, TAG.sequence, contentInfo)
  at = put(out, at, idSignedData)
  at = writeHeader(out, at, 0xa0, explicit)
  at = writeHeader(out, at, TAG.sequence, signedData)
  at = put(out, at, head)
  at = writeHeader(out, at, TAG.set, signers)
  at = writeHeader(out, at, TAG.sequence, signer)
  at = put(out, at, signerHead)
  // RFC 5652 5.3: SET OF when it is signed, [0] where it stands; the unsigned ones are [1].
  at = putUnder(0xa0, out, at, attributes)
  at = put(out, at, signatureAlgorithm)
  at = writeHeader(out, at, TAG.octetString, signature.length)
  at = put(out, at, signature)
  if (unsigned) putUnder(0xa1, out, at, unsigned)
  return out
}

function put(out: Buffer, at: number, bytes: Bytes): number {
  out.set(bytes, at)
  return at + bytes.length
}

function putUnder(tag: number, out: Buffer, at: number, encoded: Bytes): number {
  const end = put(out, at, encoded)
  out[at] = tag
  return end
}
