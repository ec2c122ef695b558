import { FILE_ID, objectsOf } from '../../src/pdf/testing/pdf-builder.ts'

const ID = `/ID[<${FILE_ID}><${FILE_ID}>]`
const HEAD = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'
/** What belongs to the first page, and the object that says that the file is linearised. */
const FIRST_PAGE = [1, 2, 3, 10, 11]
const DICTIONARY = 20

/**
 * A document in the order of a linearised one (ISO 32000-2 annex F): the section of the first page stands at the
 * start and names the rest as its /Prev, the offset at the end leads to the start. It has no hint tables, which are
 * for those who read over a network.
 */
export function buildLinearised(): Buffer {
  const objects = objectsOf({ form: true })
  const rest = [...objects.keys()].filter((number) => !FIRST_PAGE.includes(number))
  const bodies = (numbers: readonly number[]) => numbers.map((number) => bodyOf(number, objects.get(number)))
  const sectionAt = HEAD.length + dictionary(0, 0, 0).length
  const first = place(FIRST_PAGE, bodies(FIRST_PAGE), sectionAt + firstSection(new Map(), 0).length)
  const others = place(rest, bodies(rest), first.end)
  const table = mainTable(others.offsets)
  const end = `${table}trailer\n<</Size ${DICTIONARY}>>\nstartxref\n${sectionAt}\n%%EOF\n`
  const entriesAt = others.end + table.indexOf('0000000000')
  const all = [
    HEAD,
    dictionary(others.end + end.length, first.end, entriesAt - 1),
    firstSection(new Map([...first.offsets, [DICTIONARY, HEAD.length]]), others.end),
    ...bodies([...FIRST_PAGE, ...rest]),
    end,
  ]
  return Buffer.from(all.join(''), 'latin1')
}

function bodyOf(number: number, body: string | undefined): string {
  return `${number} 0 obj\n${body}\nendobj\n`
}

/** Where each object starts when they follow each other from an offset on, and where the last one ends. */
function place(numbers: readonly number[], bodies: readonly string[], from: number) {
  const offsets = new Map<number, number>()
  let end = from
  for (const [i, number] of numbers.entries()) {
    offsets.set(number, end)
    end += bodies[i]?.length ?? 0
  }
  return { end, offsets }
}

function dictionary(length: number, firstPageEnd: number, entries: number): string {
  const text = `<</Linearized 1/L ${wide(length)}/O 10/E ${wide(firstPageEnd)}/N 2/T ${wide(entries)}>>`
  return bodyOf(DICTIONARY, text)
}

function firstSection(offsets: ReadonlyMap<number, number>, prev: number): string {
  const rows = [...FIRST_PAGE, DICTIONARY].map((number) => `${number} 1\n${entry(offsets.get(number) ?? 0)}`)
  const trailer = `<</Size ${DICTIONARY + 1}/Root 1 0 R${ID}/Prev ${wide(prev)}>>`
  return `xref\n${rows.join('')}trailer\n${trailer}\nstartxref\n0\n%%EOF\n`
}

/** From 0 without a gap: some readers compute where an entry of this table lies. */
function mainTable(offsets: ReadonlyMap<number, number>): string {
  const rows = Array.from({ length: DICTIONARY }, (_, number) => entry(offsets.get(number), number === 0 ? 65535 : 0))
  return `xref\n0 ${DICTIONARY}\n${rows.join('')}`
}

/** Numbers of one width, so that nothing moves when they are known. */
function wide(value: number): string {
  return String(value).padStart(8, '0')
}

function entry(offset: number | undefined, generation = 0): string {
  const text = `${String(offset ?? 0).padStart(10, '0')} ${String(generation).padStart(5, '0')}`
  return `${text} ${offset === undefined ? 'f' : 'n'} \n`
}
