import { NULL, type PdfDocument, PdfError, type PdfObject, readDict, readInteger } from '../../pdf/index.ts'
import type { ReferenceIndex } from './reference-index.ts'

/** Objects that are read before what was read is forgotten: a document keeps what it read once. */
const BATCH = 20_000

/** What stands in the way of taking a signed document at its word. */
export type Scan = {
  /** Objects that cannot be read from the document's own bytes. */
  readonly unreadable: readonly number[]
  /** Objects whose stream reaches beyond the document's own bytes. */
  readonly overlong: readonly number[]
}

/**
 * Looks once at every object of a document and remembers who refers to what is watched. Throws `pdf.limit` when the
 * objects have more bytes together than may be looked at.
 */
export function indexDocument(document: PdfDocument, index: ReferenceIndex): Scan {
  for (const { section } of document.revisions) index.addTrailer(section.trailer)
  return scanObjects(document, numbersOf(document), index)
}

/** The same for some of its objects. */
export function scanObjects(document: PdfDocument, numbers: Iterable<number>, index: ReferenceIndex): Scan {
  const [unreadable, overlong]: [number[], number[]] = [[], []]
  let reader = document.before(0)
  let [count, bytesLeft] = [0, document.limits.windowBytes]
  for (const number of numbers) {
    if (++count % BATCH === 0) reader = document.before(0)
    const object = readableObject(reader, number)
    if (object === undefined) unreadable.push(number)
    if (!object) continue
    bytesLeft -= object.value.length
    if (bytesLeft < 0)
      throw new PdfError('pdf.limit', 'the objects are too large to be compared', { what: 'window_bytes' })
    index.add(number, object.value)
    if (isOverlong(reader, object)) overlong.push(number)
  }
  return { unreadable, overlong }
}

/** The numbers whose objects this document can read. */
export function completedBy(document: PdfDocument, numbers: readonly number[]): number[] {
  return numbers.filter((number) => readableObject(document, number))
}

/** An object; null when the document does not have it, undefined when it cannot be read. */
function readableObject(document: PdfDocument, number: number): PdfObject | null | undefined {
  try {
    const entry = document.entry(number)
    if (entry === undefined) return null
    return document.object({ number, generation: entry.kind === 'offset' ? entry.generation : 0 }) ?? null
  } catch (error) {
    if (error instanceof PdfError) return undefined
    throw error
  }
}

function isOverlong(document: PdfDocument, object: PdfObject): boolean {
  if (object.streamOffset === undefined) return false
  try {
    const length = readInteger(document.resolve(readDict(object.value)?.get('Length') ?? NULL)) ?? 0
    return object.streamOffset + length > document.source.size
  } catch (error) {
    if (error instanceof PdfError) return false
    throw error
  }
}

/** All numbers that the cross-reference sections of a document speak of, each once. */
function* numbersOf({ revisions }: PdfDocument): Generator<number> {
  const runs = revisions.flatMap(({ section, hidden }) => [...section.ranges, ...(hidden?.ranges ?? [])])
  let next = 0
  for (const [first, count] of runs.toSorted(([a], [b]) => a - b)) {
    for (let number = Math.max(first, next); number < first + count; number++) yield number
    next = Math.max(next, first + count)
  }
}
