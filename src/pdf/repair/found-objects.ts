import { overLimit } from '../pdf-error.ts'
import { NumberList } from './number-list.ts'

/** What a scan has seen of an object; several add up. */
export const SEEN = {
  /** Strict reading would refuse it, lenient reading does not. */
  damaged: 1,
  /** An object stream. */
  pack: 2,
  /** A cross-reference stream. */
  xref: 4,
  /** A dictionary that mentions the name of a catalog. */
  catalog: 8,
  /** It stands inside the data of a stream, and so is none. */
  embedded: 16,
  /** It ends with the file, in the middle of its value. */
  cutOff: 32,
  /** A dictionary that mentions the name of the standard security handler. */
  cipher: 64,
} as const

export type FoundObject = {
  readonly number: number
  readonly generation: number
  /** Where its number stands in the file. */
  readonly offset: number
}

/** The objects that a scan found, in the order of the file. One number may have several: one for each revision. */
export class FoundObjects {
  readonly #numbers = new NumberList()
  readonly #generations = new NumberList()
  readonly #offsets = new NumberList()
  readonly #seen = new NumberList()
  readonly #limit: number

  /** `limit` is how many there may be. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#offsets.length
  }

  /** Adds one behind the others. Throws `pdf.limit`. */
  add({ number, generation, offset }: FoundObject, seen: number): void {
    if (this.length >= this.#limit) overLimit('found_objects', this.#limit)
    this.#numbers.push(number)
    this.#generations.push(generation)
    this.#offsets.push(offset)
    this.#seen.push(seen)
  }

  at(index: number): FoundObject {
    return {
      number: this.#numbers.at(index),
      generation: this.#generations.at(index),
      offset: this.#offsets.at(index),
    }
  }

  numberAt(index: number): number {
    return this.#numbers.at(index)
  }

  has(index: number, seen: number): boolean {
    return (this.#seen.at(index) & seen) !== 0
  }

  mark(index: number, seen: number): void {
    this.#seen.set(index, this.#seen.at(index) | seen)
  }

  /** The index of the first object at or behind an offset. */
  indexFrom(offset: number): number {
    let [low, high] = [0, this.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#offsets.at(middle) < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The index of the object that stands exactly there, and not in the data of a stream; undefined for none. */
  indexOf({ number, generation, offset }: FoundObject): number | undefined {
    const index = this.indexFrom(offset)
    const isSame =
      this.#offsets.at(index) === offset &&
      this.#numbers.at(index) === number &&
      this.#generations.at(index) === generation
    return isSame && !this.has(index, SEEN.embedded | SEEN.cutOff) ? index : undefined
  }

  /** For each number the index of the last object that counts, or -1. */
  newest(): Int32Array {
    let highest = 0
    for (let i = 0; i < this.length; i++) highest = Math.max(highest, this.#numbers.at(i))
    const newest = new Int32Array(highest + 1).fill(-1)
    for (let i = 0; i < this.length; i++) if (!this.has(i, SEEN.embedded | SEEN.cutOff)) newest[this.#numbers.at(i)] = i
    return newest
  }
}
