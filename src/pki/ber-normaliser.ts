import { type Bytes, concat } from '../std/bytes.ts'
import { tlv } from './der-writer.ts'
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
const MAX_NODES = 20_000
const STRING_TAGS = new Set([0x24, 0x23, 0x2c, 0x33, 0x34, 0x36])

type Walk = { readonly bytes: Bytes; nodes: number; changed: boolean }
type Header = { readonly tag: number; readonly start: number; readonly end: number | undefined }
type Value = { readonly der: Bytes; readonly end: number }

/**
 * Reads one BER value at the start of `bytes`, for CMS made by others: many signers write indefinite lengths.
 * The order of SETs and the content of primitive values stay as they are. Throws `pki.der`.
 */
export function normaliseBer(bytes: Bytes): Normalised {
  const walk: Walk = { bytes, nodes: 0, changed: false }
  const { der, end } = readValue(walk, 0, bytes.length, 0)
  return { der: walk.changed ? der : bytes.subarray(0, end), length: end, wasDer: !walk.changed }
}

function readValue(walk: Walk, at: number, limit: number, depth: number): Value {
  if (depth > MAX_DEPTH || ++walk.nodes > MAX_NODES) refuse('pki.der', 'the value is nested too deeply or too large')
  const { tag, start, end } = readHeader(walk, at, limit)
  if ((tag & 0x20) === 0) {
    if (end === undefined) refuse('pki.der', 'a primitive value has no length')
    return { der: tlv(tag, walk.bytes.subarray(start, end)), end }
  }
  const inside = readInside(walk, start, end, limit, depth)
  if (end === undefined) walk.changed = true
  return {
    der: STRING_TAGS.has(tag) ? joinString(walk, tag, inside.parts) : tlv(tag, ...inside.parts),
    end: inside.end,
  }
}

function readInside(walk: Walk, start: number, end: number | undefined, limit: number, depth: number) {
  const parts: Bytes[] = []
  let at = start
  for (;;) {
    if (end !== undefined && at === end) return { parts, end: at }
    if (end === undefined && walk.bytes[at] === 0 && walk.bytes[at + 1] === 0) return { parts, end: at + 2 }
    const child = readValue(walk, at, end ?? limit, depth + 1)
    parts.push(child.der)
    at = child.end
  }
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
  if (length < 0x80 || length < 256 ** (count - 1)) walk.changed = true
  return length
}

/** A string in pieces becomes one; only octet strings occur in pieces in practice. */
function joinString(walk: Walk, tag: number, parts: readonly Bytes[]): Bytes {
  if (tag !== 0x24) refuse('pki.der', 'a string in pieces is not read here')
  walk.changed = true
  const contents = parts.map((part) => {
    if (part[0] !== 0x04) refuse('pki.der', 'a piece of an octet string has another type')
    const long = (part[1] ?? 0) >= 0x80 ? (part[1] ?? 0) & 0x7f : 0
    return part.subarray(2 + long)
  })
  return tlv(0x04, concat(...contents))
}
