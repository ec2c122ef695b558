import { createHash } from 'node:crypto'
import { type Bytes, concat } from '../std/bytes.ts'
import type { PdfDocument } from './document.ts'
import { damaged, overLimit } from './pdf-error.ts'
import { type Dict, type Ref, readArray, readString, writeDict, writeHex, writeName } from './values.ts'
import { xrefStreamBody, xrefTable } from './xref-writer.ts'

/** A revision ready to be appended. */
export type Revision = {
  readonly tail: Bytes
  /** Where the value of each object starts in the tail. */
  readonly valueOffsets: ReadonlyMap<number, number>
}

/** Entries of a trailer that belong to one section alone and are not carried into the next. */
const SECTION_KEYS = ['Prev', 'Size', 'XRefStm', 'ID', 'Type', 'W', 'Index', 'Length', 'Filter', 'DecodeParms', 'DL']
const MAX_TABLE_OFFSET = 9_999_999_999

/**
 * Collects new and changed objects and writes them as one revision in the document's own style. Only the tail is
 * ever made: the bytes that are there already cannot be changed from here.
 */
export class RevisionWriter {
  readonly #document: PdfDocument
  readonly #objects = new Map<number, { readonly ref: Ref; readonly body: Bytes }>()
  #next: number

  constructor(document: PdfDocument) {
    this.#document = document
    this.#next = document.firstFreeNumber
  }

  /** A reference for an object that is put later. */
  allocate(): Ref {
    if (this.#next > this.#document.limits.objectNumber) overLimit('object_number', this.#document.limits.objectNumber)
    return { number: this.#next++, generation: 0 }
  }

  /** Adds an object, or replaces it with this value. */
  put(ref: Ref, value: Bytes | string): void {
    this.#objects.set(ref.number, { ref, body: typeof value === 'string' ? Buffer.from(value, 'latin1') : value })
  }

  /** Adds a stream. */
  putStream(ref: Ref, entries: Dict, data: Bytes): void {
    const dict = writeDict(new Map([...entries, ['Length', Buffer.from(String(data.length))]]))
    this.put(ref, concat(dict, Buffer.from('\nstream\n'), data, Buffer.from('\nendstream')))
  }

  /** The value of an object as this revision will leave it, or undefined. */
  current(ref: Ref): Bytes | undefined {
    return this.#objects.get(ref.number)?.body ?? this.#document.object(ref)?.value
  }

  /** Writes the revision. `seed` distinguishes this revision from others; the second file identifier comes from it. */
  finish(seed: Bytes): Revision {
    const { source } = this.#document
    const parts: Bytes[] = []
    let length = 0
    const write = (part: Bytes) => {
      parts.push(part)
      length += part.length
    }
    const last = source.read(source.size - 1, 1)[0]
    if (last !== 10 && last !== 13) write(Buffer.from('\n'))
    const offsets = new Map<number, { offset: number; generation: number }>()
    const valueOffsets = new Map<number, number>()
    for (const { ref, body } of this.#objects.values()) {
      offsets.set(ref.number, { offset: source.size + length, generation: ref.generation })
      write(Buffer.from(`${ref.number} ${ref.generation} obj\n`))
      valueOffsets.set(ref.number, length)
      write(body)
      write(END_OF_OBJECT)
    }
    write(this.#section(source.size + length, offsets, this.#trailer(seed)))
    return { tail: concat(...parts), valueOffsets }
  }

  /** The trailer's entries that stay, with a new second identifier (ISO 32000-2 14.4). */
  #trailer(seed: Bytes): Map<string, Bytes> {
    const entries = new Map(this.#document.trailer)
    for (const key of SECTION_KEYS) entries.delete(key)
    const second = createHash('sha256').update(seed).digest().subarray(0, 16)
    const ids = readArray(this.#document.resolve(this.#document.trailer.get('ID') ?? Buffer.from('null')))
    const first = readString(this.#document.resolve(ids?.[0] ?? Buffer.from('null'))) ?? second
    entries.set('ID', Buffer.from(`[${writeHex(first)}${writeHex(second)}]`))
    entries.set('Prev', Buffer.from(String(this.#document.startXref)))
    return entries
  }

  #section(
    at: number,
    offsets: Map<number, { offset: number; generation: number }>,
    trailer: Map<string, Bytes>,
  ): Bytes {
    const end = Buffer.from(`\nstartxref\n${at}\n%%EOF\n`)
    if (this.#document.style === 'table') {
      if (at > MAX_TABLE_OFFSET) overLimit('offset', MAX_TABLE_OFFSET)
      trailer.set('Size', Buffer.from(String(this.#next)))
      return concat(xrefTable(offsets), writeDict(trailer), end)
    }
    const own = this.allocate()
    offsets.set(own.number, { offset: at, generation: 0 })
    const { index, widths, data } = xrefStreamBody(offsets)
    trailer.set('Type', Buffer.from(writeName('XRef')))
    trailer.set('Size', Buffer.from(String(this.#next)))
    trailer.set('Index', Buffer.from(index))
    trailer.set('W', Buffer.from(widths))
    trailer.set('Length', Buffer.from(String(data.length)))
    const head = Buffer.from(`${own.number} 0 obj\n`)
    return concat(head, writeDict(trailer), Buffer.from('\nstream\n'), data, Buffer.from('\nendstream\nendobj'), end)
  }
}

const END_OF_OBJECT = Buffer.from('\nendobj\n')

/** Replaces entries of a dictionary object. Throws `pdf.damaged` when it is not one. */
export function editDict(entries: Dict | undefined, changes: Readonly<Record<string, Bytes | string>>): Buffer {
  const edited = new Map(entries ?? damaged('object', 'an object to be changed is not a dictionary'))
  for (const [key, value] of Object.entries(changes))
    edited.set(key, typeof value === 'string' ? Buffer.from(value, 'latin1') : value)
  return writeDict(edited)
}
