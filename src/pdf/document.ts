import type { Bytes } from '../std/bytes.ts'
import type { Budget } from './budget.ts'
import type { Encryption } from './encryption/encryption.ts'
import { decodeStream } from './filters.ts'
import type { PdfObject } from './indirect-object.ts'
import type { Limits } from './limits.ts'
import { countIn, ObjectPacks } from './object-packs.ts'
import type { OpenedFile } from './opened-file.ts'
import { damaged, overLimit } from './pdf-error.ts'
import type { PdfFinding } from './repair/finding.ts'
import type { Source } from './source.ts'
import { filterSteps } from './stream-filters.ts'
import { type Dict, isNull, NULL, type Ref, readArray, readDict, readRef } from './values.ts'
import { firstFreeNumber, type XrefEntry, type XrefRevision } from './xref-section.ts'

const MAX_REFERENCE_STEPS = 16

/** A document as one of its revisions leaves it. Immutable; what was read once is kept. */
export class PdfDocument {
  readonly source: Source
  readonly limits: Limits
  /** Newest first. */
  readonly revisions: readonly XrefRevision[]
  readonly trailer: Dict
  readonly catalogRef: Ref
  readonly #objects = new Map<number, PdfObject | undefined>()
  readonly #file: OpenedFile
  /** How many revisions of the file are newer than this document. */
  readonly #position: number
  readonly #packs: ObjectPacks
  readonly #budget: Budget

  constructor(file: OpenedFile, budget: Budget, position = 0) {
    this.#file = file
    this.#position = position
    this.#budget = budget
    this.#packs = new ObjectPacks(this, budget, file.packs)
    this.source = file.source
    this.limits = budget.limits
    this.revisions = position === 0 ? file.revisions : file.revisions.slice(position)
    this.trailer = this.revisions[0]?.section.trailer ?? damaged('trailer', 'there is no trailer')
    this.catalogRef = readRef(this.trailer.get('Root') ?? NULL) ?? damaged('trailer', 'the trailer names no catalog')
  }

  /** What had to be guessed so far; empty for a file that can be read strictly. */
  get findings(): readonly PdfFinding[] {
    return this.#file.repairs.findings
  }

  /** Where `%PDF-` stands in the file: the offsets that the file names count from there. */
  get headerOffset(): number {
    return this.#file.repairs.headerOffset
  }

  /** True when the cross-references were made anew from the objects: a new revision must state them all. */
  get isRebuilt(): boolean {
    return this.#file.repairs.isRebuilt
  }

  /** Numbers of the objects that strict reading refuses: a new revision must state them again. */
  get damagedObjects(): readonly number[] {
    return this.#file.repairs.damagedObjects
  }

  /** How the file is encrypted, and what who opened it may do; undefined for a plain file. */
  get encryption(): Encryption | undefined {
    return this.#file.encryption
  }

  /** The dictionary that everything hangs from. */
  get catalog(): Dict {
    return this.dict(this.catalogRef) ?? damaged('catalog', 'the catalog is missing')
  }

  /** Where the newest cross-reference section starts. */
  get startXref(): number {
    return this.revisions[0]?.section.offset ?? 0
  }

  /** A number that no object has, and none above it. Throws `pdf.limit` when there is none. */
  get firstFreeNumber(): number {
    const { objectNumber } = this.limits
    const free = firstFreeNumber(this.revisions)
    return free <= objectNumber ? free : overLimit('object_number', objectNumber)
  }

  /** The document without its newest `count` revisions. */
  before(count: number): PdfDocument {
    return new PdfDocument(this.#file, this.#budget.fork(), this.#position + count)
  }

  /** Where an object is, or undefined when the document does not have it. */
  entry(number: number): XrefEntry | undefined {
    return this.#file.entry(number, this.#position)
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
      const object = this.#file.objectAt(entry.offset, this.#budget)
      if (object.ref.number !== number || object.ref.generation !== entry.generation)
        damaged('object', 'another object stands where the cross-reference table says', { object: number })
      return object
    }
    const value = this.#packs.pack(entry.stream).value(number, entry.index)
    return value && { ref: { number, generation: 0 }, value, stored: value }
  }

  /** The numbers of the objects inside an object stream, in its order. Nothing of it is kept. Throws {@link PdfError}. */
  objectsIn(stream: number): readonly number[] {
    return this.#packs.open(stream).numbers
  }

  /** The data of a stream object as it stands in the file: packed, and encrypted where it is. Throws `pdf.damaged`. */
  packedData(object: PdfObject): Bytes {
    const dict = streamDict(object)
    return this.#file.repairs.reading.streamBytes(this.source, object, () => countIn(this, dict, 'Length'))
  }

  /** The unpacked data of a stream object. Throws {@link PdfError}. */
  streamData(object: PdfObject): Bytes {
    const dict = streamDict(object)
    const steps = filterSteps(dict, (value) => this.resolve(value), this.limits)
    const opened = this.#file.decrypted(object, dict, this.packedData(object), steps[0]?.cryptFilter)
    return decodeStream(opened, steps, this.#budget)
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
    const known = this.#file.dicts.get(slice)
    if (known) return known
    const dict = readDict(slice)
    if (dict) this.#file.dicts.set(slice, dict)
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

function streamDict({ value, streamOffset }: PdfObject): Dict {
  const dict = streamOffset === undefined ? undefined : readDict(value)
  return dict ?? damaged('stream', 'the object has no stream')
}
