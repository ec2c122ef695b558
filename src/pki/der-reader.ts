import { asBuffer, type Bytes } from '../std/bytes.ts'
import { TAG } from './der-writer.ts'
import { refuse } from './pki-error.ts'

/** One value as it stands in memory: nothing is copied. */
export type Der = {
  /** The first byte: class, form and number. */
  readonly tag: number
  readonly content: Bytes
  /** Tag, length and content. */
  readonly raw: Bytes
}

const MAX_LENGTH_BYTES = 4
/** Nothing that is read here as a whole has so many parts; a stranger's bytes may, to fill the memory. */
const MAX_CHILDREN = 100_000

/** Reads exactly one value. Throws `pki.der` when the bytes are not DER or when some are left over. */
export function readDer(bytes: Bytes): Der {
  const node = readDerAt(bytes, 0)
  if (node.raw.length !== bytes.length) refuse('pki.der', 'bytes follow the value')
  return node
}

/** Reads the value that starts at `offset`; what follows it is not looked at. Throws `pki.der`. */
function readDerAt(bytes: Bytes, offset: number): Der {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined) refuse('pki.der', 'the value is cut off')
  // No structure that is read here has a tag number above 30, so the long form is a disguise.
  if ((tag & 0x1f) === 0x1f) refuse('pki.der', 'tag numbers above 30 are not used')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const length = lengthBytes === 0 && first < 0x80 ? first : longLength(bytes, offset + 2, lengthBytes)
  const start = offset + 2 + lengthBytes
  if (start + length > bytes.length) refuse('pki.der', 'the value is cut off')
  return { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(offset, start + length) }
}

function longLength(bytes: Bytes, at: number, count: number): number {
  if (count === 0) refuse('pki.der', 'an indefinite length is not DER')
  if (count > MAX_LENGTH_BYTES) refuse('pki.der', 'the length is too long')
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + i] ?? 0)
  // X.690 10.1: the shortest form there is.
  if (length < 0x80 || length < 256 ** (count - 1)) refuse('pki.der', 'the length is not in its shortest form')
  return length
}

/** The values inside a constructed one. Throws `pki.der` for a primitive one, and for more of them than are in use. */
export function children(node: Der): Der[] {
  if ((node.tag & 0x20) === 0) refuse('pki.der', 'a primitive value has nothing inside')
  const out: Der[] = []
  for (let at = 0; at < node.content.length; ) {
    const child = readDerAt(node.content, at)
    if (out.push(child) > MAX_CHILDREN) refuse('pki.der', 'the value has too many parts')
    at += child.raw.length
  }
  return out
}

/** Walks through the fields of a SEQUENCE in their order; `what` names the structure in errors. */
export class Fields {
  readonly #nodes: readonly Der[]
  readonly #what: string
  #next = 0

  constructor(node: Der, what: string) {
    if ((node.tag & 0x20) === 0) refuse('pki.der', `${what} is not constructed`)
    this.#nodes = children(node)
    this.#what = what
  }

  /** The next field, which must be there and, when `tag` is given, carry it. */
  take(tag?: number): Der {
    const node = this.#nodes[this.#next]
    if (node === undefined) refuse('pki.der', `${this.#what} lacks a field`)
    if (tag !== undefined && node.tag !== tag) refuse('pki.der', `${this.#what} has a field of another type`)
    this.#next++
    return node
  }

  /** The next field when it carries `tag`. */
  maybe(tag: number): Der | undefined {
    return this.#nodes[this.#next]?.tag === tag ? this.take(tag) : undefined
  }

  /** True while there are fields left. */
  get more(): boolean {
    return this.#next < this.#nodes.length
  }

  /** Throws `pki.der` when fields are left over. */
  end(): void {
    if (this.more) refuse('pki.der', `${this.#what} has a field too many`)
  }
}

/** Opens a SEQUENCE. Throws `pki.der` for any other type. */
export function fieldsOf(node: Der, what: string): Fields {
  if (node.tag !== TAG.sequence) refuse('pki.der', `${what} is not a SEQUENCE`)
  return new Fields(node, what)
}

/** Throws `pki.der` when the value is not of the type `tag`. */
export function expectTag(node: Der, tag: number, what: string): Der {
  if (node.tag !== tag) refuse('pki.der', `${what} has another type`)
  return node
}

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

/** The dotted form of an OBJECT IDENTIFIER. */
export function oidText(node: Der): string {
  return oidContentText(expectTag(node, TAG.oid, 'an OBJECT IDENTIFIER').content)
}

/** 128 bits, as the widest arc in use has: a UUID under 2.25 (X.667). */
const MAX_ARC_BYTES = 19
/** So many groups of seven bits fit a double. */
const SAFE_ARC_BYTES = 7

/** The dotted form of the content bytes of an OBJECT IDENTIFIER. */
function oidContentText(content: Bytes): string {
  let text = ''
  let start = 0
  let arc = 0
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] ?? 0
    arc = arc * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    const whole = checkedArc(content.subarray(start, at + 1), arc)
    text += start === 0 ? firstArcs(whole) : `.${whole}`
    start = at + 1
    arc = 0
  }
  return start > 0 && start === content.length ? text : refuse('pki.der', 'an OBJECT IDENTIFIER is cut off')
}

/** `value` is what the bytes make as long as a double holds it. */
function checkedArc(bytes: Bytes, value: number): number | bigint {
  if (bytes[0] === 0x80) refuse('pki.der', 'an OBJECT IDENTIFIER is not in its shortest form')
  if (bytes.length <= SAFE_ARC_BYTES) return value
  if (bytes.length > MAX_ARC_BYTES) refuse('pki.der', 'an OBJECT IDENTIFIER is out of range')
  return bytes.reduce((arc, byte) => arc * 128n + BigInt(byte & 0x7f), 0n)
}

/** The first two arcs share one number (X.690 8.19.4). */
function firstArcs(head: number | bigint): string {
  if (typeof head === 'bigint') return refuse('pki.der', 'an OBJECT IDENTIFIER is out of range')
  const first = Math.min(2, Math.floor(head / 40))
  return `${first}.${head - first * 40}`
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
