import type { Bytes } from '../std/bytes.ts'
import type { Budget } from './budget.ts'
import { isSpace, skipDigits, skipSpace, skipValue } from './lexer.ts'
import { damaged } from './pdf-error.ts'
import { digitsAt } from './values.ts'

/**
 * The values inside an unpacked object stream (ISO 32000-2 7.5.7). A value is measured when it is asked for, and only
 * up to where the next one starts: values cannot overlap, so that no byte is measured for two objects.
 */
export class ObjectPack {
  /** The numbers of its objects, in the order of the header. */
  readonly numbers: readonly number[]
  readonly #data: Bytes
  readonly #places = new Map<number, readonly [start: number, end: number]>()

  /** Reads the header: `count` pairs of an object number and an offset from `first`. Throws `pdf.damaged`, `pdf.limit`. */
  constructor(data: Bytes, count: number, first: number, budget: Budget) {
    this.#data = data
    budget.spend('packedObjects', count)
    const starts: { readonly number: number; readonly start: number }[] = []
    let at = 0
    for (let i = 0; i < count; i++) {
      const [number, numberEnd] = readHeaderNumber(data, at)
      const [offset, offsetEnd] = readHeaderNumber(data, numberEnd)
      starts.push({ number, start: first + offset })
      at = offsetEnd
    }
    this.numbers = starts.map(({ number }) => number)
    this.#place(starts)
  }

  /** The values may stand in any order, but each at a place of its own. */
  #place(starts: { readonly number: number; readonly start: number }[]): void {
    starts.sort((a, b) => a.start - b.start)
    for (const [i, { number, start }] of starts.entries()) {
      const end = starts[i + 1]?.start ?? this.#data.length
      if (end === start) damaged('object_stream', 'two objects stand at one place of an object stream')
      if (this.#places.has(number)) damaged('object_stream', 'an object stands twice in an object stream')
      this.#places.set(number, [start, end])
    }
  }

  /**
   * The value of an object, or undefined when it is not in here. Some readers find it by its number and some by the
   * `index` that the cross-references give: where the two lead to different objects, viewers show different documents.
   * Throws `pdf.damaged`.
   */
  value(number: number, index: number): Bytes | undefined {
    const place = this.#places.get(number)
    if (!place) return undefined
    if (this.numbers[index] !== number) damaged('object_stream', 'an object has another place in its object stream')
    const room = this.#data.subarray(...place)
    const start = skipSpace(room, 0)
    return room.subarray(start, skipValue(room, start))
  }
}

function readHeaderNumber(data: Bytes, at: number): [value: number, end: number] {
  let start = at
  while (isSpace(data[start])) start++
  const end = skipDigits(data, start)
  if (end === start || end - start > 10) damaged('object_stream', 'the header of an object stream is malformed')
  return [digitsAt(data, start, end), end]
}
