import type { Bytes } from '../std/bytes.ts'
import { latin1 } from './values.ts'

const BACKSLASH = 0x5c
const RETURN = 13
const LINE_FEED = 10

/** What the letter behind a backslash stands for (ISO 32000-2 table 3). */
const ESCAPES: Readonly<Record<number, number>> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12 }

/** The bytes of a literal or hexadecimal string, or undefined when the value is of another type. */
export function readString(value: Bytes): Buffer | undefined {
  if (value[0] === 0x28) return isPlain(value) ? Buffer.from(value.subarray(1, -1)) : new LiteralString(value).read()
  if (value[0] !== 0x3c || value[1] === 0x3c) return undefined
  const digits = latin1(value.subarray(1, -1)).replace(/[\0\t\n\f\r ]/g, '')
  // ISO 32000-2 7.3.4.3: an odd last digit is followed by an implied zero.
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex')
}

/** True for a string that says what is written: most do, and are copied in one piece. */
function isPlain(value: Bytes): boolean {
  return !value.includes(BACKSLASH) && !value.includes(RETURN)
}

/** A string between parentheses while it is read. */
class LiteralString {
  readonly #value: Bytes
  /** What the string says is never longer than how it is written. */
  readonly #out: Buffer
  #length = 0

  constructor(value: Bytes) {
    this.#value = value
    this.#out = Buffer.allocUnsafe(value.length)
  }

  read(): Buffer {
    const end = this.#value.length - 1
    for (let at = 1; at < end; at++) {
      const byte = this.#value[at] ?? 0
      if (byte === BACKSLASH) at = this.#escape(at + 1)
      else {
        // Any end of line inside a string is one line feed (7.3.4.2).
        if (byte === RETURN && this.#value[at + 1] === LINE_FEED) at++
        this.#push(byte === RETURN ? LINE_FEED : byte)
      }
    }
    return this.#out.subarray(0, this.#length)
  }

  #push(byte: number): void {
    this.#out[this.#length++] = byte
  }

  /** Reads what follows a backslash; returns the position of its last byte. */
  #escape(at: number): number {
    const byte = this.#value[at] ?? 0
    if (byte === RETURN && this.#value[at + 1] === LINE_FEED) return at + 1
    if (byte === RETURN || byte === LINE_FEED) return at
    if (byte >= 0x30 && byte <= 0x37) return this.#octal(at)
    this.#push(ESCAPES[byte] ?? byte)
    return at
  }

  /** One to three octal digits; what overflows a byte is ignored (ISO 32000-2 table 3). */
  #octal(at: number): number {
    let code = 0
    let end = at
    for (; end < at + 3; end++) {
      const digit = (this.#value[end] ?? 0) - 0x30
      if (digit < 0 || digit > 7) break
      code = code * 8 + digit
    }
    this.#push(code & 0xff)
    return end - 1
  }
}
