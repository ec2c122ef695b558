import { asBuffer, type Bytes } from '../std/bytes.ts'
import { isDigit, matches, skipDigits, skipSpace, skipValue } from './lexer.ts'
import { defaultLimits } from './limits.ts'
import { damaged, overLimit } from './pdf-error.ts'

/** An indirect reference `number generation R`. */
export type Ref = { readonly number: number; readonly generation: number }

/** A dictionary whose values are still slices of the file; keys are decoded. */
export type Dict = ReadonlyMap<string, Bytes>

export const NULL: Bytes = Buffer.from('null')

/** The text of a slice, byte for byte. */
export function latin1(bytes: Bytes): string {
  return asBuffer(bytes).toString('latin1')
}

/** The names that were decoded last, each at the place that its bytes lead to: most stand in every object. */
const decodedNames: string[] = new Array(1024).fill('')
const MAX_KEPT_NAME = 32

/** Decodes a name that starts at `start`, with its `#xx` (ISO 32000-2 7.3.5). */
export function nameAt(bytes: Bytes, start: number, end: number): string {
  let place = 0
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === 0x23) return escapedName(asBuffer(bytes).toString('latin1', start + 1, end))
    place = (place * 31 + (bytes[at] ?? 0)) & 1023
  }
  const kept = decodedNames[place]
  if (kept?.length === end - start - 1 && matches(bytes, start + 1, kept)) return kept
  const name = asBuffer(bytes).toString('latin1', start + 1, end)
  if (name.length <= MAX_KEPT_NAME) decodedNames[place] = name
  return name
}

function escapedName(raw: string): string {
  if (/#(?![0-9A-Fa-f]{2})|#00/.test(raw)) damaged('name', 'a name has a malformed escape')
  return raw.replace(/#(..)/g, (_whole: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The name without its slash, or undefined when the value is of another type. */
export function readName(value: Bytes): string | undefined {
  return value[0] === 0x2f ? nameAt(value, 0, value.length) : undefined
}

/** Writes a name with its slash. */
export function writeName(name: string): string {
  const escaped = (character: string) => `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  return `/${name.replace(/[^!-~]|[#()<>[\]{}/%]/g, escaped)}`
}

/**
 * Splits a dictionary into its values, or undefined when the value is of another type. One key twice means two
 * readers may see two documents, so it throws `pdf.damaged`.
 */
export function readDict(value: Bytes): Map<string, Bytes> | undefined {
  if (value[0] !== 0x3c || value[1] !== 0x3c) return undefined
  const entries = new Map<string, Bytes>()
  let at = skipSpace(value, 2)
  while (value[at] === 0x2f) {
    const keyEnd = skipValue(value, at)
    const key = nameAt(value, at, keyEnd)
    const start = skipSpace(value, keyEnd)
    const end = skipValue(value, start, 1)
    if (entries.has(key)) damaged('duplicate_key', 'a dictionary has one key twice', { key: key.slice(0, 40) })
    entries.set(key, value.subarray(start, end))
    at = skipSpace(value, end)
  }
  if (value[at] !== 0x3e || value[at + 1] !== 0x3e) damaged('dictionary', 'a key of a dictionary is not a name')
  return entries
}

/** Splits an array into its values, or undefined when the value is of another type. Throws `pdf.limit`. */
export function readArray(value: Bytes): Bytes[] | undefined {
  if (value[0] !== 0x5b) return undefined
  const items: Bytes[] = []
  let at = skipSpace(value, 1)
  while (value[at] !== 0x5d) {
    const end = skipValue(value, at, 1)
    if (items.length >= defaultLimits.items) overLimit('items', defaultLimits.items)
    items.push(value.subarray(at, end))
    at = skipSpace(value, end)
  }
  return items
}

/** The reference that the value is, or undefined. */
export function readRef(value: Bytes): Ref | undefined {
  if (value[value.length - 1] !== 0x52 || !isDigit(value[0])) return undefined
  const numberEnd = skipDigits(value, 0)
  const start = skipSpace(value, numberEnd)
  const end = skipDigits(value, start)
  if (end === start) return undefined
  return { number: digitsAt(value, 0, numberEnd), generation: digitsAt(value, start, end) }
}

/** The number that some digits say; imprecise beyond 2^53, where no limit lets it pass. */
export function digitsAt(bytes: Bytes, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) number = number * 10 + (bytes[at] ?? 0) - 0x30
  return number
}

/** The integer that the value is, or undefined; also when it is beyond what a number can hold exactly. */
export function readInteger(value: Bytes): number | undefined {
  if (value.length > 20) return undefined
  const text = latin1(value)
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : undefined
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined
}

/** The number that the value is, or undefined. */
export function readNumber(value: Bytes): number | undefined {
  if (value.length > 40) return undefined
  const text = latin1(value)
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined
}

export function isNull(value: Bytes): boolean {
  return value.length === 4 && value[0] === 0x6e && latin1(value) === 'null'
}

export function writeRef({ number, generation }: Ref): string {
  return `${number} ${generation} R`
}

/** Writes a dictionary; values are put as they are. */
export function writeDict(entries: Dict): Buffer {
  let length = 4
  for (const [key, value] of entries) length += writtenKey(key).length + value.length + 1
  const out = Buffer.allocUnsafe(length)
  let at = out.write('<<', 'latin1')
  for (const [key, value] of entries) {
    const name = writtenKey(key)
    out.set(name, at)
    out.set(value, at + name.length)
    at += name.length + value.length
    out[at++] = NEWLINE
  }
  out.write('>>', at, 'latin1')
  return out
}

export function writeArray(items: readonly Bytes[]): Buffer {
  const out = Buffer.allocUnsafe(items.reduce((sum, item) => sum + item.length + 1, 2))
  let at = out.write('[', 'latin1')
  for (const item of items) {
    out.set(item, at)
    at += item.length
    out[at++] = NEWLINE
  }
  out.write(']', at, 'latin1')
  return out
}

/** Written keys of dictionaries: those of the format are a few hundred, and come again with every object. */
const writtenKeys = new Map<string, Buffer>()
const MAX_WRITTEN_KEYS = 500

function writtenKey(key: string): Buffer {
  const known = writtenKeys.get(key)
  if (known) return known
  const written = Buffer.from(`${writeName(key)} `, 'latin1')
  if (writtenKeys.size < MAX_WRITTEN_KEYS && key.length < 32) writtenKeys.set(key, written)
  return written
}

const NEWLINE = 0x0a

/** A hexadecimal string. */
export function writeHex(bytes: Bytes): string {
  return `<${asBuffer(bytes).toString('hex')}>`
}
