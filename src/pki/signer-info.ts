import type { Bytes } from '../std/bytes.ts'
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts'
import { children, type Der, type Fields, fieldsOf } from './der-reader.ts'
import { integerBytes, smallInteger } from './der-values.ts'
import { retag, TAG } from './der-writer.ts'
import { oidText } from './object-identifier.ts'
import { refuse } from './pki-error.ts'

/** One attribute with its values, encoded (RFC 5652 5.3). */
export type Attribute = { readonly type: string; readonly values: readonly Bytes[] }

/** SignerInfo (RFC 5652 5.3), read without judging it. */
export type SignerInfo = {
  readonly version: number
  /** How the signer's certificate is named: by issuer and serial number, or by its key identifier. */
  readonly sid: { readonly issuer: Bytes; readonly serial: Bytes } | { readonly keyIdentifier: Bytes }
  readonly digestAlgorithm: AlgorithmIdentifier
  /** `encoded` is the SET that the signature covers. */
  readonly signed?: { readonly encoded: Bytes; readonly attributes: readonly Attribute[] }
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Bytes
  readonly unsigned: readonly Attribute[]
}

const KEY_IDENTIFIER_TAG = 0x80
const SIGNED_TAG = 0xa0
const UNSIGNED_TAG = 0xa1

/** Throws `pki.der` or `pki.cms`. */
export function readSignerInfo(node: Der): SignerInfo {
  const fields = fieldsOf(node, 'SignerInfo')
  const version = smallInteger(fields.take(TAG.integer))
  const sid = readSid(fields)
  const digestAlgorithm = readAlgorithmIdentifier(fields.take(TAG.sequence))
  const signed = fields.maybe(SIGNED_TAG)
  const signatureAlgorithm = readAlgorithmIdentifier(fields.take(TAG.sequence))
  const signature = fields.take(TAG.octetString).content
  const unsigned = fields.maybe(UNSIGNED_TAG)
  fields.end()
  const read = {
    version,
    sid,
    digestAlgorithm,
    signatureAlgorithm,
    signature,
    unsigned: unsigned ? readAttributes(unsigned) : [],
  }
  // RFC 5652 5.4: signed under the tag of SET OF, not under its own.
  return signed
    ? { ...read, signed: { encoded: retag(TAG.set, signed.raw), attributes: readAttributes(signed) } }
    : read
}

function readSid(fields: Fields): SignerInfo['sid'] {
  const key = fields.maybe(KEY_IDENTIFIER_TAG)
  if (key) return { keyIdentifier: key.content }
  const inner = fieldsOf(fields.take(TAG.sequence), 'IssuerAndSerialNumber')
  const sid = { issuer: inner.take(TAG.sequence).raw, serial: integerBytes(inner.take(TAG.integer)) }
  inner.end()
  return sid
}

/** Throws `pki.cms` for one type twice: each attribute here may stand once (RFC 5652 5.3). */
function readAttributes(node: Der): Attribute[] {
  const attributes = children(node).map((child) => {
    const fields = fieldsOf(child, 'Attribute')
    const type = oidText(fields.take(TAG.oid))
    const values = children(fields.take(TAG.set)).map((value) => value.raw)
    fields.end()
    return { type, values }
  })
  if (node.tag === SIGNED_TAG && new Set(attributes.map(({ type }) => type)).size !== attributes.length)
    refuse('pki.cms', 'a signed attribute stands twice', { clause: 'RFC 5652 5.3' })
  return attributes
}
