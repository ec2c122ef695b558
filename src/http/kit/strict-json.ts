import { isUtf8 } from 'node:buffer'
import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { CodedError } from '../../std/error.ts'

/** Why a document is refused. Each is safe to show: none repeats what was sent. */
export type JsonFault =
  | 'is empty'
  | 'is not UTF-8'
  | 'starts with a byte order mark'
  | 'is not JSON'
  | 'ends too early'
  | 'has something after its end'
  | 'has the same member twice'
  | 'has a member of a forbidden name'
  | 'is nested too deeply'
  | 'has a string with half a surrogate pair'
  | 'has the character U+0000'
  | 'has a number that cannot be kept exactly'

/** A body that is not JSON as RFC 8259 and RFC 7493 (I-JSON) want it. */
export class JsonRefused extends CodedError<'json.refused'> {
  readonly fault: JsonFault

  constructor(fault: JsonFault, at: number) {
    super('json.refused', `The document ${fault}.`, { fault, at })
    this.fault = fault
  }
}

/** How deep arrays and objects may stand in each other. */
export const MAX_DEPTH = 64

/**
 * Reads one JSON document in a single pass.
 *
 * Two readers must never see two meanings in one body, so what `JSON.parse` lets pass is refused: doubled members
 * (the last would win), halves of surrogate pairs, numbers that a double cannot keep (RFC 7493 §2.1 to §2.3),
 * the names that reach an object's prototype, and the character that ends a text for whoever reads it next.
 *
 * @throws {JsonRefused}
 */
export function parseStrictJson(bytes: Bytes): unknown {
  const buffer = asBuffer(bytes)
  if (buffer.length === 0) throw new JsonRefused('is empty', 0)
  if (!isUtf8(buffer)) throw new JsonRefused('is not UTF-8', 0)
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) {
    throw new JsonRefused('starts with a byte order mark', 0)
  }
  const reader: Reader = { text: buffer.toString('utf8'), at: 0 }
  skipBlanks(reader)
  const value = readValue(reader, 0)
  if (reader.at < reader.text.length) throw new JsonRefused('has something after its end', reader.at)
  return value
}

/** `at` is the index of the next character; every `read…` leaves it behind the blanks that follow. */
type Reader = { readonly text: string; at: number }

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 §7 asks for exactly these to be escaped.
const PLAIN = /[^"\\\u0000-\u001f]*/y
const ESCAPED = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])

function readValue(reader: Reader, depth: number): unknown {
  switch (reader.text.charCodeAt(reader.at)) {
    case QUOTE:
      return readString(reader)
    case OPEN_OBJECT:
      return readObject(reader, depth + 1)
    case OPEN_LIST:
      return readList(reader, depth + 1)
    default:
      return readWordOrNumber(reader)
  }
}

function readObject(reader: Reader, depth: number): Record<string, unknown> {
  enter(reader, depth)
  const object: Record<string, unknown> = {}
  if (take(reader, CLOSE_OBJECT)) return object
  do {
    const start = reader.at
    const name = readName(reader, object)
    const value = readValue(reader, depth)
    if (name === 'constructor' && reachesPrototype(value)) {
      throw new JsonRefused('has a member of a forbidden name', start)
    }
    object[name] = value
  } while (take(reader, COMMA))
  if (!take(reader, CLOSE_OBJECT)) throw unexpected(reader)
  return object
}

function readName(reader: Reader, object: Readonly<Record<string, unknown>>): string {
  if (reader.text.charCodeAt(reader.at) !== QUOTE) throw unexpected(reader)
  const start = reader.at
  const name = readString(reader)
  if (name === '__proto__') throw new JsonRefused('has a member of a forbidden name', start)
  if (Object.hasOwn(object, name)) throw new JsonRefused('has the same member twice', start)
  if (!take(reader, COLON)) throw unexpected(reader)
  return name
}

function readList(reader: Reader, depth: number): unknown[] {
  enter(reader, depth)
  const list: unknown[] = []
  if (take(reader, CLOSE_LIST)) return list
  do list.push(readValue(reader, depth))
  while (take(reader, COMMA))
  if (!take(reader, CLOSE_LIST)) throw unexpected(reader)
  return list
}

function enter(reader: Reader, depth: number): void {
  if (depth > MAX_DEPTH) throw new JsonRefused('is nested too deeply', reader.at)
  reader.at += 1
  skipBlanks(reader)
}

function readString(reader: Reader): string {
  const start = reader.at
  let hasEscapes = false
  reader.at += 1
  for (;;) {
    skip(reader, PLAIN)
    const stop = reader.text.charCodeAt(reader.at)
    if (stop === QUOTE) break
    if (stop !== BACKSLASH || !skip(reader, ESCAPED)) throw unexpected(reader)
    hasEscapes = true
  }
  reader.at += 1
  const end = reader.at
  skipBlanks(reader)
  if (!hasEscapes) return reader.text.slice(start + 1, end - 1)
  // The escapes were checked above, so this only translates them.
  const value: unknown = JSON.parse(reader.text.slice(start, end))
  if (typeof value !== 'string') throw unexpected(reader)
  if (!value.isWellFormed()) throw new JsonRefused('has a string with half a surrogate pair', start)
  if (value.includes('\0')) throw new JsonRefused('has the character U+0000', start)
  return value
}

function readWordOrNumber(reader: Reader): unknown {
  const start = reader.at
  if (skip(reader, NUMBER)) {
    const value = Number(reader.text.slice(start, reader.at))
    const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    if (!isExact) throw new JsonRefused('has a number that cannot be kept exactly', start)
    skipBlanks(reader)
    return value
  }
  for (const [word, value] of WORDS) {
    if (!reader.text.startsWith(word, start)) continue
    reader.at += word.length
    skipBlanks(reader)
    return value
  }
  throw unexpected(reader)
}

/** Steps over what the sticky pattern matches here. True when that was at least one character. */
function skip(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at
  if (!pattern.test(reader.text)) return false
  const moved = pattern.lastIndex > reader.at
  reader.at = pattern.lastIndex
  return moved
}

function take(reader: Reader, character: number): boolean {
  if (reader.text.charCodeAt(reader.at) !== character) return false
  reader.at += 1
  skipBlanks(reader)
  return true
}

/** RFC 8259 §2: space, tab, line feed and carriage return, and nothing else that Unicode calls a blank. */
function skipBlanks(reader: Reader): void {
  for (;;) {
    const character = reader.text.charCodeAt(reader.at)
    if (character !== 0x20 && character !== 0x0a && character !== 0x0d && character !== 0x09) return
    reader.at += 1
  }
}

function reachesPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
}

function unexpected(reader: Reader): JsonRefused {
  return new JsonRefused(reader.at >= reader.text.length ? 'ends too early' : 'is not JSON', reader.at)
}
