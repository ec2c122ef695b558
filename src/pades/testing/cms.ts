import { createHash } from 'node:crypto'
import {
  context,
  OID,
  octetString,
  oid,
  readCertificate,
  sequence,
  setOf,
  TAG,
  tlv,
  unsigned,
} from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'

/** What a test may change in an otherwise right container. */
export type CmsVariant = {
  readonly contentType?: string
  readonly messageDigest?: Bytes
  readonly signingCertificate?: Bytes
  readonly attributes?: (right: Bytes[]) => Bytes[]
  readonly noAttributes?: boolean
  readonly digestOid?: string
  readonly signatureOid?: string
  readonly content?: Bytes
  readonly signerCount?: number
  readonly noCertificates?: boolean
  readonly certificates?: readonly Bytes[]
  readonly after?: Bytes
}

export function attribute(type: string, value: Bytes): Bytes {
  return sequence(oid(type), tlv(TAG.set, value))
}

/** Builds a container by hand, so that each part can be wrong while the rest, and the signature, is right. */
export function buildCms(
  certificate: Bytes,
  digest: Bytes,
  signBytes: (data: Bytes) => Bytes,
  variant: CmsVariant = {},
): Bytes {
  const { issuer, serial } = readCertificate(certificate)
  const attributes = setOf(...attributesOf(certificate, digest, variant))
  const signature = variant.noAttributes ? signBytes(digest) : signBytes(attributes)
  const digestAlgorithm = sequence(oid(variant.digestOid ?? OID.sha256))
  const signedField = Buffer.from(attributes)
  signedField[0] = 0xa0
  const signerInfo = sequence(
    unsigned(1),
    sequence(issuer.raw, tlv(TAG.integer, serial)),
    digestAlgorithm,
    ...(variant.noAttributes ? [] : [signedField]),
    sequence(oid(variant.signatureOid ?? OID.ecdsaWithSha256)),
    octetString(signature),
  )
  const content = variant.content ? [context(0, octetString(variant.content))] : []
  const signedData = sequence(
    unsigned(1),
    tlv(TAG.set, digestAlgorithm),
    sequence(oid(variant.contentType ?? OID.data), ...content),
    ...(variant.noCertificates ? [] : [context(0, ...(variant.certificates ?? [certificate]))]),
    tlv(TAG.set, ...Array.from({ length: variant.signerCount ?? 1 }, () => signerInfo)),
  )
  return Buffer.concat([sequence(oid(OID.signedData), context(0, signedData)), variant.after ?? new Uint8Array()])
}

function attributesOf(certificate: Bytes, digest: Bytes, variant: CmsVariant): Bytes[] {
  const named = createHash('sha256')
    .update(variant.signingCertificate ?? certificate)
    .digest()
  const right = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octetString(variant.messageDigest ?? digest)),
    attribute(OID.signingCertificateV2, sequence(sequence(sequence(octetString(named))))),
  ]
  return variant.attributes?.(right) ?? right
}

/** The same container with indefinite lengths around its three outer layers, as many signers write it. */
export function asBer(der: Bytes): Bytes {
  const strip = (bytes: Bytes) => {
    const first = bytes[1] ?? 0
    return bytes.subarray(2 + (first < 0x80 ? 0 : first & 0x7f))
  }
  const inside = strip(der)
  const type = oid(OID.signedData)
  const explicit = inside.subarray(type.length)
  const end = Buffer.alloc(2)
  const wrap = (tag: number, content: Bytes) => Buffer.concat([Buffer.of(tag, 0x80), content, end])
  return wrap(0x30, Buffer.concat([type, wrap(0xa0, wrap(0x30, strip(strip(explicit))))]))
}
