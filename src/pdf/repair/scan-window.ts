import type { Bytes } from '../../std/bytes.ts'
import { asBuffer } from '../../std/bytes.ts'
import { overLimit } from '../pdf-error.ts'
import type { Source } from '../source.ts'

const CHUNK_BYTES = 1 << 18
/** Kept in front of the position, so that what precedes a keyword can be looked at. */
const BEHIND_BYTES = 1 << 10
/** Bytes that may be looked at for each byte of the file, and for any file. */
const LOOKS = 4
const FREE_LOOKS = 1 << 26

/** A view of a file that moves forwards in chunks, and counts what is looked at more than once. */
export class ScanWindow {
  readonly source: Source
  #start = 0
  #bytes: Buffer = Buffer.alloc(0)
  #left: number

  constructor(source: Source) {
    this.source = source
    this.#left = LOOKS * source.size + FREE_LOOKS
  }

  /** Counts bytes that were looked at. Throws `pdf.limit`: objects may lie over each other, many times. */
  spend(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) overLimit('scanned_bytes', LOOKS * this.source.size + FREE_LOOKS)
  }

  /** `length` bytes from `offset`; fewer only at the end of the file. Not to be written to. */
  view(offset: number, length: number): Bytes {
    const end = Math.min(offset + length, this.source.size)
    if (offset < this.#start || end > this.#start + this.#bytes.length) this.#load(offset, end)
    return this.#bytes.subarray(offset - this.#start, end - this.#start)
  }

  #load(offset: number, end: number): void {
    this.#start = Math.max(0, offset - BEHIND_BYTES)
    this.#bytes = asBuffer(this.source.read(this.#start, Math.max(CHUNK_BYTES, end - this.#start)))
  }

  /** The rest of the chunk from `offset`, and more when little is left. */
  chunk(offset: number): Buffer {
    const isNear = offset + BEHIND_BYTES > this.#start + this.#bytes.length
    if (isNear || offset < this.#start) this.#load(offset, offset)
    return this.#bytes.subarray(offset - this.#start)
  }

  /** Where a word stands next, or undefined. Counts what it looks at. */
  find(word: string, from: number): number | undefined {
    const { size } = this.source
    for (let at = from; at < size; ) {
      const chunk = this.chunk(at)
      const found = chunk.indexOf(word, 0, 'latin1')
      this.spend(found < 0 ? chunk.length : found)
      if (found >= 0) return at + found
      if (at + chunk.length >= size) return undefined
      at += chunk.length - word.length + 1
    }
    return undefined
  }
}
