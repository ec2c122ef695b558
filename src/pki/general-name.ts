import { asBuffer, type Bytes } from '../std/bytes.ts'
import { type Der, readDer } from './der-reader.ts'
import { context, contextPrimitive, ia5, tlv } from './der-writer.ts'
import { type Name, readName } from './name.ts'
import { refuse } from './pki-error.ts'

/** The forms whose names are text. */
type TextForm = 'rfc822Name' | 'dNSName' | 'uniformResourceIdentifier'
/** The forms that are carried but not looked into; `value` is the whole encoding. */
type OpaqueForm = 'otherName' | 'x400Address' | 'ediPartyName' | 'registeredID'

/** GeneralName (RFC 5280 4.2.1.6). */
export type GeneralName =
  | { readonly form: TextForm; readonly value: string }
  | { readonly form: 'directoryName'; readonly value: Name }
  /** 4 or 16 bytes; in a name constraint the mask follows the address. */
  | { readonly form: 'iPAddress'; readonly value: Bytes }
  | { readonly form: OpaqueForm; readonly value: Bytes }

const TAGS = {
  otherName: 0xa0,
  rfc822Name: 0x81,
  dNSName: 0x82,
  x400Address: 0xa3,
  directoryName: 0xa4,
  ediPartyName: 0xa5,
  uniformResourceIdentifier: 0x86,
  iPAddress: 0x87,
  registeredID: 0x88,
} as const satisfies Record<GeneralName['form'], number>

const forms: ReadonlyMap<number, GeneralName['form']> = new Map(
  Object.entries(TAGS).map(([form, tag]) => [tag, form as GeneralName['form']]),
)

/** Reads a GeneralName. Throws `pki.der`. */
export function readGeneralName(node: Der): GeneralName {
  const form = forms.get(node.tag)
  switch (form) {
    case 'rfc822Name':
    case 'dNSName':
    case 'uniformResourceIdentifier':
      return { form, value: asciiText(node.content) }
    case 'directoryName':
      return { form, value: readName(readDer(node.content)) }
    case 'iPAddress':
      return { form, value: node.content }
    case undefined:
      return refuse('pki.der', 'a GeneralName of an unknown form', { clause: 'RFC 5280 4.2.1.6' })
    default:
      return { form, value: node.raw }
  }
}

/** Encodes a GeneralName. Throws `pki.der` for a text that is not ASCII. */
export function encodeGeneralName(name: GeneralName): Bytes {
  switch (name.form) {
    case 'rfc822Name':
    case 'dNSName':
    case 'uniformResourceIdentifier':
      return tlv(TAGS[name.form], ia5(name.value))
    case 'directoryName':
      return context(4, name.value.raw)
    case 'iPAddress':
      return contextPrimitive(7, name.value)
    default:
      return name.value
  }
}

function asciiText(content: Bytes): string {
  if (content.some((byte) => byte > 0x7f)) refuse('pki.der', 'not an IA5String', { clause: 'RFC 5280 4.2.1.6' })
  return asBuffer(content).toString('latin1')
}
