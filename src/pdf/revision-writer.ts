import { hash, randomBytes } from 'node:crypto'
import { type Bytes, concat } from '../std/bytes.ts'
import type { PdfDocument } from './document.ts'
import type { RandomBytes } from './encryption/aes.ts'
import { damaged, overLimit } from './pdf-error.ts'
import { allEntries, restatedObjects } from './repair/restate.ts'
import { filterSteps } from './stream-filters.ts'
import { readString } from './string-value.ts'
import { type Dict, type Ref, readArray, writeDict, writeHex } from './values.ts'
import type { XrefEntry, XrefSection } from './xref-section.ts'
import { writeSection, type XrefEntries } from './xref-writer.ts'

/** A revision ready to be appended. */
export type Revision = {
  readonly tail: Bytes
  /** Where the value of each object starts in the tail. */
  readonly valueOffsets: ReadonlyMap<number, number>
}

/** An object of the revision, with its value before encryption. */
type Written = {
  readonly ref: Ref
  readonly value: Bytes
  readonly stream?: { readonly entries: Dict; readonly data: Bytes }
  /** True when the strings of the value are encrypted already. */
  readonly encrypted: boolean
}

/** Entries of a trailer that belong to one section alone and are not carried into the next. */
const SECTION_KEYS = ['Prev', 'Size', 'XRefStm', 'ID', 'Type', 'W', 'Index', 'Length', 'Filter', 'DecodeParms', 'DL']

/**
 * Collects new and changed objects and writes them as one revision in the document's own style. Only the tail is
 * ever made: the bytes that are there already cannot be changed from here.
 */
export class RevisionWriter {
  readonly #document: PdfDocument
  readonly #objects = new Map<number, Written>()
  readonly #random: RandomBytes
  #next: number

  /** `random` makes the initialisation vectors of what is encrypted. */
  constructor(document: PdfDocument, { random = randomBytes }: { readonly random?: RandomBytes } = {}) {
    this.#document = document
    this.#random = random
    this.#next = document.firstFreeNumber
  }

  /** A reference for an object that is put later. */
  allocate(): Ref {
    if (this.#next > this.#document.limits.objectNumber) overLimit('object_number', this.#document.limits.objectNumber)
    return { number: this.#next++, generation: 0 }
  }

  /** A string as it is written inside the object `ref`, in hexadecimal. */
  encryptString(ref: Ref, bytes: Bytes): string {
    return this.#document.encryption?.sealString(ref, bytes, this.#random) ?? writeHex(bytes)
  }

  /** Adds an object, or replaces it with this value. `encrypted`: its strings came from {@link encryptString}. */
  put(ref: Ref, value: Bytes | string, { encrypted = false }: { readonly encrypted?: boolean } = {}): void {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value
    this.#objects.set(ref.number, { ref, value: bytes, encrypted })
  }

  /** Adds a stream whose data is packed as its entries say. */
  putStream(ref: Ref, entries: Dict, data: Bytes): void {
    this.#objects.set(ref.number, {
      ref,
      value: withLength(entries, data),
      stream: { entries, data },
      encrypted: false,
    })
  }

  /** The value of an object as this revision will leave it, its strings not encrypted, or undefined. */
  current(ref: Ref): Bytes | undefined {
    return this.#objects.get(ref.number)?.value ?? this.#document.object(ref)?.value
  }

