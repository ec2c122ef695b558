import type { Bytes } from '../std/bytes.ts'
import type { Budget } from './budget.ts'
import type { PdfObject } from './indirect-object.ts'
import { damaged } from './pdf-error.ts'
import { type Dict, readArray, readInteger, readName } from './values.ts'
import { XrefRuns } from './xref-runs.ts'
import type { XrefEntry, XrefSection } from './xref-section.ts'

/** ISO 32000-2 7.3.10. */
const MAX_GENERATION = 65_535

type Widths = readonly [type: number, second: number, third: number]

/** Makes a section from a cross-reference stream and its unpacked data. Throws `pdf.damaged` or `pdf.limit`. */
export function xrefStreamSection(object: PdfObject, dict: Dict, data: Bytes, budget: Budget): XrefSection {
  if (readName(dict.get('Type') ?? data) !== 'XRef') damaged('xref', 'the cross-reference stream has another type')
  const widths = readWidths(dict)
  const width = widths[0] + widths[1] + widths[2]
  const runs = readRuns(dict, width, data.length, budget)
  return {
    style: 'stream',
    offset: object.offset ?? 0,
    trailer: dict,
    ranges: runs.ranges,
    entry(number) {
      const run = runs.find(number)
      return run && readEntry(data, run.at + (number - run.first) * width, widths)
    },
  }
}

function integers(dict: Dict, key: string): number[] | undefined {
  const value = dict.get(key)
  if (value === undefined) return undefined
  return readArray(value)?.map((item) => readInteger(item) ?? -1) ?? damaged('xref', `/${key} is not an array`)
}

function readWidths(dict: Dict): Widths {
  const [type, second, third, ...more] = integers(dict, 'W') ?? []
  if (type === undefined || second === undefined || third === undefined || more.length > 0)
    damaged('xref', '/W must have three numbers')
  if ([type, second, third].some((width) => width < 0 || width > 8)) damaged('xref', '/W is out of range')
  return [type, second, third]
}

function readRuns(dict: Dict, width: number, length: number, budget: Budget): XrefRuns {
  const size = readInteger(dict.get('Size') ?? dict.get('W') ?? new Uint8Array()) ?? damaged('xref', '/Size is missing')
  const index = integers(dict, 'Index') ?? [0, size]
  if (index.length % 2 === 1) damaged('xref', '/Index must have pairs')
  const runs = new XrefRuns(budget)
  let at = 0
  for (let i = 0; i < index.length; i += 2) {
    const [first = -1, count = -1] = index.slice(i, i + 2)
    if (first < 0 || count < 0) damaged('xref', '/Index is out of range')
    runs.add({ first, count, at, width })
    at += count * width
  }
  if (at > length) damaged('xref', 'the cross-reference stream is cut off')
  runs.close()
  return runs
}

function readEntry(data: Bytes, at: number, [first, second, third]: Widths): XrefEntry {
  // ISO 32000-2 table 17: a width of zero means the default, which is type 1.
  const type = first === 0 ? 1 : field(data, at, first)
  const a = field(data, at + first, second)
  const b = field(data, at + first + second, third)
  if (type === 1) {
    if (b > MAX_GENERATION) damaged('xref', 'a generation is out of range')
    return { kind: 'offset', offset: a, generation: b }
  }
  if (type === 2) return { kind: 'compressed', stream: a, index: b }
  // ISO 32000-2 7.5.8.3: any other type stands for null.
  return { kind: 'free' }
}

function field(data: Bytes, at: number, width: number): number {
  let value = 0
  for (let i = 0; i < width; i++) value = value * 256 + (data[at + i] ?? 0)
  return value
}
