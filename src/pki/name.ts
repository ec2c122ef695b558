import { asBuffer, type Bytes } from '../std/bytes.ts'
import { children, type Der, expectTag, fieldsOf } from './der-reader.ts'
import { textValue } from './der-values.ts'
import { ia5String, oid, printableString, sequence, setOf, TAG, utf8String } from './der-writer.ts'
import { oidText } from './object-identifier.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'

export type NameAttribute = {
  /** Dotted object identifier of the attribute type. */
  readonly type: string
  readonly value: string
}

/** An attribute as it was read. `value` is `#` with the encoding in hex where it is no text (RFC 4514 2.4). */
export type ReadAttribute = NameAttribute & {
  readonly isText: boolean
  /** The encoded value. */
  readonly raw: Bytes
}

/** A distinguished name (RFC 5280 4.1.2.4). Names are compared by `sameName`. */
export type Name = {
  /** The encoding as it stood. */
  readonly raw: Bytes
  /** Relative names in their order; more than one attribute in a relative name is rare. */
  readonly relativeNames: readonly (readonly ReadAttribute[])[]
}

const IA5_TYPES: ReadonlySet<string> = new Set([OID.emailAddress, OID.domainComponent])
const PRINTABLE_TYPES: ReadonlySet<string> = new Set([OID.countryName, OID.serialNumber])
const TEXT_TAGS: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.printableString,
  TAG.teletexString,
  TAG.ia5String,
  TAG.bmpString,
])

/** Encodes a name with one attribute in each relative name. Throws `pki.der` for a value its type cannot hold. */
export function buildName(attributes: readonly NameAttribute[]): Buffer {
  return sequence(...attributes.map(({ type, value }) => setOf(sequence(oid(type), attributeValue(type, value)))))
}

function attributeValue(type: string, value: string): Buffer {
  if (PRINTABLE_TYPES.has(type)) return printableString(value)
  return IA5_TYPES.has(type) ? ia5String(value) : utf8String(value)
}

/** Reads a Name. Throws `pki.der`. */
export function readName(node: Der): Name {
  const relativeNames = children(expectTag(node, TAG.sequence, 'Name')).map(readRelativeName)
  return { raw: node.raw, relativeNames }
}

function readRelativeName(node: Der): ReadAttribute[] {
  const attributes = children(expectTag(node, TAG.set, 'RelativeDistinguishedName')).map(readAttribute)
  if (attributes.length === 0) refuse('pki.der', 'a RelativeDistinguishedName is empty', { clause: 'RFC 5280 4.1.2.4' })
  return attributes
}

function readAttribute(node: Der): ReadAttribute {
  const fields = fieldsOf(node, 'AttributeTypeAndValue')
  const type = oidText(fields.take(TAG.oid))
  const encoded = fields.take()
  fields.end()
  const isText = TEXT_TAGS.has(encoded.tag)
  const value = isText ? textValue(encoded) : `#${asBuffer(encoded.raw).toString('hex')}`
  return { type, value, isText, raw: encoded.raw }
}

/** The values of all attributes of one type, in their order. */
export function valuesOf(name: Name, type: string): string[] {
  return name.relativeNames.flat().flatMap((attribute) => (attribute.type === type ? [attribute.value] : []))
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  [OID.commonName]: 'CN',
  [OID.surname]: 'SN',
  [OID.givenName]: 'GN',
  [OID.serialNumber]: 'serialNumber',
  [OID.countryName]: 'C',
  [OID.localityName]: 'L',
  [OID.stateOrProvinceName]: 'ST',
  [OID.streetAddress]: 'STREET',
  [OID.organizationName]: 'O',
  [OID.organizationalUnitName]: 'OU',
  [OID.title]: 'title',
  [OID.pseudonym]: 'pseudonym',
  [OID.organizationIdentifier]: 'organizationIdentifier',
  [OID.domainComponent]: 'DC',
  [OID.userId]: 'UID',
}

/** The text form of RFC 4514, last relative name first. */
export function nameText(name: Name): string {
  return name.relativeNames
    .toReversed()
    .map((relative) => relative.map(attributeText).join('+'))
    .join(',')
}

function attributeText({ type, value, isText }: ReadAttribute): string {
  return `${SHORT_NAMES[type] ?? type}=${isText ? escapeValue(value) : value}`
}

/** RFC 4514 2.4. */
function escapeValue(value: string): string {
  return value
    .replace(/[\\"+,;<>]/g, '\\$&')
    .replaceAll('\0', '\\00')
    .replace(/^[# ]/, '\\$&')
    .replace(/ $/, '\\ ')
}
