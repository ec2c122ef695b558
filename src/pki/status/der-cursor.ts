import type { Bytes } from '../../std/bytes.ts'
import { longLength } from '../der-reader.ts'
import { TAG } from '../der-writer.ts'
import { refuse } from '../pki-error.ts'

/**
 * Walks over encoded values without an object for each of them, for lists of a million entries. All methods throw
 * `pki.der` for what is cut off or not DER.
 */
export class DerCursor {
  /** First byte of the content of the value that was opened last. */
  start = 0
  /** The byte after it. */
  end = 0
  readonly #bytes: Bytes

  constructor(bytes: Bytes) {
    this.#bytes = bytes
  }

  /** Opens the value at `at`, which must carry `tag` and end at `limit` or before. */
  open(at: number, limit: number, tag: number): this {
    const first = this.#bytes[at + 1]
    if (this.#bytes[at] !== tag || first === undefined) refuse('pki.der', 'a value is missing or of another type')
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f
    const length = first < 0x80 ? first : longLength(this.#bytes, at + 2, lengthBytes)
    this.start = at + 2 + lengthBytes
    this.end = this.start + length
    if (this.end > limit) refuse('pki.der', 'a value is cut off')
    return this
  }

  /** Opens the INTEGER at `at`; gives the byte after it. */
  skipInteger(at: number, limit: number): number {
    const { start, end } = this.open(at, limit, TAG.integer)
    const first = this.#bytes[start]
    const second = this.#bytes[start + 1] ?? 0
    if (start === end) refuse('pki.der', 'an INTEGER is empty')
    // A serial number with a zero too many would not be found (X.690 8.3.2).
    if (end - start > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
      refuse('pki.der', 'an INTEGER is not in its shortest form')
    return end
  }

  /** Opens the Time at `at`; gives the byte after it. */
  skipTime(at: number, limit: number): number {
    const tag = this.tagAt(at) === TAG.utcTime ? TAG.utcTime : TAG.generalizedTime
    return this.open(at, limit, tag).end
  }

  tagAt(at: number): number | undefined {
    return this.#bytes[at]
  }

  /** Tag, length and content of the value that was opened last, which stands at `at`. */
  wholeValue(at: number): Bytes {
    return this.#bytes.subarray(at, this.end)
  }

  /** True when the value that was opened last has exactly this content. */
  holds(content: Bytes): boolean {
    if (this.end - this.start !== content.length) return false
    // From the end: serial numbers of one authority may begin alike.
    for (let index = content.length - 1; index >= 0; index--)
      if (this.#bytes[this.start + index] !== content[index]) return false
    return true
  }
}
