import type { Bytes } from '../std/bytes.ts'
import type { Budget } from './budget.ts'
import type { Encryption } from './encryption/encryption.ts'
import { openEncryption, type Secrets } from './encryption/open-encryption.ts'
import { type ObjectReading, type PdfObject, strictReading } from './indirect-object.ts'
import type { OpenedPacks } from './object-packs.ts'
import { damaged } from './pdf-error.ts'
import type { PdfFinding } from './repair/finding.ts'
import type { Source } from './source.ts'
import type { Dict } from './values.ts'
import { XrefIndex } from './xref-index.ts'
import type { XrefEntry, XrefRevision } from './xref-section.ts'

/** How a file had to be opened when it is not as it should be. */
export type Repairs = {
  readonly reading: ObjectReading
  /** In the order in which they were made; grows while objects are read. */
  readonly findings: readonly PdfFinding[]
  /** Where `%PDF-` stands: offsets in the file count from there. */
  readonly headerOffset: number
  /** True when the cross-references were made anew: a new revision must state them all. */
  readonly isRebuilt: boolean
  /** Objects that strict reading refuses: a new revision must state them again. */
  readonly damagedObjects: readonly number[]
}

const NO_REPAIRS: Repairs = {
  reading: strictReading,
  findings: [],
  headerOffset: 0,
  isRebuilt: false,
  damagedObjects: [],
}

/** A file as it was opened: what the document and its earlier revisions share, so that nothing is read twice. */
export class OpenedFile {
  readonly source: Source
  /** All revisions, newest first. */
  readonly revisions: readonly XrefRevision[]
  readonly repairs: Repairs
  readonly packs: OpenedPacks = new Map()
  readonly dicts = new WeakMap<Bytes, Dict>()
  readonly #index: XrefIndex
  readonly #objects = new Map<number, PdfObject>()
  #encryption: Encryption | undefined

  constructor(source: Source, revisions: readonly XrefRevision[], repairs: Repairs = NO_REPAIRS) {
    this.source = source
    this.revisions = revisions
    this.repairs = repairs
    this.#index = new XrefIndex(revisions)
  }

  /** What opens its strings and streams; undefined for a plain file. */
  get encryption(): Encryption | undefined {
    return this.#encryption
  }

  /**
   * Opens the encryption, when there is one; to be called before any object is read. Throws `pdf.password_needed`,
   * `pdf.unsupported_encryption` and `pdf.damaged`.
   */
  unlock(secrets: Secrets, budget: Budget): void {
    const objectAt = (offset: number) => this.repairs.reading.object(this.source, offset, budget)
    this.#encryption = openEncryption({ revisions: this.revisions, objectAt }, secrets)
  }

  /** Where an object is after the revision at `position`, the newest being 0. */
  entry(number: number, position: number): XrefEntry | undefined {
    return this.#index.find(number, position)
  }

  /** The object at an offset. Throws `pdf.damaged` and `pdf.limit`. */
  objectAt(offset: number, budget: Budget): PdfObject {
    const known = this.#objects.get(offset)
    if (known) return known
    const read = this.repairs.reading.object(this.source, offset, budget)
    const object = this.#encryption ? { ...read, value: this.#encryption.openValue(read) } : read
    // In an encrypted file the entries are those of the strings as they stand, which nobody reads.
    if (object.entries && !this.#encryption) this.dicts.set(object.value, object.entries)
    this.#objects.set(offset, object)
    return object
  }

  /** The data of a stream, still packed; `filter` is the crypt filter that it names itself. Throws `pdf.damaged`. */
  decrypted({ ref }: PdfObject, dict: Dict, packed: Bytes, filter: string | undefined): Bytes {
    if (this.#encryption) return this.#encryption.openStream(ref, dict, packed, filter)
    if (filter !== undefined && filter !== 'Identity') damaged('filter', 'a crypt filter stands in a plain file')
    return packed
  }
}