  /** What stands between `obj` and `endobj`. */
  #bodyOf({ ref, value, stream, encrypted }: Written): Bytes {
    const { encryption, limits } = this.#document
    if (!encryption || encrypted) return stream ? concat(value, STREAM, stream.data, END_OF_STREAM) : value
    if (!stream) return encryption.sealValue(ref, value, this.#random)
    const { entries } = stream
    const [first] = filterSteps(entries, (item) => this.#document.resolve(item), limits)
    const data = encryption.sealStream(ref, entries, stream.data, first?.cryptFilter, this.#random)
    return concat(encryption.sealValue(ref, withLength(entries, data), this.#random), STREAM, data, END_OF_STREAM)
  }

  /** Writes the revision. `seed` distinguishes this revision from others; the second file identifier comes from it. */
  finish(seed: Bytes): Revision {
    const { source, headerOffset } = this.#document
    const style = styleFor(this.#document)
    for (const { object, body } of restatedObjects(this.#document, this.#objects))
      this.put(object.ref, body, { encrypted: true })
    const parts: Bytes[] = []
    let length = 0
    const write = (part: Bytes) => {
      parts.push(part)
      length += part.length
    }
    const last = source.read(source.size - 1, 1)[0]
    if (last !== 10 && last !== 13) write(Buffer.from('\n'))
    const own = new Map<number, XrefEntry>()
    const valueOffsets = new Map<number, number>()
    for (const object of this.#objects.values()) {
      const { ref } = object
      const offset = source.size + length - headerOffset
      own.set(ref.number, { kind: 'offset', offset, generation: ref.generation })
      write(Buffer.from(`${ref.number} ${ref.generation} obj\n`))
      valueOffsets.set(ref.number, length)
      write(this.#bodyOf(object))
      write(END_OF_OBJECT)
    }
    const at = source.size + length - headerOffset
    if (style === 'stream') this.allocate()
    const entries = this.#entries(own)
    write(writeSection({ style, at, entries, trailer: this.#trailer(seed), size: this.#next }))
    return { tail: concat(...parts), valueOffsets }
  }

  /** The trailer's entries that stay, with a new second identifier (ISO 32000-2 14.4). */
  #trailer(seed: Bytes): Map<string, Bytes> {
    const entries = new Map(this.#document.trailer)
    for (const key of SECTION_KEYS) entries.delete(key)
    const second = hash('sha256', seed, 'buffer').subarray(0, 16)
    const ids = readArray(this.#document.resolve(this.#document.trailer.get('ID') ?? Buffer.from('null')))
    // The first part goes into the key of an encrypted file: even none at all must stay so.
    const first =
      this.#document.encryption?.entry.fileId ??
      readString(this.#document.resolve(ids?.[0] ?? Buffer.from('null'))) ??
      second
    entries.set('ID', Buffer.from(`[${writeHex(first)}${writeHex(second)}]`))
    const { isRebuilt, startXref, headerOffset } = this.#document
    if (!isRebuilt) entries.set('Prev', Buffer.from(String(startXref - headerOffset)))
    return entries
  }

  /** All objects in a rebuilt document, which has no section to go back to; otherwise those of this revision. */
  #entries(own: ReadonlyMap<number, XrefEntry>): XrefEntries {
    if (this.#document.isRebuilt) return allEntries(this.#document, own)
    const numbers = [...own.keys()].toSorted((a, b) => a - b)
    return { numbers, entry: (number) => own.get(number) ?? { kind: 'free' } }
  }
}

/** The kind of the new section: that of the newest, or one that can name all objects. */
function styleFor({ revisions, isRebuilt }: PdfDocument): XrefSection['style'] {
  const isAllInTables = revisions.every(({ section, hidden }) => section.style === 'table' && !hidden)
  return revisions[0]?.section.style === 'table' && (!isRebuilt || isAllInTables) ? 'table' : 'stream'
}

const STREAM = Buffer.from('\nstream\n')
const END_OF_STREAM = Buffer.from('\nendstream')
const END_OF_OBJECT = Buffer.from('\nendobj\n')

function withLength(entries: Dict, data: Bytes): Bytes {
  return writeDict(new Map([...entries, ['Length', Buffer.from(String(data.length))]]))
}

/** Replaces entries of a dictionary object. Throws `pdf.damaged` when it is not one. */
export function editDict(entries: Dict | undefined, changes: Readonly<Record<string, Bytes | string>>): Buffer {
  const edited = new Map(entries ?? damaged('object', 'an object to be changed is not a dictionary'))
  for (const [key, value] of Object.entries(changes))
    edited.set(key, typeof value === 'string' ? Buffer.from(value, 'latin1') : value)
  return writeDict(edited)
}
