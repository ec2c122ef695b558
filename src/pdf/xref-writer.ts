import { type Bytes, concat } from '../std/bytes.ts'
import { overLimit } from './pdf-error.ts'
import { writeDict, writeName } from './values.ts'
import type { XrefEntry, XrefSection } from './xref-section.ts'

/** What a section says: an entry for each of these numbers, which ascend. */
export type XrefEntries = {
  readonly numbers: Iterable<number>
  entry(number: number): XrefEntry
}

export type NewSection = {
  readonly style: XrefSection['style']
  /** Where the section will start, as the file counts its offsets. */
  readonly at: number
  readonly entries: XrefEntries
  /** Entries of the trailer that do not depend on the section. */
  readonly trailer: ReadonlyMap<string, Bytes>
  /** One above the highest number of the file. */
  readonly size: number
}

type Run = { readonly first: number; count: number }

const MAX_TABLE_OFFSET = 9_999_999_999
const TABLE_ENTRY_BYTES = 20
const TYPE_BYTES = 1
const FIELD_BYTES = 6
const INDEX_BYTES = 4

/**
 * A cross-reference section with its trailer, and the end of the file. A stream is the object `size - 1`, and has an
 * entry for itself. Throws `pdf.limit` for an offset that a table cannot hold.
 */
export function writeSection(section: NewSection): Bytes {
  const end = Buffer.from(`startxref\n${section.at}\n%%EOF\n`)
  return concat(section.style === 'table' ? writeTable(section) : writeStream(section), end)
}

/** Groups ascending numbers into runs without gaps. */
function runsOf(numbers: Iterable<number>): Run[] {
  const runs: Run[] = []
  for (const number of numbers) {
    const run = runs.at(-1)
    if (run && run.first + run.count === number) run.count++
    else runs.push({ first: number, count: 1 })
  }
  return runs
}

/** ISO 32000-2 7.5.4. */
function writeTable({ entries, trailer, size }: NewSection): Bytes {
  const parts: Bytes[] = [Buffer.from('xref\n')]
  for (const { first, count } of runsOf(entries.numbers)) {
    const lines = Buffer.alloc(count * TABLE_ENTRY_BYTES)
    for (let i = 0; i < count; i++) lines.write(tableEntry(entries.entry(first + i)), i * TABLE_ENTRY_BYTES, 'latin1')
    parts.push(Buffer.from(`${first} ${count}\n`), lines)
  }
  const dict = writeDict(new Map([...trailer, ['Size', Buffer.from(String(size))]]))
  return concat(...parts, Buffer.from('trailer\n'), dict, Buffer.from('\n'))
}

function tableEntry(entry: XrefEntry): string {
  if (entry.kind !== 'offset') return '0000000000 65535 f \n'
  if (entry.offset > MAX_TABLE_OFFSET) overLimit('offset', MAX_TABLE_OFFSET)
  return `${String(entry.offset).padStart(10, '0')} ${String(entry.generation).padStart(5, '0')} n \n`
}

/** ISO 32000-2 7.5.8. */
function writeStream({ at, entries, trailer, size }: NewSection): Bytes {
  const own = size - 1
  const ownEntry: XrefEntry = { kind: 'offset', offset: at, generation: 0 }
  const runs = runsOf(withOwn(entries.numbers, own))
  const entryOf = (number: number) => (number === own ? ownEntry : entries.entry(number))
  const data = concat(...runs.map(({ first, count }) => rowsOf(first, count, entryOf)))
  const index = runs.map(({ first, count }) => `${first} ${count}`).join(' ')
  const dict = new Map<string, Bytes>([
    ...trailer,
    ['Type', Buffer.from(writeName('XRef'))],
    ['Size', Buffer.from(String(size))],
    ['Index', Buffer.from(`[${index}]`)],
    ['W', Buffer.from(`[${TYPE_BYTES} ${FIELD_BYTES} ${INDEX_BYTES}]`)],
    ['Length', Buffer.from(String(data.length))],
  ])
  const head = Buffer.from(`${own} 0 obj\n`)
  return concat(head, writeDict(dict), Buffer.from('\nstream\n'), data, Buffer.from('\nendstream\nendobj\n'))
}

function* withOwn(numbers: Iterable<number>, own: number): Generator<number> {
  yield* numbers
  yield own
}

function rowsOf(first: number, count: number, entryOf: (number: number) => XrefEntry): Bytes {
  const width = TYPE_BYTES + FIELD_BYTES + INDEX_BYTES
  const data = Buffer.alloc(count * width)
  for (let i = 0; i < count; i++) {
    const [type, field, index] = fieldsOf(entryOf(first + i))
    data.writeUInt8(type, i * width)
    data.writeUIntBE(field, i * width + TYPE_BYTES, FIELD_BYTES)
    data.writeUInt32BE(index, i * width + TYPE_BYTES + FIELD_BYTES)
  }
  return data
}

function fieldsOf(entry: XrefEntry): [type: number, field: number, index: number] {
  switch (entry.kind) {
    case 'free':
      return [0, 0, 65_535]
    case 'offset':
      return [1, entry.offset, entry.generation]
    case 'compressed':
      return [2, entry.stream, entry.index]
  }
}
