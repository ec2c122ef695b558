import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { matches, skipSpace } from '../lexer.ts'
import type { Limits } from '../limits.ts'
import { overLimit, PdfError } from '../pdf-error.ts'
import type { Source } from '../source.ts'
import { type Dict, NULL, readDict, readInteger, readName, readRef } from '../values.ts'
import { DeferredStreams, outside } from './deferred-streams.ts'
import type { FindingCode, FindingLog } from './finding.ts'
import { type FoundObject, FoundObjects, SEEN } from './found-objects.ts'
import { type Measured, measureObject } from './measure.ts'
import { headerBefore } from './object-header.ts'
import { ScanWindow } from './scan-window.ts'
import { endByKeyword, endByLength, endOfObject, type StreamEnd, unendedByLength } from './stream-end.ts'

/** What a scan found in a file, in the order of the file. */
export type Scan = {
  readonly objects: FoundObjects
  /** Behind each keyword `trailer`. */
  readonly trailers: readonly number[]
  /** Behind the last keyword `startxref`. */
  readonly startXref: number | undefined
  /** Where the data of a stream ends whose /Length does not say so, by where it starts. */
  readonly streamEnds: ReadonlyMap<number, number>
}

const MAX_TRAILERS = 10_000
const OBJ = 'obj'
/** The longest `n g ` that is looked for in front of the keyword. */
const HEADER_BYTES = 64
/** What a keyword costs that belongs to no object: a file may consist of nothing else. */
const REJECTED_BYTES = 256
/** How far back on a line a percent sign makes a comment of it. */
const LINE_BYTES = 1000

/**
 * Reads a file once from `from` to its end and notes where its objects stand, whatever its cross-references say. What
 * is in strings and in the data of streams is passed over. The memory it takes depends on the number of objects, not
 * on the size of the file. Throws `pdf.limit`.
 */
export function scanFile(source: Source, from: number, limits: Limits, log: FindingLog): Scan {
  const scanner = new Scanner(source, limits, log)
  scanner.run(from)
  return scanner.finish()
}

class Scanner {
  readonly #window: ScanWindow
  readonly #limits: Limits
  readonly #log: FindingLog
  readonly #objects: FoundObjects
  readonly #deferred = new DeferredStreams()
  readonly #streamEnds = new Map<number, number>()
  readonly #trailers: number[] = []
  #startXref: number | undefined
  /** Where the last object ended. */
  #gapStart = 0

  constructor(source: Source, limits: Limits, log: FindingLog) {
    this.#window = new ScanWindow(source)
    this.#limits = limits
    this.#log = log
    this.#objects = new FoundObjects(limits.objectNumber)
  }

  run(from: number): void {
    const { size } = this.#window.source
    this.#gapStart = from
    for (let at = from; at < size; ) {
      const chunk = this.#window.chunk(at)
      const keyword = chunk.indexOf(OBJ, 0, 'latin1')
      this.#readGap(at, keyword < 0 ? chunk : chunk.subarray(0, keyword))
      if (keyword >= 0) at = this.#readObject(at + keyword)
      else if (at + chunk.length >= size) break
      else at += chunk.length - HEADER_BYTES
    }
  }

