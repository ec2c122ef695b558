import type { Bytes } from '../std/bytes.ts'
import { Budget } from './budget.ts'
import { decodeStream } from './filters.ts'
import { type PdfObject, readIndirectObject, readStreamBytes } from './indirect-object.ts'
import { matches } from './lexer.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { ObjectPack } from './object-stream.ts'
import { damaged, overLimit, PdfError } from './pdf-error.ts'
import { SectionReader } from './section-reader.ts'
import type { Source } from './source.ts'
import { filterSteps } from './stream-filters.ts'
import {
  type Dict,
  isNull,
  latin1,
  NULL,
  type Ref,
  readArray,
  readDict,
  readInteger,
  readName,
  readRef,
} from './values.ts'
import type { XrefEntry, XrefRevision } from './xref-section.ts'

const TAIL_BYTES = 1536
const MAX_REFERENCE_STEPS = 16

export type OpenOptions = {
  readonly limits?: Limits
}

/**
 * Opens a document: reads its cross-reference sections and nothing else. The body is read object by object when
 * somebody asks. Throws {@link PdfError} for whatever would have to be repaired or guessed.
 */
export function openPdf(source: Source, { limits = defaultLimits }: OpenOptions = {}): PdfDocument {
  if (!matches(source.read(0, 8), 0, '%PDF-')) throw new PdfError('pdf.not_a_pdf', 'the file does not start with %PDF-')
  const budget = new Budget(limits)
  const reader = new SectionReader(source, budget)
  const document = new PdfDocument(source, reader.readAll(findStart(source)), budget)
  if (document.trailer.has('Encrypt')) throw new PdfError('pdf.encrypted', 'the file is encrypted')
  if (!document.catalog.has('Pages')) damaged('catalog', 'the catalog has no pages')
  return document
}

/** The offset that stands between `startxref` and the last `%%EOF`. */
function findStart(source: Source): number {
  const tail = source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES)
  const text = latin1(tail)
  const match = /startxref[\0\t\n\f\r ]+(\d{1,12})[\0\t\n\f\r ]+%%EOF[\0\t\n\f\r ]*$/.exec(text)
  if (!match) damaged('startxref', 'the file does not end with startxref, an offset and %%EOF')
  return Number(match[1])
}

/** A document as one of its revisions leaves it. Immutable; what was read once is kept. */
export class PdfDocument {
  readonly source: Source
  readonly limits: Limits
  /** Newest first. */
  readonly revisions: readonly XrefRevision[]
  readonly trailer: Dict
  readonly catalogRef: Ref
  readonly #objects = new Map<number, PdfObject | undefined>()
  readonly #packs = new Map<number, ObjectPack>()
  /** Object streams that are being opened: each may need numbers that lie in the next. */
  readonly #opening = new Set<number>()
  readonly #dicts = new WeakMap<Bytes, Dict>()
  readonly #budget: Budget
  #catalog: Dict | undefined

  constructor(source: Source, revisions: readonly XrefRevision[], budget: Budget) {
    this.source = source
    this.limits = budget.limits
    this.revisions = revisions
    this.#budget = budget
    this.trailer = revisions[0]?.section.trailer ?? damaged('trailer', 'there is no trailer')
    this.catalogRef = readRef(this.trailer.get('Root') ?? NULL) ?? damaged('trailer', 'the trailer names no catalog')
  }

  /** The dictionary that everything hangs from. */
  get catalog(): Dict {
    this.#catalog ??= this.dict(this.catalogRef) ?? damaged('catalog', 'the catalog is missing')
    return this.#catalog
  }

  /** The kind of the newest cross-reference section; a new one must be of the same kind. */
  get style(): 'table' | 'stream' {
    return this.revisions[0]?.section.style ?? 'table'
  }

  /** Where the newest cross-reference section starts. */
  get startXref(): number {
    return this.revisions[0]?.section.offset ?? 0
  }

  /** A number that no object has: above every /Size and every run of entries, as a /Size can be too small. */
  get firstFreeNumber(): number {
    let free = 1
    for (const { section, hidden } of this.revisions) {
      for (const part of hidden ? [section, hidden] : [section]) {
        free = Math.max(free, readInteger(part.trailer.get('Size') ?? NULL) ?? 0)
        for (const [first, count] of part.ranges) free = Math.max(free, first + count)
      }
    }
    if (free > this.limits.objectNumber) overLimit('object_number', this.limits.objectNumber)
    return free
  }

