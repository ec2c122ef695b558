import { describe, expect, test } from 'vitest'
import { bytesSource, openPdf, pages, RevisionWriter, readInteger, readString, readText } from './index.ts'
import { codeOf } from './testing/code-of.ts'
import { buildPdf, kinds, objectsOf, stream, writePdf } from './testing/pdf-builder.ts'

const open = (pdf: Uint8Array) => openPdf(bytesSource(pdf))
const NULL = Buffer.from('null')

function integer(pdf: Uint8Array, number: number, generation = 0): number | undefined {
  return readInteger(open(pdf).object({ number, generation })?.value ?? NULL)
}

/** A file whose cross-reference stream has these rows, as numbers of `widths` bytes each. */
function withRows(bodies: Record<number, string>, widths: number[], extra: number[][] = [], index = ''): Buffer {
  let file = '%PDF-1.5\n'
  const rows: number[][] = [[0, 0, 0]]
  for (const [number, body] of Object.entries(bodies)) {
    while (rows.length < Number(number)) rows.push([0, 0, 0])
    rows.push([1, file.length, 0])
    file += `${number} 0 obj\n${body}\nendobj\n`
  }
  rows.push(...extra)
  const digits = (value: number, width: number) => (width === 0 ? '' : value.toString(16).padStart(2 * width, '0'))
  const hex = rows.map((row) => row.map((value, i) => digits(value, widths[i] ?? 0)).join('')).join('')
  const entries = `/Type/XRef/W[${widths.join(' ')}]/Size ${rows.length}/Root 1 0 R${index}/Filter/ASCIIHexDecode`
  const section = stream(`${hex}>`, entries)
  return Buffer.from(`${file}99 0 obj\n${section}\nendobj\nstartxref\n${file.length}\n%%EOF\n`, 'latin1')
}

const BASE = { 1: '<</Type/Catalog/Pages 2 0 R>>', 2: '<</Type/Pages/Kids[]/Count 0>>' }

describe('an object stream', () => {
  const pack = (header: string, values: string, count: number, entries = '') =>
    stream(header + values, `/Type/ObjStm/N ${count}/First ${header.length}${entries}`)
  const inPack = (body: string, number: number) =>
    integer(
      withRows(
        { ...BASE, 3: body },
        [1, 4, 2],
        [
          [2, 3, 0],
          [2, 3, 1],
        ],
      ),
      number,
    )

  test('with two objects at one place is refused', () => {
    expect(codeOf(() => inPack(pack('4 0 5 0 ', '71 72 ', 2), 5))).toBe('object_stream')
  })

  test('whose objects stand in another order than in its header is read', () => {
    const body = pack('4 3 5 0 ', '72 71 ', 2)
    expect([inPack(body, 4), inPack(body, 5)]).toEqual([71, 72])
  })

  test('whose objects have another place than the cross-references say is refused', () => {
    const body = pack('5 0 4 3 ', '72 71 ', 2)
    expect([codeOf(() => inPack(body, 4)), codeOf(() => inPack(body, 5))]).toEqual(['object_stream', 'object_stream'])
  })

  test('that extends another is read by itself', () => {
    expect(inPack(pack('4 0 5 3 ', '71 72 ', 2, '/Extends 3 0 R'), 5)).toBe(72)
  })
})

describe('a cross-reference stream', () => {
  test('whose fields are nine bytes wide is refused', () => {
    expect(codeOf(() => withRows(BASE, [1, 9, 1]) && open(withRows(BASE, [1, 9, 1])))).toBe('xref')
  })

  test.each([[[1, 8, 8]], [[8, 8, 8]], [[1, 2, 0]], [[1, 3, 1]]])('with fields of %j bytes is read', (widths) => {
    expect(integer(withRows({ ...BASE, 3: '77' }, widths), 3)).toBe(77)
  })

  test('says null by a type that nobody knows', () => {
    expect(open(withRows(BASE, [1, 4, 2], [[3, 9, 0]])).object({ number: 3, generation: 0 })).toBeUndefined()
  })

  test('names its runs by /Index', () => {
    const rows = withRows(BASE, [1, 4, 2], [[1, 9, 0]], '/Index[0 3 50 1]')
    expect(open(rows).entry(50)).toEqual({ kind: 'offset', offset: 9, generation: 0 })
  })
})

describe('a cross-reference table', () => {
  const table = buildPdf('table').toString('latin1')

  test('with a generation that the object has not is refused', () => {
    const wrong = table.replace(/00000 n(?= \n\d+ 00000 n \n\d+ 00000 n \n0000000000 00000 f)/, '00003 n')
    expect(codeOf(() => [...pages(open(Buffer.from(wrong, 'latin1')))])).toBe('object')
  })

  test('with objects of a later generation is read', () => {
    const objects = new Map([...objectsOf({}), [20, '77']])
    const text = writePdf('table', objects).toString('latin1').replace('20 0 obj', '20 4 obj')
    const offset = String(text.indexOf('20 4 obj')).padStart(10, '0')
    const pdf = Buffer.from(text.replace(`${offset} 00000 n`, `${offset} 00004 n`), 'latin1')
    expect([integer(pdf, 20, 4), integer(pdf, 20, 0)]).toEqual([77, undefined])
  })

  test('ends its lines in each way that is allowed', () => {
    for (const end of [' \r', '\r\n']) {
      const pdf = Buffer.from(table.replaceAll(/ ([nf]) \n/g, ` $1${end}`), 'latin1')
      expect([...pages(open(pdf))]).toHaveLength(2)
    }
  })
})

test('texts in UTF-8 and names with escapes say what they say', () => {
  const objects = new Map([...objectsOf({}), [20, '<</Na#6de <EFBBBFC3B1>>>']])
  const value = open(writePdf('table', objects)).dict({ number: 20, generation: 0 })?.get('Name') ?? NULL
  expect(readText(readString(value) ?? Buffer.alloc(0))).toBe('ñ')
})

describe.each(kinds)('a hundred revisions of a document of the kind %s', (kind) => {
  let pdf: Buffer = buildPdf(kind, { form: true, pages: 50 })
  for (let i = 1; i <= 102; i++) {
    const writer = new RevisionWriter(open(pdf))
    writer.put(i === 50 ? { number: 3, generation: 0 } : writer.allocate(), String(i))
    pdf = Buffer.concat([pdf, writer.finish(Buffer.from(String(i))).tail])
  }

  test('are opened in milliseconds', () => {
    open(pdf)
    const start = performance.now()
    const document = open(pdf)
    expect([...pages(document)]).toHaveLength(50)
    expect(document.revisions).toHaveLength(103)
    expect(performance.now() - start).toBeLessThan(150)
  })

  test('are each what they were', () => {
    const document = open(pdf)
    for (const [count, expected] of [
      [0, 50],
      [51, 50],
      [52, 50],
      [53, undefined],
      [102, undefined],
    ] as const) {
      const before = document.before(count)
      expect(readInteger(before.object({ number: 3, generation: 0 })?.value ?? NULL)).toBe(expected)
      expect(before.revisions).toHaveLength(103 - count)
    }
    expect(document.before(50).before(3).object({ number: 3, generation: 0 })?.value).toEqual(
      document.before(53).object({ number: 3, generation: 0 })?.value,
    )
  })
})
