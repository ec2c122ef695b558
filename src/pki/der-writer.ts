import type { Bytes } from '../std/bytes.ts'
import { refuse } from './pki-error.ts'

/** Universal tags as they stand in the first byte (X.690 8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** Bytes of tag and length before so many bytes of content. */
export function headerLength(length: number): number {
  return length < 0x80 ? 2 : 2 + Math.ceil((32 - Math.clz32(length)) / 8)
}

/** Writes tag and length, in as few bytes as possible; gives the offset after them. */
export function writeHeader(out: Buffer, at: number, tag: number, length: number): number {
  const size = headerLength(length)
  out[at] = tag
  if (size === 2) out[at + 1] = length
  else {
    out[at + 1] = 0x80 | (size - 2)
    out.writeUIntBE(length, at + 2, size - 2)
  }
  return at + size
}

/** One value: tag, definite length in as few bytes as possible, content. */
export function tlv(tag: number, ...content: readonly Bytes[]): Buffer {
  let length = 0
  for (const part of content) length += part.length
  const out = Buffer.allocUnsafe(headerLength(length) + length)
  let at = writeHeader(out, 0, tag, length)
  for (const part of content) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export function sequence(...parts: readonly Bytes[]): Buffer {
  return tlv(TAG.sequence, ...parts)
}

/** SET OF with its elements in ascending order of their encodings (X.690 11.6). */
export function setOf(...elements: readonly Bytes[]): Buffer {
  return tlv(TAG.set, ...elements.toSorted((a, b) => Buffer.compare(a, b)))
}

/** `[number] EXPLICIT`, or `[number] IMPLICIT` of something constructed. */
export function context(number: number, ...content: readonly Bytes[]): Buffer {
  return tlv(0xa0 | number, ...content)
}

/** `[number] IMPLICIT` of something primitive. */
export function contextPrimitive(number: number, content: Bytes): Buffer {
  return tlv(0x80 | number, content)
}

/** The same value under another tag. Only for lengths and content already encoded. */
export function retag(tag: number, encoded: Bytes): Buffer {
  const out = Buffer.from(encoded)
  out[0] = tag
  return out
}

export function octetString(content: Bytes): Buffer {
  return tlv(TAG.octetString, content)
}

export function boolean(value: boolean): Buffer {
  return Buffer.from([TAG.boolean, 1, value ? 0xff : 0])
}

export const NULL: Bytes = Buffer.from([TAG.null, 0])

/** A non-negative integer that is held as a number or as big-endian bytes. */
export function unsigned(value: number | Bytes): Buffer {
  const bytes = typeof value === 'number' ? numberBytes(value) : value
  if (bytes.length === 0) throw new RangeError('a number has at least one byte')
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const magnitude = bytes.subarray(start)
  // A leading one bit would mean a negative number (X.690 8.3).
  return (magnitude[0] ?? 0) & 0x80 ? tlv(TAG.integer, Buffer.of(0), magnitude) : tlv(TAG.integer, magnitude)
}

function numberBytes(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('an unsigned integer is needed')
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

/** An object identifier from its dotted form. An arc may be wider than a double: 2.25 takes a UUID (X.667). */
export function oid(dotted: string): Buffer {
  if (!/^[012](\.\d{1,40})+$/.test(dotted)) throw new RangeError('not an object identifier')
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt)
  return tlv(TAG.oid, Buffer.from([first * 40n + second, ...rest].flatMap(base128)))
}

function base128(arc: bigint): number[] {
  const digits = [Number(arc % 128n)]
  for (let rest = arc / 128n; rest > 0n; rest /= 128n) digits.unshift(Number(rest % 128n) | 0x80)
  return digits
}

/** A bit string of whole bytes. */
export function bitString(content: Bytes): Buffer {
  return tlv(TAG.bitString, Buffer.of(0), content)
}

/** A named bit list: bit `n` of the list is set when `bits` holds `n`; trailing zero bits are cut (X.690 11.2.2). */
export function namedBits(bits: readonly number[]): Buffer {
  if (bits.length === 0) return tlv(TAG.bitString, Buffer.of(0))
  const highest = Math.max(...bits)
  const content = Buffer.alloc(Math.floor(highest / 8) + 1)
  for (const bit of bits) content[bit >> 3] = (content[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return tlv(TAG.bitString, Buffer.of(7 - (highest & 7)), content)
}

export function utf8String(text: string): Buffer {
  return tlv(TAG.utf8String, Buffer.from(text, 'utf8'))
}

/** Throws `pki.der` for a character outside the set of X.680 41.4. */
export function printableString(text: string): Buffer {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) refuse('pki.der', 'not a PrintableString')
  return tlv(TAG.printableString, Buffer.from(text, 'latin1'))
}

/** Throws `pki.der` for anything but ASCII. */
export function ia5String(text: string): Buffer {
  return tlv(TAG.ia5String, ia5(text))
}

/** The bytes of an ASCII text, for tags that are IMPLICIT. */
export function ia5(text: string): Buffer {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) refuse('pki.der', 'not an IA5String')
  return Buffer.from(text, 'latin1')
}
