import type { Bytes } from '../std/bytes.ts'
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

/** A length in `count` bytes at `at`. Throws `pki.der` for none, too many, and more of them than are needed. */
export function longLength(bytes: Bytes, at: number, count: number): number {
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
