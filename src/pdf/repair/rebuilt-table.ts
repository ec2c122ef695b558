import type { Dict } from '../values.ts'
import type { XrefEntry, XrefSection } from '../xref-section.ts'
import { type FoundObjects, SEEN } from './found-objects.ts'
import { NumberList } from './number-list.ts'

const NOTHING = -1

/** Cross-references made from the objects that a scan found. What stands later in the file replaces what is before. */
export class RebuiltTable {
  readonly #objects: FoundObjects
  /** By object number: the index of a found object, or the index of a packed one below `NOTHING`. */
  #places: Int32Array
  readonly #streams = new NumberList()
  readonly #positions = new NumberList()

  /** Knows the objects that stand in the file by themselves. */
  constructor(objects: FoundObjects) {
    this.#objects = objects
    this.#places = objects.newest()
  }

  /** Adds the objects inside object streams; `numbersIn` lists those of a stream, or throws. */
  addPacked(numbersIn: (stream: number) => Iterable<number>): void {
    const newest = this.#places
    this.#places = new Int32Array(newest.length).fill(NOTHING)
    for (let i = 0; i < this.#objects.length; i++) {
      if (this.#objects.has(i, SEEN.embedded | SEEN.cutOff)) continue
      const number = this.#objects.numberAt(i)
      this.#place(number, i)
      if (!this.#objects.has(i, SEEN.pack) || newest[number] !== i) continue
      let position = 0
      for (const packed of numbersIn(number)) this.#pack(packed, number, position++)
    }
  }

  #pack(number: number, stream: number, position: number): void {
    this.#place(number, NOTHING - 1 - this.#streams.length)
    this.#streams.push(stream)
    this.#positions.push(position)
  }

  #place(number: number, place: number): void {
    if (number >= this.#places.length) {
      const larger = new Int32Array(Math.max(number + 1, 2 * this.#places.length)).fill(NOTHING)
      larger.set(this.#places)
      this.#places = larger
    }
    this.#places[number] = place
  }

  entry(number: number): XrefEntry | undefined {
    const place = this.#places[number] ?? NOTHING
    if (place === NOTHING) return undefined
    if (place >= 0) {
      const { offset, generation } = this.#objects.at(place)
      return { kind: 'offset', offset, generation }
    }
    const packed = NOTHING - 1 - place
    return { kind: 'compressed', stream: this.#streams.at(packed), index: this.#positions.at(packed) }
  }

  /** The numbers of the objects of which a scan has seen this. */
  *numbersOf(seen: number): Generator<number> {
    for (const [number, place] of this.#places.entries()) if (place >= 0 && this.#objects.has(place, seen)) yield number
  }

  /** Whether some of the objects can only be named by a cross-reference stream. */
  get hasPacked(): boolean {
    return this.#streams.length > 0
  }

  section(trailer: Dict, style: XrefSection['style']): XrefSection {
    return {
      style: this.hasPacked ? 'stream' : style,
      offset: 0,
      trailer,
      ranges: [[0, this.#places.findLastIndex((place) => place !== NOTHING) + 1]],
      entry: (number) => this.entry(number),
    }
  }
}