  /** The document without its newest `count` revisions. */
  before(count: number): PdfDocument {
    return new PdfDocument(this.source, this.revisions.slice(count), this.#budget.fork())
  }

  /** Where an object is, or undefined when the document does not have it. */
  entry(number: number): XrefEntry | undefined {
    for (const { section, hidden } of this.revisions) {
      const own = section.entry(number)
      // In a hybrid file the table calls free what only the stream may show.
      const found = hidden && (own === undefined || own.kind === 'free') ? (hidden.entry(number) ?? own) : own
      if (found) return found.kind === 'free' ? undefined : found
    }
    return undefined
  }

  /** An object, or undefined when the document does not have it. Throws `pdf.damaged`. */
  object(ref: Ref): PdfObject | undefined {
    const known = this.#objects.get(ref.number)
    if (known || this.#objects.has(ref.number)) return known?.ref.generation === ref.generation ? known : undefined
    const object = this.#readObject(ref.number)
    this.#objects.set(ref.number, object)
    return object?.ref.generation === ref.generation ? object : undefined
  }

  #readObject(number: number): PdfObject | undefined {
    const entry = this.entry(number)
    if (entry === undefined || entry.kind === 'free') return undefined
    if (entry.kind === 'offset') {
      const object = readIndirectObject(this.source, entry.offset, this.#budget)
      if (object.ref.number !== number || object.ref.generation !== entry.generation)
        damaged('object', 'another object stands where the cross-reference table says', { object: number })
      return object
    }
    const value = this.#pack(entry.stream).value(number)
    return value && { ref: { number, generation: 0 }, value }
  }

  /** The objects inside an object stream (ISO 32000-2 7.5.7). */
  #pack(number: number): ObjectPack {
    const known = this.#packs.get(number)
    if (known) return known
    if (this.#opening.has(number)) damaged('object_stream', 'an object stream needs an object that lies inside it')
    if (this.#opening.size >= this.limits.depth) overLimit('depth', this.limits.depth)
    this.#opening.add(number)
    try {
      const pack = this.#openPack(number)
      this.#packs.set(number, pack)
      return pack
    } finally {
      this.#opening.delete(number)
    }
  }

  #openPack(number: number): ObjectPack {
    if (this.entry(number)?.kind !== 'offset') damaged('object_stream', 'an object stream lies in another one')
    const object = this.object({ number, generation: 0 }) ?? damaged('object_stream', 'an object stream is missing')
    const dict = readDict(object.value)
    if (!dict || readName(dict.get('Type') ?? NULL) !== 'ObjStm')
      damaged('object_stream', 'an object stream has another type')
    const data = this.streamData(object)
    return new ObjectPack(data, this.#integer(dict, 'N'), this.#integer(dict, 'First'), this.#budget)
  }

  #integer(dict: Dict, key: string): number {
    const value = readInteger(this.resolve(dict.get(key) ?? NULL))
    return value !== undefined && value >= 0 ? value : damaged('stream', `/${key} is not a number`)
  }

  /** The unpacked data of a stream object. Throws {@link PdfError}. */
  streamData(object: PdfObject): Bytes {
    const dict = readDict(object.value)
    if (!dict || object.streamOffset === undefined) damaged('stream', 'the object has no stream')
    const packed = readStreamBytes(this.source, object.streamOffset, this.#integer(dict, 'Length'))
    const steps = filterSteps(dict, (value) => this.resolve(value), this.limits)
    const data = decodeStream(packed, steps, this.#budget.left('decodedBytes'))
    this.#budget.spend('decodedBytes', data.length)
    return data
  }

  /** The value itself, after following references; `null` for an object that is missing. Throws `pdf.damaged`. */
  resolve(value: Bytes): Bytes {
    let current = value
    for (let step = 0; step < MAX_REFERENCE_STEPS; step++) {
      const ref = readRef(current)
      if (ref === undefined) return current
      current = this.object(ref)?.value ?? NULL
    }
    return damaged('reference_loop', 'references lead to each other')
  }

  /** The dictionary that a value or reference leads to, or undefined. Throws `pdf.damaged`. */
  dict(value: Bytes | Ref | undefined): Dict | undefined {
    if (value === undefined) return undefined
    const slice = value instanceof Uint8Array ? this.resolve(value) : (this.object(value)?.value ?? NULL)
    const known = this.#dicts.get(slice)
    if (known) return known
    const dict = readDict(slice)
    if (dict) this.#dicts.set(slice, dict)
    return dict
  }

  /** The array that a value or reference leads to, or undefined. Throws `pdf.damaged`. */
  array(value: Bytes | undefined): Bytes[] | undefined {
    return value && readArray(this.resolve(value))
  }

  /** Like {@link array}, for a value that must not be of another type: undefined for none and null alone. */
  arrayOrNull(value: Bytes | undefined, what: string): Bytes[] | undefined {
    const resolved = this.resolve(value ?? NULL)
    return readArray(resolved) ?? (isNull(resolved) ? undefined : damaged(what, 'a value must be an array'))
  }
}
