import type { Budget } from './budget.ts'
import { isDigit, isSpace, matches, skipDigits, skipSpace, skipValue } from './lexer.ts'
import { damaged } from './pdf-error.ts'
import type { Source } from './source.ts'
import { type Dict, digitsAt, readDict } from './values.ts'
import { readWindow } from './window.ts'
import { type Run, XrefRuns } from './xref-runs.ts'
import type { XrefEntry, XrefSection } from './xref-section.ts'

/** Bytes of one entry, its end of line included (ISO 32000-2 7.5.4). */
export const ENTRY_BYTES = 20
/** Up to the letter that says whether the object is there. */
const LETTER_AT = 17

/** How long the entries are that start at an offset: always 20 bytes, unless the reader is lenient. */
export type EntryWidth = (source: Source, offset: number, count: number) => number

const strictWidth: EntryWidth = () => ENTRY_BYTES

/**
 * Reads a table whose keyword `xref` stands at `offset`. Its entries stay in the file: they have a fixed length, so
 * each is read when it is asked for. Throws `pdf.damaged` or `pdf.limit`.
 */
export function readXrefTable(
  source: Source,
  offset: number,
  budget: Budget,
  widthAt: EntryWidth = strictWidth,
): XrefSection {
  const runs = new XrefRuns(budget)
  let at = offset + 4
  for (;;) {
    const next = readRunHeader(source, at, widthAt)
    if (next.run === undefined) {
      const trailer = readTrailer(source, next.end, budget)
      runs.close()
      return {
        style: 'table',
        offset,
        trailer,
        ranges: runs.ranges,
        entry: (number) => findEntry(source, runs, number),
      }
    }
    runs.add(next.run)
    const { count } = next.run
    // The last entry is looked at now, so that entries of another length are noticed before they are used.
    if (count > 0) readEntry(source, next.run, count - 1)
    at = next.end
  }
}

/** A header `first count`, or the end of the keyword `trailer` when the entries are over. */
function readRunHeader(source: Source, offset: number, widthAt: EntryWidth): { run?: Run; end: number } {
  const window = source.read(offset, 128)
  const start = skipSpace(window, 0)
  if (matches(window, start, 'trailer')) return { end: offset + start + 7 }
  const firstEnd = skipDigits(window, start)
  const countStart = skipSpace(window, firstEnd)
  const countEnd = skipDigits(window, countStart)
  if (firstEnd === start || countEnd === countStart) damaged('xref', 'the cross-reference table is malformed')
  const first = digitsAt(window, start, firstEnd)
  const count = digitsAt(window, countStart, countEnd)
  const entries = offset + (count === 0 ? countEnd : skipSpace(window, countEnd))
  const width = widthAt(source, entries, count)
  const end = entries + count * width
  if (end > source.size) damaged('xref', 'the cross-reference table is cut off')
  return { run: { first, count, at: entries, width }, end }
}

/**
 * As {@link EntryWidth} for tables whose lines end in another way than they must: 19 to 21 bytes, by what follows the
 * first entry.
 */
export function measuredWidth(source: Source, offset: number, count: number): number {
  const behind = source.read(offset + LETTER_AT + 1, 4)
  let spaces = 0
  while (spaces < 3 && isSpace(behind[spaces])) spaces++
  // Behind the only entry there may be empty lines.
  const isUsual = count === 0 || spaces === 0 || (count === 1 && spaces > 1)
  return isUsual ? ENTRY_BYTES : LETTER_AT + 1 + spaces
}

function findEntry(source: Source, runs: XrefRuns, number: number): XrefEntry | undefined {
  const run = runs.find(number)
  return run && readEntry(source, run, number - run.first)
}

function readEntry(source: Source, run: Run, index: number): XrefEntry {
  const bytes = source.read(run.at + index * run.width, run.width)
  const digitsEnd = skipDigits(bytes, 0)
  const generationEnd = skipDigits(bytes, 11)
  const wellFormed =
    bytes.length === run.width && digitsEnd === 10 && isDigit(bytes[11]) && generationEnd === 16 && isLineEnd(bytes)
  if (!wellFormed) damaged('xref', 'an entry of the cross-reference table is malformed')
  if (bytes[LETTER_AT] === 0x66) return { kind: 'free' }
  if (bytes[LETTER_AT] !== 0x6e) damaged('xref', 'an entry of the cross-reference table is malformed')
  return { kind: 'offset', offset: digitsAt(bytes, 0, 10), generation: digitsAt(bytes, 11, 16) }
}

/** ` \r`, ` \n` or `\r\n`; any white space in an entry of another length. */
function isLineEnd(entry: Uint8Array): boolean {
  if (entry.length !== ENTRY_BYTES) return entry.subarray(LETTER_AT + 1).every(isSpace)
  const [first, second] = [entry[18], entry[19]]
  return (first === 32 && (second === 13 || second === 10)) || (first === 13 && second === 10)
}

/** The dictionary that follows the keyword `trailer`, which ends at `offset`. Throws `pdf.damaged` or `pdf.limit`. */
export function readTrailer(source: Source, offset: number, budget: Budget): Dict {
  return readWindow(source, offset, budget, (window) => {
    const start = skipSpace(window, 0)
    const end = skipValue(window, start)
    const value = readDict(window.subarray(start, end)) ?? damaged('trailer', 'the trailer is not a dictionary')
    return { value, end }
  })
}
