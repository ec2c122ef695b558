import { type Bytes, concat } from '../std/bytes.ts'
import { TAG, tlv } from './der-writer.ts'
import { refuse } from './pki-error.ts'

/** BER, rewritten with definite and shortest lengths and with strings in one piece. */
export type Normalised = {
  readonly der: Bytes
  /** How many bytes of the input the value took. */
  readonly length: number
  /** True when the input had the same lengths and forms. */
  readonly wasDer: boolean
}

const MAX_DEPTH = 32
/** A container may hold a revocation list of some hundred thousand entries, with three values in each. */
const MAX_NODES = 1_000_000
const CONSTRUCTED = 0x20
const OCTETS_IN_PIECES = TAG.octetString | CONSTRUCTED
/** The strings that BER allows to stand in pieces, as they are tagged then (X.690 8.7, 8.23). */
const IN_PIECES: ReadonlySet<number> = new Set(
  [TAG.octetString, TAG.bitString, TAG.utf8String, TAG.printableString, TAG.ia5String].map((tag) => tag | CONSTRUCTED),
)

type Walk = { readonly bytes: Bytes; nodes: number; isDer: boolean }
type Header = { readonly tag: number; readonly start: number; readonly end: number | undefined }

/**
 * Reads one BER value at the start of `bytes`, for CMS made by others: many signers write indefinite lengths.
 * The order of SETs and the content of primitive values stay as they are. Throws `pki.der`.
 */
export function normaliseBer(bytes: Bytes): Normalised {
  const walk: Walk = { bytes, nodes: 0, isDer: true }
  const length = measure(walk, 0, bytes.length, 0)
  // Most containers are DER already, and none of their bytes is moved.
  const der = walk.isDer ? bytes.subarray(0, length) : rewrite(walk, 0, length).der
  return { der, length, wasDer: walk.isDer }
}

/** Goes through a value and gives its end: after this its form is known to be sound. */
function measure(walk: Walk, at: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH || ++walk.nodes > MAX_NODES) refuse('pki.der', 'the value is nested too deeply or too large')
  const { tag, start, end } = readHeader(walk, at, limit)
  if ((tag & CONSTRUCTED) === 0) return end ?? refuse('pki.der', 'a primitive value has no length')
  if (IN_PIECES.has(tag) || end === undefined) walk.isDer = false
  let next = start
  while (next !== end) {
    if (end === undefined && isEnd(walk.bytes, next)) return next + 2
    next = measure(walk, next, end ?? limit, depth + 1)
  }
  return next
}

/** The two zeros that end a value without a length. */
function isEnd(bytes: Bytes, at: number): boolean {
  return bytes[at] === 0 && bytes[at + 1] === 0
}

/** Writes a value that was measured. What is DER already inside of it is handed on as it is, however large. */
function rewrite(walk: Walk, at: number, limit: number): { readonly der: Bytes; readonly end: number } {
  const inside: Walk = { bytes: walk.bytes, nodes: 0, isDer: true }
  const whole = measure(inside, at, limit, 0)
  if (inside.isDer) return { der: walk.bytes.subarray(at, whole), end: whole }
  const { tag, start, end } = readHeader(walk, at, limit)
  if ((tag & CONSTRUCTED) === 0) return { der: tlv(tag, walk.bytes.subarray(start, end)), end: whole }
  const parts: Bytes[] = []
  for (let next = start; next !== end && !(end === undefined && isEnd(walk.bytes, next)); ) {
    const part = rewrite(walk, next, end ?? limit)
    parts.push(part.der)
    next = part.end
  }
  return { der: IN_PIECES.has(tag) ? joinString(tag, parts) : tlv(tag, ...parts), end: whole }
}

function readHeader(walk: Walk, at: number, limit: number): Header {
  const tag = walk.bytes[at]
  const first = walk.bytes[at + 1]
  if (tag === undefined || first === undefined || at + 2 > limit) refuse('pki.der', 'the value is cut off')
  if ((tag & 0x1f) === 0x1f) refuse('pki.der', 'tag numbers above 30 are not used')
  if (first === 0x80) return { tag, start: at + 2, end: undefined }
  const count = first < 0x80 ? 0 : first & 0x7f
  const length = count === 0 ? first : longLength(walk, at + 2, count)
  const start = at + 2 + count
  if (start + length > limit) refuse('pki.der', 'the value is cut off')
  return { tag, start, end: start + length }
}

function longLength(walk: Walk, at: number, count: number): number {
  if (count > 4) refuse('pki.der', 'the length is too long')
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + (walk.bytes[at + i] ?? 0)
  if (length < 0x80 || length < 256 ** (count - 1)) walk.isDer = false
  return length
}

/** A string in pieces becomes one; only octet strings occur in pieces in practice. */
function joinString(tag: number, parts: readonly Bytes[]): Bytes {
  if (tag !== OCTETS_IN_PIECES) refuse('pki.der', 'a string in pieces is not read here')
  const contents = parts.map((part) => {
    if (part[0] !== TAG.octetString) refuse('pki.der', 'a piece of an octet string has another type')
    const long = (part[1] ?? 0) >= 0x80 ? (part[1] ?? 0) & 0x7f : 0
    return part.subarray(2 + long)
  })
  return tlv(TAG.octetString, concat(...contents))
}
