import { Budget } from '../budget.ts'
import { PdfDocument } from '../document.ts'
import type { PdfObject } from '../indirect-object.ts'
import { isSpace } from '../lexer.ts'
import { OpenedFile } from '../opened-file.ts'
import { damaged } from '../pdf-error.ts'
import { SectionReader } from '../section-reader.ts'
import { type Source, shiftedSource } from '../source.ts'
import { latin1, type Ref } from '../values.ts'
import { XrefIndex } from '../xref-index.ts'
import { sectionsOf, type XrefRevision, type XrefSection } from '../xref-section.ts'
import { ENTRY_BYTES, type EntryWidth, measuredWidth } from '../xref-table.ts'
import { SEEN } from './found-objects.ts'
import type { Remains } from './rebuild.ts'

/** White space that may follow the end of a file without being worth a word. */
const QUIET_BYTES = 1024

/**
 * Opens a file whose cross-references are whole, although something is wrong around them or inside objects. Every
 * entry is compared with what the scan found. Throws `pdf.damaged` when the cross-references cannot be used.
 */
export function openChain(remains: Remains): PdfDocument {
  const { source, log, limits, secrets, repairs } = remains
  const budget = new Budget(limits)
  const start = findStart(remains)
  let isRebuilt = false
  const widthAt: EntryWidth = (file, offset, count) => {
    const width = measuredWidth(file, offset, count)
    if (width === ENTRY_BYTES) return width
    log.add('repair.entry_length', { offset: offset + repairs.headerOffset })
    // Strict reading would refuse a new revision that leads back to this table.
    isRebuilt = true
    return width
  }
  const reader = new SectionReader(shiftedSource(source, repairs.headerOffset), budget, widthAt)
  const revisions = reader.readAll(start).map((revision) => shifted(revision, repairs.headerOffset))
  const damagedObjects = compare(revisions, remains, budget)
  const file = new OpenedFile(source, revisions, { ...repairs, isRebuilt, damagedObjects })
  file.unlock(secrets, budget)
  const document = new PdfDocument(file, budget)
  if (!document.catalog.has('Pages')) damaged('catalog', 'the catalog has no pages')
  return document
}

/** The offset behind the last `startxref`; notes what is wrong there and behind. */
function findStart({ source, scan, log }: Remains): number {
  const at = scan.startXref ?? damaged('startxref', 'the file names no cross-reference section')
  const text = latin1(source.read(at, 64))
  const match = /^[\0\t\n\f\r ]*(\d{1,12})(?:[\0\t\n\f\r ]*(%%EOF)|)/.exec(text)
  if (!match) damaged('startxref', 'no offset follows startxref')
  const end = at + match[0].length
  for (let i = scan.objects.indexFrom(end); i < scan.objects.length; i++) {
    if (scan.objects.has(i, SEEN.embedded | SEEN.cutOff)) continue
    log.add('repair.objects_after_end', { offset: scan.objects.at(i).offset })
    damaged('startxref', 'objects follow the end of the last revision')
  }
  if (match[2] === undefined) log.add('repair.end_missing', { offset: end })
  else if (hasMoreThanSpace(source, end)) log.add('repair.bytes_after_end', { offset: end })
  return Number(match[1])
}

function hasMoreThanSpace(source: Source, start: number): boolean {
  if (source.size - start > QUIET_BYTES) return true
  return source.read(start, QUIET_BYTES).some((byte) => !isSpace(byte))
}

/** The revision with offsets that count from the start of the file, not from its header. */
function shifted(revision: XrefRevision, by: number): XrefRevision {
  if (by === 0) return revision
  const section = shiftedSection(revision.section, by)
  return revision.hidden ? { section, hidden: shiftedSection(revision.hidden, by) } : { section }
}

function shiftedSection(section: XrefSection, by: number): XrefSection {
  return {
    ...section,
    offset: section.offset + by,
    entry(number) {
      const entry = section.entry(number)
      return entry?.kind === 'offset' ? { ...entry, offset: entry.offset + by } : entry
    },
  }
}

/**
 * Throws `pdf.damaged` when an entry leads elsewhere than to its object, though there is such an object. Returns the
 * numbers of those that are damaged themselves.
 */
function compare(revisions: readonly XrefRevision[], { source, scan, repairs }: Remains, budget: Budget): number[] {
  const index = new XrefIndex(revisions)
  const newest = scan.objects.newest()
  const damagedObjects = new Set<number>()
  for (const number of numbersIn(revisions)) {
    const entry = index.find(number, 0)
    if (entry?.kind !== 'offset' || (newest[number] ?? -1) < 0) continue
    const { offset, generation } = entry
    const found = scan.objects.indexOf({ number, generation, offset })
    // A scan takes for data what follows a stream without an end: what the file says itself comes first.
    if (found === undefined) requireObject({ number, generation }, repairs.reading.object(source, offset, budget))
    else if (scan.objects.has(found, SEEN.damaged)) damagedObjects.add(number)
  }
  return [...damagedObjects]
}

function requireObject({ number, generation }: Ref, { ref }: PdfObject): void {
  if (ref.number !== number || ref.generation !== generation)
    damaged('xref', 'an entry leads to another object', { object: number })
}

function* numbersIn(revisions: readonly XrefRevision[]): Generator<number> {
  for (const { ranges } of sectionsOf(revisions))
    for (const [first, count] of ranges)
      for (let number = Math.max(1, first); number < first + count; number++) yield number
}
