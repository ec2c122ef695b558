import { isDigit, matches, skipDigits, skipSpace, skipValue } from './lexer.ts'
import type { Limits } from './limits.ts'
import { damaged, overLimit } from './pdf-error.ts'
import type { Source } from './source.ts'
import { latin1, readDict } from './values.ts'
import { readWindow } from './window.ts'
import type { XrefEntry, XrefSection } from './xref-section.ts'

/** Bytes of one entry, its end of line included (ISO 32000-2 7.5.4). */
const ENTRY_BYTES = 20
const MAX_RUNS = 100_000

type Run = { readonly first: number; readonly count: number; readonly offset: number }

/**
 * Reads a table whose keyword `xref` stands at `offset`. Its entries stay in the file: they have a fixed length, so
 * each is read when it is asked for. Throws `pdf.damaged` or `pdf.limit`.
 */
export function readXrefTable(source: Source, offset: number, limits: Limits): XrefSection {
  const runs: Run[] = []
  let at = offset + 4
  for (;;) {
    const next = readRunHeader(source, at, limits)
    if (next.run === undefined) {
      const trailer = readTrailer(source, next.end, limits)
      const ranges = runs.map(({ first, count }) => [first, count] as const)
      return { style: 'table', offset, trailer, ranges, entry: (number) => findEntry(source, runs, number) }
    }
    runs.push(next.run)
    if (runs.length > MAX_RUNS) overLimit('xref_runs', MAX_RUNS)
    at = next.end
  }
}

/** A header `first count`, or the end of the keyword `trailer` when the entries are over. */
function readRunHeader(source: Source, offset: number, limits: Limits): { run?: Run; end: number } {
  const window = source.read(offset, 128)
  const start = skipSpace(window, 0)
  if (matches(window, start, 'trailer')) return { end: offset + start + 7 }
  const firstEnd = skipDigits(window, start)
  const countStart = skipSpace(window, firstEnd)
  const countEnd = skipDigits(window, countStart)
  if (firstEnd === start || countEnd === countStart) damaged('xref', 'the cross-reference table is malformed')
  const first = Number(latin1(window.subarray(start, firstEnd)))
  const count = Number(latin1(window.subarray(countStart, countEnd)))
  if (first + count > limits.objectNumber + 1) overLimit('object_number', limits.objectNumber)
  const entries = offset + (count === 0 ? countEnd : skipSpace(window, countEnd))
  const end = entries + count * ENTRY_BYTES
  if (end > source.size) damaged('xref', 'the cross-reference table is cut off')
  const run = { first, count, offset: entries }
  // The last entry is looked at now, so that entries of another length are noticed before they are used.
  if (count > 0) readEntry(source, run, count - 1)
  return { run, end }
}

function findEntry(source: Source, runs: readonly Run[], number: number): XrefEntry | undefined {
  const run = runs.find(({ first, count }) => number >= first && number < first + count)
  return run && readEntry(source, run, number - run.first)
}

function readEntry(source: Source, run: Run, index: number): XrefEntry {
  const bytes = source.read(run.offset + index * ENTRY_BYTES, ENTRY_BYTES)
  const digitsEnd = skipDigits(bytes, 0)
  const generationEnd = skipDigits(bytes, 11)
  const wellFormed =
    bytes.length === ENTRY_BYTES && digitsEnd === 10 && isDigit(bytes[11]) && generationEnd === 16 && isLineEnd(bytes)
  if (!wellFormed) damaged('xref', 'an entry of the cross-reference table is malformed')
  if (bytes[17] === 0x66) return { kind: 'free' }
  if (bytes[17] !== 0x6e) damaged('xref', 'an entry of the cross-reference table is malformed')
  const text = latin1(bytes)
  return { kind: 'offset', offset: Number(text.slice(0, 10)), generation: Number(text.slice(11, 16)) }
}

/** ` \r`, ` \n` or `\r\n`. */
function isLineEnd(entry: Uint8Array): boolean {
  const [first, second] = [entry[18], entry[19]]
  return (first === 32 && (second === 13 || second === 10)) || (first === 13 && second === 10)
}

function readTrailer(source: Source, offset: number, limits: Limits) {
  return readWindow(source, offset, limits, (window) => {
    const start = skipSpace(window, 0)
    const end = skipValue(window, start)
    const value = readDict(window.subarray(start, end)) ?? damaged('trailer', 'the trailer is not a dictionary')
    return { value, end }
  })
}
