import type { Budget } from './budget.ts'
import { decodeStream } from './filters.ts'
import { readIndirectObject, readStreamBytes } from './indirect-object.ts'
import { matches } from './lexer.ts'
import { damaged, overLimit } from './pdf-error.ts'
import type { Source } from './source.ts'
import { filterSteps } from './stream-filters.ts'
import { NULL, readDict, readInteger } from './values.ts'
import type { XrefRevision, XrefSection } from './xref-section.ts'
import { xrefStreamSection } from './xref-stream.ts'
import { type EntryWidth, readXrefTable } from './xref-table.ts'

/** Follows the chain of cross-reference sections from the newest to the oldest. */
export class SectionReader {
  readonly #source: Source
  readonly #budget: Budget
  readonly #widthAt: EntryWidth | undefined
  readonly #seen = new Set<number>()

  /** `widthAt` measures the entries of tables; without it they must be as long as they have to be. */
  constructor(source: Source, budget: Budget, widthAt?: EntryWidth) {
    this.#source = source
    this.#budget = budget
    this.#widthAt = widthAt
  }

  readAll(start: number): XrefRevision[] {
    const revisions: XrefRevision[] = []
    for (let offset: number | undefined = start; offset !== undefined; ) {
      const section = this.#read(offset)
      const hiddenAt = this.#offsetIn(section, 'XRefStm')
      if (hiddenAt !== undefined && section.style !== 'table') damaged('xref', '/XRefStm in a cross-reference stream')
      revisions.push(hiddenAt === undefined ? { section } : { section, hidden: this.#read(hiddenAt) })
      offset = this.#offsetIn(section, 'Prev')
    }
    return revisions
  }

  #offsetIn(section: XrefSection, key: string): number | undefined {
    const value = section.trailer.get(key)
    return value && (readInteger(value) ?? damaged('xref', `/${key} is not an offset`))
  }

  #read(offset: number): XrefSection {
    if (this.#seen.has(offset)) damaged('xref_loop', 'the cross-reference sections form a loop')
    this.#seen.add(offset)
    const { sections } = this.#budget.limits
    if (this.#seen.size > sections) overLimit('sections', sections)
    if (offset < 0 || offset >= this.#source.size) damaged('xref', 'a cross-reference section lies outside the file')
    if (matches(this.#source.read(offset, 4), 0, 'xref'))
      return readXrefTable(this.#source, offset, this.#budget, this.#widthAt)
    return this.#readStream(offset)
  }

  #readStream(offset: number): XrefSection {
    const object = readIndirectObject(this.#source, offset, this.#budget)
    const dict = readDict(object.value)
    const length = readInteger(dict?.get('Length') ?? NULL)
    if (!dict || object.streamOffset === undefined || length === undefined)
      damaged('xref', 'no cross-reference section stands where the file says')
    const packed = readStreamBytes(this.#source, object.streamOffset, length)
    const steps = filterSteps(dict, (value) => value, this.#budget.limits)
    const data = decodeStream(packed, steps, this.#budget)
    return { ...xrefStreamSection(object, dict, data, this.#budget), offset }
  }
}
