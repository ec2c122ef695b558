import type { Bytes } from '../../std/bytes.ts'
import { skipSpace, skipValue } from '../lexer.ts'
import { readString } from '../string-value.ts'
import { readName, writeHex } from '../values.ts'

/** The place of a string in a value. */
type Place = { readonly start: number; readonly end: number }

/** A dictionary or array that is open. */
type Frame = {
  readonly isDict: boolean
  /** The key whose value comes next; undefined where a key must stand. */
  key?: string | undefined
  hasByteRange?: boolean
  /** Which of the strings is its /Contents. */
  contents?: number
}

/**
 * The value with `change` applied to each of its strings, which are then written in hexadecimal; the same slice when
 * it has none. /Contents beside a /ByteRange stays as it is: a signature is never encrypted (ISO 32000-2 7.6.2).
 * Throws `pdf.damaged`.
 */
export function mapStrings(value: Bytes, change: (text: Bytes) => Bytes): Bytes {
  const parts: Bytes[] = []
  let done = 0
  for (const { start, end } of new StringScan(value).run()) {
    const text = readString(value.subarray(start, end)) ?? Buffer.alloc(0)
    parts.push(value.subarray(done, start), Buffer.from(writeHex(change(text)), 'latin1'))
    done = end
  }
  if (parts.length === 0) return value
  parts.push(value.subarray(done))
  // Not as arguments: an array can have a million strings.
  return Buffer.concat(parts)
}

/** Finds the strings of a value in one pass, whatever is nested in what. */
class StringScan {
  readonly #value: Bytes
  readonly #places: (Place | undefined)[] = []
  readonly #open: Frame[] = []
  #at: number

  constructor(value: Bytes) {
    this.#value = value
    this.#at = skipSpace(value, 0)
  }

  /** The strings, without those that stay as they are. */
  run(): Place[] {
    do {
      this.#step()
      this.#at = skipSpace(this.#value, this.#at)
    } while (this.#open.length > 0)
    return this.#places.filter((place) => place !== undefined)
  }

  #step(): void {
    const [byte, next] = [this.#value[this.#at], this.#value[this.#at + 1]]
    const isDict = byte === 0x3c && next === 0x3c
    const frame = this.#open.at(-1)
    if (isDict || byte === 0x5b) this.#enter({ isDict })
    else if (frame && (byte === 0x3e || byte === 0x5d)) this.#leave(frame)
    else this.#scalar(frame)
  }

  #enter(frame: Frame): void {
    this.#open.push(frame)
    this.#at += frame.isDict ? 2 : 1
  }

  #leave({ isDict, hasByteRange, contents }: Frame): void {
    if (hasByteRange && contents !== undefined) this.#places[contents] = undefined
    this.#open.pop()
    this.#at += isDict ? 2 : 1
    this.#valueEnded()
  }

  /** A key, or a value that holds no other. */
  #scalar(frame: Frame | undefined): void {
    const start = this.#at
    const end = skipValue(this.#value, start)
    this.#at = end
    if (frame?.isDict && frame.key === undefined) {
      frame.key = readName(this.#value.subarray(start, end)) ?? ''
      if (frame.key === 'ByteRange') frame.hasByteRange = true
      return
    }
    const byte = this.#value[start]
    if (byte === 0x28 || byte === 0x3c) {
      if (frame?.key === 'Contents') frame.contents = this.#places.length
      this.#places.push({ start, end })
    }
    this.#valueEnded()
  }

  #valueEnded(): void {
    const frame = this.#open.at(-1)
    if (frame) frame.key = undefined
  }
}