  finish(): Scan {
    const embedded = this.#deferred.settle(this.#window, this.#objects, this.#streamEnds, this.#log)
    return {
      objects: this.#objects,
      trailers: outside(this.#trailers, embedded),
      startXref: this.#startXref,
      streamEnds: this.#streamEnds,
    }
  }

  /** Notes the keywords that stand between objects. */
  #readGap(start: number, gap: Buffer): void {
    for (let at = gap.indexOf('trailer', 0, 'latin1'); at >= 0; at = gap.indexOf('trailer', at + 7, 'latin1')) {
      const behind = start + at + 7
      if (behind > (this.#trailers.at(-1) ?? 0)) this.#trailers.push(behind)
      if (this.#trailers.length > MAX_TRAILERS) overLimit('trailers', MAX_TRAILERS)
    }
    const last = gap.lastIndexOf('startxref', undefined, 'latin1')
    if (last >= 0) this.#startXref = start + last + 9
  }

  /** Looks at what may be an object, by its keyword; returns where to go on. */
  #readObject(keyword: number): number {
    const valueAt = keyword + OBJ.length
    const from = Math.max(this.#gapStart, keyword - LINE_BYTES)
    const header = headerBefore(this.#window.view(from, keyword - from), keyword - from, 0)
    if (!header || header.number > this.#limits.objectNumber) {
      this.#window.spend(REJECTED_BYTES)
      return valueAt
    }
    const found = { ...header, offset: from + header.offset }
    const measured = measureObject(this.#window, valueAt, this.#limits)
    if (measured === 'unreadable') this.#objects.add(found, 0)
    else if (measured === 'cut_off') this.#note(found, 'repair.object_cut_off', SEEN.cutOff)
    else return this.#readFramed(found, valueAt, measured)
    return valueAt
  }

  #readFramed(found: FoundObject, start: number, { value, frame }: Measured): number {
    if (frame.data !== undefined) {
      if (frame.fault) this.#say(found, frame.fault)
      this.#gapStart = this.#readStream(found, value, start + frame.data, frame.fault ? SEEN.damaged : 0)
    } else {
      const seen = mentionsIn(value)
      if (frame.fault) this.#note(found, frame.fault, seen | SEEN.damaged)
      else this.#objects.add(found, seen)
      this.#gapStart = start + frame.end
    }
    return this.#gapStart
  }

  /** Returns where the object ends. */
  #readStream(found: FoundObject, value: Bytes, data: number, seen: number): number {
    const dict = tryDict(value)
    const { end, isDamaged } = this.#endOf(found, data, dict?.get('Length') ?? NULL)
    const [isEnded, after] = this.#endsAt(end.after)
    if (!isEnded) this.#say(found, 'repair.object_end')
    this.#objects.add(found, seen | this.#kindOf(dict, end) | (isDamaged || !isEnded ? SEEN.damaged : 0))
    return after
  }

  #endOf(found: FoundObject, data: number, length: Bytes): { end: StreamEnd; isDamaged: boolean } {
    const reference = readRef(length)
    const right = reference ? undefined : endByLength(this.#window, data, readInteger(length) ?? -1)
    if (right) return { end: right, isDamaged: false }
    const byKeyword = endByKeyword(this.#window, data)
    if (reference && byKeyword) {
      this.#deferred.add({ index: this.#objects.length, data, end: byKeyword.data, length: reference.number })
      return { end: byKeyword, isDamaged: false }
    }
    const { size } = this.#window.source
    const open = unendedByLength(this.#window, data, readInteger(length) ?? -1)
    const unended = open ?? endOfObject(this.#window, data, byKeyword?.data ?? size)
    const end = unended ?? byKeyword ?? { data: size, after: size }
    this.#noteEnd(found, data, end, end !== byKeyword)
    return { end, isDamaged: true }
  }

  #noteEnd(found: FoundObject, data: number, end: StreamEnd, isOpen: boolean): void {
    this.#streamEnds.set(data, end.data)
    this.#say(found, isOpen ? 'repair.stream_end' : 'repair.stream_length')
  }

  #kindOf(dict: Dict | undefined, end: StreamEnd): number {
    const type = readName(dict?.get('Type') ?? new Uint8Array())
    if (type !== 'ObjStm' && type !== 'XRef') return 0
    // Half of a list is not one: which objects the rest had cannot be known.
    const isCut = end.after >= this.#window.source.size
    return (type === 'ObjStm' ? SEEN.pack : SEEN.xref) | (isCut ? SEEN.cutOff : 0)
  }

  #endsAt(after: number): [isEnded: boolean, end: number] {
    const behind = this.#window.view(after, 64)
    const keyword = skipSpace(behind, 0)
    return matches(behind, keyword, 'endobj') ? [true, after + keyword + 6] : [false, after]
  }

  #note(found: FoundObject, code: FindingCode, seen: number): void {
    this.#say(found, code)
    this.#objects.add(found, seen)
  }

  #say({ number, offset }: FoundObject, code: FindingCode): void {
    this.#log.add(code, { object: number, offset })
  }
}

function tryDict(value: Bytes): Dict | undefined {
  try {
    return readDict(value)
  } catch (error) {
    if (error instanceof PdfError) return undefined
    throw error
  }
}

function mentionsIn(value: Bytes): number {
  if (value[0] !== 0x3c) return 0
  const mentions = (name: string, seen: number) => (asBuffer(value).includes(name, 0, 'latin1') ? seen : 0)
  return mentions('/Catalog', SEEN.catalog) | mentions('/Standard', SEEN.cipher)
}
