import { latin1 } from '../values.ts'
import type { FindingLog } from './finding.ts'
import { type FoundObjects, SEEN } from './found-objects.ts'
import { NumberList } from './number-list.ts'
import type { ScanWindow } from './scan-window.ts'
import { endByLength } from './stream-end.ts'

/** A stream whose /Length is a reference: where `endstream` was found is its end until the length is known. */
export type DeferredStream = {
  /** Its place among the found objects. */
  readonly index: number
  readonly data: number
  readonly end: number
  /** The number of the object that is its length. */
  readonly length: number
}

/** A length may count the end of line in front of `endstream`, which the search leaves out. */
const LINE_END_BYTES = 2

export type Range = readonly [start: number, end: number]

/** Streams whose lengths stand in objects that a scan meets later, if at all. */
export class DeferredStreams {
  readonly #indexes = new NumberList()
  readonly #data = new NumberList()
  readonly #ends = new NumberList()
  readonly #lengths = new NumberList()

  add({ index, data, end, length }: DeferredStream): void {
    this.#indexes.push(index)
    this.#data.push(data)
    this.#ends.push(end)
    this.#lengths.push(length)
  }

  /**
   * Looks the lengths up. Objects that were found inside the data of a stream that is longer than it seemed are none:
   * a document may carry another. Returns where such data lies: in the order of the file, and never one in another.
   */
  settle(window: ScanWindow, objects: FoundObjects, streamEnds: Map<number, number>, log: FindingLog): Range[] {
    const newest = objects.newest()
    const embedded: Range[] = []
    for (let i = 0; i < this.#indexes.length; i++) {
      const [index, data, found] = [this.#indexes.at(i), this.#data.at(i), this.#ends.at(i)]
      if (objects.has(index, SEEN.embedded)) continue
      const length = lengthIn(window, objects, newest[this.#lengths.at(i)] ?? -1)
      const right = length === undefined ? undefined : endByLength(window, data, length)
      if (right && right.data > found + LINE_END_BYTES) embedded.push(markEmbedded(objects, [found, right.data]))
      if (right) continue
      streamEnds.set(data, found)
      if (length !== undefined) markDamaged(objects, index, log)
    }
    return embedded
  }
}

function markDamaged(objects: FoundObjects, index: number, log: FindingLog): void {
  const { number, offset } = objects.at(index)
  objects.mark(index, SEEN.damaged)
  log.add('repair.stream_length', { object: number, offset })
}

/** The number that an object is, or undefined: it may also lie in an object stream. */
function lengthIn(window: ScanWindow, objects: FoundObjects, index: number): number | undefined {
  if (index < 0) return undefined
  const text = latin1(window.source.read(objects.at(index).offset, 64))
  const match = /^\d+[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]*obj[\0\t\n\f\r ]*(\d{1,15})[\0\t\n\f\r ]*endobj/.exec(text)
  return match ? Number(match[1]) : undefined
}

function markEmbedded(objects: FoundObjects, range: Range): Range {
  const [start, end] = range
  for (let i = objects.indexFrom(start); i < objects.length && objects.at(i).offset < end; i++)
    objects.mark(i, SEEN.embedded)
  return range
}
