import { asBuffer, type Bytes } from '../std/bytes.ts'
import { type Der, expectTag } from './der-reader.ts'
import { TAG } from './der-writer.ts'
import { refuse } from './pki-error.ts'

/** The content bytes of an INTEGER, in their shortest form (X.690 8.3.2). */
export function integerBytes(node: Der): Bytes {
  const { content } = expectTag(node, TAG.integer, 'an INTEGER')
  const [first, second] = content
  if (first === undefined) refuse('pki.der', 'an INTEGER is empty')
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    refuse('pki.der', 'an INTEGER is not in its shortest form')
  return content
}

/** A non-negative INTEGER of at most 6 bytes. */
export function smallInteger(node: Der): number {
  const bytes = integerBytes(node)
  if (bytes.length > 6 || (bytes[0] ?? 0) >= 0x80) refuse('pki.der', 'an INTEGER is out of range')
  return asBuffer(bytes).readUIntBE(0, bytes.length)
}

/** BOOLEAN: DER knows 00 and FF alone (X.690 11.1). */
export function booleanValue(node: Der): boolean {
  const { content } = expectTag(node, TAG.boolean, 'a BOOLEAN')
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) refuse('pki.der', 'a BOOLEAN is not DER')
  return content[0] === 0xff
}

/** The bytes of a BIT STRING that consists of whole bytes. */
export function bitStringBytes(node: Der): Bytes {
  const { content } = expectTag(node, TAG.bitString, 'a BIT STRING')
  if (content[0] !== 0) refuse('pki.der', 'a BIT STRING does not end at a byte')
  return content.subarray(1)
}

/** The numbers of the set bits of a named bit list (X.690 11.2). */
export function namedBitNumbers(node: Der): number[] {
  const { content } = expectTag(node, TAG.bitString, 'a BIT STRING')
  const unused = content[0]
  const last = content[content.length - 1] ?? 0
  if (unused === undefined || unused > 7) refuse('pki.der', 'a BIT STRING is cut off')
  if (content.length === 1 ? unused !== 0 : (last & ((1 << (unused + 1)) - 1)) !== 1 << unused)
    refuse('pki.der', 'a named bit list has trailing zero bits')
  const bits: number[] = []
  for (let bit = 0; bit < (content.length - 1) * 8; bit++) {
    if ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) bits.push(bit)
  }
  return bits
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a DirectoryString, PrintableString, IA5String or TeletexString (read as Latin-1). */
export function textValue(node: Der): string {
  switch (node.tag) {
    case TAG.utf8String:
      return utf8Text(node.content)
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.teletexString:
      return asBuffer(node.content).toString('latin1')
    case TAG.bmpString:
      if (node.content.length % 2 === 1) refuse('pki.der', 'a BMPString is cut off')
      return Buffer.from(node.content).swap16().toString('utf16le')
    default:
      return refuse('pki.der', 'not a text')
  }
}

function utf8Text(bytes: Bytes): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return refuse('pki.der', 'a UTF8String is not UTF-8')
  }
}
