import { asBuffer, type Bytes } from '../std/bytes.ts'
import { isHexDigit, isSpace } from './lexer.ts'
import { damaged, overLimit } from './pdf-error.ts'

/** Undoes ASCIIHexDecode (ISO 32000-2 7.4.2). Throws `pdf.damaged`, and `pdf.limit` before more than `maxBytes`. */
export function decodeHex(data: Bytes, maxBytes: number): Bytes {
  const text = withoutSpace(data)
  const length = text.length - 1
  if (text[length] !== 0x3e) damaged('ascii_hex', 'a hexadecimal stream has no end')
  if ((length + 1) >> 1 > maxBytes) overLimit('decoded_bytes', maxBytes)
  for (let at = 0; at < length; at++)
    if (!isHexDigit(text[at])) damaged('ascii_hex', 'a hexadecimal stream has other characters')
  // An odd last digit is followed by an implied zero; the end of the data makes room for it.
  text[length] = 0x30
  return Buffer.from(text.toString('latin1', 0, length + (length % 2)), 'hex')
}

/** `z` stands for four zeros. */
const ZEROS = 0x7a
const FIRST_DIGIT = 0x21
const LAST_DIGIT = 0x75

/** Undoes ASCII85Decode (ISO 32000-2 7.4.3). Throws `pdf.damaged`, and `pdf.limit` before more than `maxBytes`. */
export function decode85(data: Bytes, maxBytes: number): Bytes {
  const text = withoutSpace(data)
  const length = text.length - 2
  if (length < 0 || text[length] !== 0x7e || text[length + 1] !== 0x3e)
    damaged('ascii85', 'a base-85 stream has no end')
  const out = Buffer.allocUnsafe(decodedLength(text, length, maxBytes))
  let to = 0
  for (let at = 0; at < length; ) {
    const size = text[at] === ZEROS ? 1 : Math.min(5, length - at)
    const value = text[at] === ZEROS ? 0 : groupValue(text, at, size)
    for (let shift = 24; shift >= 0 && to < out.length; shift -= 8) out[to++] = value >>> shift
    at += size
  }
  return out
}

/** Bytes that the digits stand for: five for four bytes, and fewer at the end for one less than they are. */
function decodedLength(text: Bytes, length: number, maxBytes: number): number {
  let zeros = 0
  for (let at = 0; at < length; at++) if (text[at] === ZEROS) zeros++
  const digits = length - zeros
  const rest = digits % 5
  if (rest === 1) damaged('ascii85', 'a base-85 stream ends inside a byte')
  const bytes = 4 * zeros + 4 * Math.floor(digits / 5) + Math.max(0, rest - 1)
  if (bytes > maxBytes) overLimit('decoded_bytes', maxBytes)
  return bytes
}

/** The number that a group stands for; the digits that a last group lacks are the highest there are. */
function groupValue(text: Bytes, at: number, size: number): number {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const digit = i < size ? (text[at + i] ?? 0) : LAST_DIGIT
    if (digit < FIRST_DIGIT || digit > LAST_DIGIT) damaged('ascii85', 'a base-85 stream has other characters')
    value = value * 85 + digit - FIRST_DIGIT
  }
  if (value > 0xffffffff) damaged('ascii85', 'a group of a base-85 stream is out of range')
  return value
}

/** A copy without white space. */
function withoutSpace(data: Bytes): Buffer {
  const out = Buffer.from(asBuffer(data))
  let to = 0
  for (const byte of data) if (!isSpace(byte)) out[to++] = byte
  return out.subarray(0, to)
}
