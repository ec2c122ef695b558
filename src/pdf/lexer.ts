import type { Bytes } from '../std/bytes.ts'
import { defaultLimits } from './limits.ts'
import { damaged, overLimit } from './pdf-error.ts'

/** `details.what` of the error when the bytes end inside a value: more bytes may help. */
export const CUT_OFF = 'cut_off'

const REGULAR = 0
const SPACE = 1
const DELIMITER = 2

/** The class of each byte (ISO 32000-2 7.2.3). */
const classes = new Uint8Array(256)
for (const code of [0, 9, 10, 12, 13, 32]) classes[code] = SPACE
for (const character of '()<>[]{}/%') classes[character.charCodeAt(0)] = DELIMITER

export function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && classes[byte] === SPACE
}

function isRegular(byte: number | undefined): boolean {
  return byte !== undefined && classes[byte] === REGULAR
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function cutOff(): never {
  damaged(CUT_OFF, 'the bytes end inside a value')
}

/** The position after white space and comments. */
export function skipSpace(bytes: Bytes, start: number): number {
  let at = start
  for (;;) {
    while (isSpace(bytes[at])) at++
    if (bytes[at] !== 0x25) return at
    while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++
  }
}

/**
 * The position after the value that starts at `start`; a reference `n g R` is one value. Values are only measured
 * here: they stay slices of the file until somebody asks what they say. Throws `pdf.damaged` and `pdf.limit`.
 */
export function skipValue(bytes: Bytes, start: number, depth = 0): number {
  if (depth > defaultLimits.depth) overLimit('depth', defaultLimits.depth)
  switch (bytes[start]) {
    case undefined:
      return cutOff()
    case 0x2f: // /
      return skipRegular(bytes, start + 1)
    case 0x28: // (
      return skipLiteral(bytes, start)
    case 0x3c: // <
      return bytes[start + 1] === 0x3c ? skipDict(bytes, start, depth) : skipHex(bytes, start)
    case 0x5b: // [
      return skipArray(bytes, start, depth)
    default:
      return isDigit(bytes[start]) ? skipNumberOrReference(bytes, start) : skipWord(bytes, start)
  }
}

function skipRegular(bytes: Bytes, start: number): number {
  let at = start
  while (isRegular(bytes[at])) at++
  return at
}

/** true, false, null or a number; any other word is not a value. */
function skipWord(bytes: Bytes, start: number): number {
  const end = skipRegular(bytes, start)
  if (end === start) damaged('token', 'a delimiter stands where a value must be')
  if (isNumber(bytes, start, end) || isKeyword(bytes, start, end)) return end
  if (end === bytes.length) cutOff()
  return damaged('token', 'an unknown word stands where a value must be')
}

const KEYWORDS = ['true', 'false', 'null']

function isKeyword(bytes: Bytes, start: number, end: number): boolean {
  return KEYWORDS.some((word) => end - start === word.length && matches(bytes, start, word))
}

/** True when the ASCII text stands at this place. */
export function matches(bytes: Bytes, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}

/** An integer or real number (ISO 32000-2 7.3.3): a sign, digits, at most one point. */
function isNumber(bytes: Bytes, start: number, end: number): boolean {
  let digits = 0
  let points = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (isDigit(byte)) digits++
    else if (byte === 0x2e) points++
    else if (!((byte === 0x2b || byte === 0x2d) && at === start)) return false
  }
  return digits > 0 && points <= 1
}

function skipNumberOrReference(bytes: Bytes, start: number): number {
  const end = skipRegular(bytes, start)
  if (!isNumber(bytes, start, end)) damaged('token', 'a number is malformed')
  const second = skipSpace(bytes, end)
  if (second === end || !isDigit(bytes[second])) return end
  const secondEnd = skipDigits(bytes, second)
  const letter = skipSpace(bytes, secondEnd)
  if (letter === secondEnd || bytes[letter] !== 0x52 || isRegular(bytes[letter + 1])) return end
  return letter + 1
}

export function skipDigits(bytes: Bytes, start: number): number {
  let at = start
  while (isDigit(bytes[at])) at++
  return at
}

function skipLiteral(bytes: Bytes, start: number): number {
  let open = 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === 0x5c) at++
    else if (byte === 0x28) open++
    else if (byte === 0x29 && --open === 0) return at + 1
  }
  return cutOff()
}

/** What may stand in a hexadecimal string: signatures are long ones, and each is measured several times. */
const inHex = new Uint8Array(256)
for (let code = 0; code < 256; code++) inHex[code] = isHexDigit(code) || isSpace(code) ? 1 : 0

export function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
}

function skipHex(bytes: Bytes, start: number): number {
  let at = start + 1
  const { length } = bytes
  while (at < length && inHex[bytes[at] ?? 0] === 1) at++
  if (at >= length) cutOff()
  if (bytes[at] !== 0x3e) damaged('token', 'a hexadecimal string has other characters')
  return at + 1
}

function skipArray(bytes: Bytes, start: number, depth: number): number {
  let at = skipSpace(bytes, start + 1)
  while (bytes[at] !== 0x5d) at = skipSpace(bytes, skipValue(bytes, at, depth + 1))
  return at + 1
}

/** Told of each entry of a dictionary: where its key and its value start and end. */
export type EntryVisitor = (key: number, keyEnd: number, value: number, end: number) => void

/** The position after the dictionary that starts at `start`. Throws `pdf.damaged` and `pdf.limit`. */
export function skipDict(bytes: Bytes, start: number, depth: number, visit?: EntryVisitor): number {
  let at = skipSpace(bytes, start + 2)
  while (bytes[at] !== 0x3e) {
    if (at >= bytes.length) cutOff()
    if (bytes[at] !== 0x2f) damaged('dictionary', 'a key of a dictionary is not a name')
    const keyEnd = skipRegular(bytes, at + 1)
    const value = skipSpace(bytes, keyEnd)
    const end = skipValue(bytes, value, depth + 1)
    visit?.(at, keyEnd, value, end)
    at = skipSpace(bytes, end)
  }
  if (at + 1 >= bytes.length) cutOff()
  if (bytes[at + 1] !== 0x3e) damaged('dictionary', 'a dictionary is not closed')
  return at + 2
}
