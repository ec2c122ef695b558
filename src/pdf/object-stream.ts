import type { Bytes } from '../std/bytes.ts'
import type { Budget } from './budget.ts'
import { isSpace, skipDigits, skipSpace, skipValue } from './lexer.ts'
import { damaged } from './pdf-error.ts'
import { latin1 } from './values.ts'

/**
 * The values inside an unpacked object stream (ISO 32000-2 7.5.7). A value is measured when it is asked for, and only
 * up to where the next one starts: values cannot overlap, so that no byte is measured for two objects.
 */
export class ObjectPack {
  readonly #data: Bytes
  readonly #places = new Map<number, readonly [start: number, end: number]>()

  /** Reads the header: `count` pairs of an object number and an offset from `first`. Throws `pdf.damaged`, `pdf.limit`. */
  constructor(data: Bytes, count: number, first: number, budget: Budget) {
    this.#data = data
    budget.spend('packedObjects', count)
    let open: { readonly number: number; readonly start: number } | undefined
    let at = 0
    for (let i = 0; i < count; i++) {
      const [number, numberEnd] = readHeaderNumber(data, at)
      const [offset, offsetEnd] = readHeaderNumber(data, numberEnd)
      const start = first + offset
      if (open && start <= open.start) damaged('object_stream', 'the offsets of an object stream do not increase')
      if (open) this.#close(open.number, open.start, start)
      open = { number, start }
      at = offsetEnd
    }
    if (open) this.#close(open.number, open.start, data.length)
  }

  #close(number: number, start: number, end: number): void {
    if (this.#places.has(number)) damaged('object_stream', 'an object stands twice in an object stream')
    this.#places.set(number, [start, end])
  }

  /** The value of an object, or undefined when it is not in here. Throws `pdf.damaged`. */
  value(number: number): Bytes | undefined {
    const place = this.#places.get(number)
    if (!place) return undefined
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
  return [Number(latin1(data.subarray(start, end))), end]
}
