import {
  canonicalText,
  type Dict,
  NULL,
  type PdfDocument,
  type PdfObject,
  readDict,
  readName,
  sameEntry,
} from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { Deed } from './change.ts'
import type { DocumentState } from './document-state.ts'
import { type References, referencesIn } from './reference-index.ts'

const MAX_REACHED = 5000
const NO_KEYS: ReadonlySet<string> = new Set()

/**
 * Two states of a document, one revision apart, and what the rules found out about the difference. A rule looks at
 * one kind of change as a whole, and vouches for the objects that take part in it only when the whole is in order.
 */
export class Comparison {
  readonly was: DocumentState
  readonly is: DocumentState
  readonly before: PdfDocument
  readonly after: PdfDocument
  /** Numbers of the objects that the revision defines otherwise, or removes. */
  readonly changed: ReadonlySet<number>
  readonly deeds: { readonly deed: Deed; readonly objects: readonly number[] }[] = []
  /** New fields that were found in order: the form and a page may list them. */
  readonly addedFields = new Set<number>()
  readonly #references: References
  readonly #vouched = new Set<number>()
  readonly #entries = new Map<number, Set<string>>()

  constructor(was: DocumentState, is: DocumentState, changed: ReadonlySet<number>, references: References) {
    this.was = was
    this.is = is
    this.before = was.document
    this.after = is.document
    this.changed = changed
    this.#references = references
  }

  /** Tells of a change, and vouches for the objects that it consists of; others take part with some entries alone. */
  report(deed: Deed, objects: readonly number[], others: readonly number[] = []): void {
    this.vouch(objects)
    const all = new Set([...objects, ...others])
    this.deeds.push({ deed, objects: [...all].filter((number) => this.changed.has(number)).toSorted((a, b) => a - b) })
  }

  vouch(numbers: Iterable<number>): void {
    for (const number of numbers) this.#vouched.add(number)
  }

  /** Lets a dictionary object that is there already have other values under these keys, and no others. */
  allowEntries(number: number, keys: readonly string[]): void {
    const known = this.#entries.get(number) ?? new Set()
    this.#entries.set(number, new Set([...known, ...keys]))
  }

  /** True when a rule vouched for the object as a whole, or for every entry of it that changed, if any did. */
  isVouched(number: number): boolean {
    if (!this.changed.has(number) || !this.#isSameNumbering(number)) return false
    return this.#vouched.has(number) || this.differsOnlyIn(number, this.#entries.get(number) ?? NO_KEYS)
  }

  /** True when an object that is no stream kept all but, in a dictionary, the values under these keys. */
  differsOnlyIn(number: number, keys: ReadonlySet<string>): boolean {
    const [was, is] = [this.objectBefore(number), this.objectAfter(number)]
    if (!was || !is || was.streamOffset !== undefined || is.streamOffset !== undefined) return false
    const [dictBefore, dictAfter] = [readDict(was.value), readDict(is.value)]
    if (!dictBefore || !dictAfter) return canonicalText(was.value) === canonicalText(is.value)
    return sameExcept(dictBefore, dictAfter, keys)
  }

  /**
   * True when the revision brought the object into being. A number that the past could know is not new, even when
   * nothing had it: something that was signed may have waited for it.
   */
  isNew(number: number): boolean {
    return (
      number >= this.was.firstFreeNumber &&
      this.changed.has(number) &&
      this.before.entry(number) === undefined &&
      this.#isSameNumbering(number) &&
      this.#references.referrers(number).size === 0
    )
  }

  /**
   * True when the object is new, or was never referred to by anything but these objects. What has a second role
   * must not be replaced in its first one: the same stream can be metadata and the content of a page.
   */
  belongsTo(number: number, owners: readonly number[]): boolean {
    if (this.isNew(number)) return true
    const referrers = [...this.#references.referrers(number)]
    return this.before.entry(number) !== undefined && referrers.every((one) => owners.includes(one))
  }

  /** Who ever referred to an object that the revision changed. */
  referrers(number: number): ReadonlySet<number> {
    return this.#references.referrers(number)
  }

  /** Numbers of the new objects that are reached from a value; what is old was judged where it stands. */
  newObjectsFrom(value: Bytes | undefined): number[] {
    const found = new Set<number>()
    const waiting = referencesIn(value ?? NULL)
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (found.has(number) || !this.isNew(number) || found.size >= MAX_REACHED) continue
      found.add(number)
      waiting.push(...referencesIn(this.objectAfter(number)?.value ?? NULL))
    }
    return [...found]
  }

  objectBefore(number: number): PdfObject | undefined {
    return objectIn(this.before, number)
  }

  objectAfter(number: number): PdfObject | undefined {
    return objectIn(this.after, number)
  }

  /** An object that was there keeps its generation, and a new one has none: else its old references lead nowhere. */
  #isSameNumbering(number: number): boolean {
    const [was, is] = [this.before.entry(number), this.after.entry(number)]
    const generation = was?.kind === 'offset' ? was.generation : 0
    return is?.kind === 'offset' ? is.generation === generation : is !== undefined && generation === 0
  }
}

/** The object of a number, whatever its generation. */
export function objectIn(document: PdfDocument, number: number): PdfObject | undefined {
  const entry = document.entry(number)
  if (entry === undefined) return undefined
  return document.object({ number, generation: entry.kind === 'offset' ? entry.generation : 0 })
}

/** True when two dictionaries say the same but for these keys. */
export function sameExcept(was: Dict, is: Dict, except: ReadonlySet<string>): boolean {
  const keys = new Set([...was.keys(), ...is.keys()])
  return [...keys].every((key) => except.has(key) || sameEntry(was.get(key), is.get(key)))
}

/** The name under a key, or undefined. */
export function nameIn(document: PdfDocument, dict: Dict | undefined, key: string): string | undefined {
  return readName(document.resolve(dict?.get(key) ?? NULL))
}
