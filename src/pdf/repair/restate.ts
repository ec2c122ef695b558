import { type Bytes, concat } from '../../std/bytes.ts'
import type { PdfDocument } from '../document.ts'
import type { PdfObject } from '../indirect-object.ts'
import { overLimit } from '../pdf-error.ts'
import { readDict, writeDict } from '../values.ts'
import type { XrefEntry } from '../xref-section.ts'
import type { XrefEntries } from '../xref-writer.ts'

const FREE: XrefEntry = { kind: 'free' }

/** What is written again of an object: as it stands, strings and data still encrypted where they are. */
export type Restated = { readonly object: PdfObject; readonly body: Bytes }

/**
 * The objects of a repaired document that strict reading would refuse, but for those in `replaced`, in a form that it
 * takes. Throws `pdf.limit` when together they are larger than what may be unpacked.
 */
export function* restatedObjects(document: PdfDocument, replaced: ReadonlyMap<number, unknown>): Generator<Restated> {
  let bytes = 0
  for (const number of document.damagedObjects) {
    const entry = document.entry(number)
    if (replaced.has(number) || entry?.kind !== 'offset') continue
    const object = document.object({ number, generation: entry.generation })
    if (!object) continue
    const body = bodyOf(document, object)
    bytes += body.length
    if (bytes > document.limits.decodedBytes) overLimit('restated_bytes', document.limits.decodedBytes)
    yield { object, body }
  }
}

function bodyOf(document: PdfDocument, object: PdfObject): Bytes {
  const entries = object.streamOffset === undefined ? undefined : readDict(object.stored)
  if (!entries) return object.stored
  const data = document.packedData(object)
  const dict = writeDict(entries.set('Length', Buffer.from(String(data.length))))
  return concat(dict, Buffer.from('\nstream\n'), data, Buffer.from('\nendstream'))
}

/** The entries of all objects of a document, with those of a new revision in place of older ones. */
export function allEntries(document: PdfDocument, own: ReadonlyMap<number, XrefEntry>): XrefEntries {
  const highest = [...own.keys()].reduce((most, number) => Math.max(most, number), document.firstFreeNumber - 1)
  const entryOf = (number: number) => own.get(number) ?? fromHeader(document.entry(number), document)
  return { numbers: numbersUpTo(highest, entryOf), entry: (number) => entryOf(number) ?? FREE }
}

/** 0, which heads the list of free objects, and every number that has an object. */
function numbersUpTo(highest: number, entryOf: (number: number) => unknown): Iterable<number> {
  return {
    *[Symbol.iterator]() {
      yield 0
      for (let number = 1; number <= highest; number++) if (entryOf(number)) yield number
    },
  }
}

/** An entry as the file counts, from its header. One that leads outside of the file names nothing. */
function fromHeader(entry: XrefEntry | undefined, { headerOffset, source }: PdfDocument): XrefEntry | undefined {
  if (entry?.kind !== 'offset') return entry
  return entry.offset < source.size ? { ...entry, offset: entry.offset - headerOffset } : undefined
}
