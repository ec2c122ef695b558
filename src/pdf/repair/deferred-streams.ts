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
      const stream = this.#at(i)
      if (objects.has(stream.index, SEEN.embedded)) continue
      const length = lengthIn(window, objects, newest[stream.length] ?? -1)
      const right = endByLength(window, stream.data, length ?? -1)
      if (!right) leaveAsFound(stream, length, objects, streamEnds, log)
      else if (right.data > stream.end + LINE_END_BYTES) embedded.push(markEmbedded(objects, [stream.end, right.data]))
    }
    return embedded
  }

  #at(i: number): DeferredStream {
    return {
      index: this.#indexes.at(i),
      data: this.#data.at(i),
      end: this.#ends.at(i),
      length: this.#lengths.at(i),
    }
  }
}

/** Where `endstream` was found is the end; a length that is known says something else. */
function leaveAsFound(
  { index, data, end }: DeferredStream,
  length: number | undefined,
  objects: FoundObjects,
  streamEnds: Map<number, number>,
  log: FindingLog,
): void {
  streamEnds.set(data, end)
  if (length === undefined) return
  const { number, offset } = objects.at(index)
  objects.mark(index, SEEN.damaged)
  log.add('repair.stream_length', { object: number, offset })
}

/** The offsets that lie in none of the ranges; both ascend. */
export function outside(offsets: readonly number[], ranges: readonly Range[]): number[] {
  let next = 0
  return offsets.filter((offset) => {
    while (offset >= (ranges[next]?.[1] ?? Infinity)) next++
    return offset < (ranges[next]?.[0] ?? Infinity)
  })
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
