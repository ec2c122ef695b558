import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Budget } from './budget.ts'
import { decodeStream } from './filters.ts'
import { bytesSource, defaultLimits, formFields, openPdf, pages, type Source } from './index.ts'
import { codeOf } from './testing/code-of.ts'
import { objectsOf, stream, writePdf } from './testing/pdf-builder.ts'

/* Small files that are made to cost much. Each must be refused by name, and long before a second is over. */

const TIME_MS = 2000

/** The form of a document in which some objects are others. */
function formOf(changes: Readonly<Record<number, string>>, limits = defaultLimits) {
  const objects = objectsOf({ form: true })
  for (const [number, body] of Object.entries(changes)) objects.set(Number(number), body)
  return formFields(openPdf(bytesSource(writePdf('table', objects)), { limits }))
}

const flate = (text: string) => deflateSync(Buffer.from(text, 'latin1')).toString('latin1')
const list = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i)).join(' ')

/** A file whose cross-reference stream, number 50, has these rows of `[number, type, field, field]`. */
function withStream(bodies: Readonly<Record<number, string>>, packed: readonly (readonly [number, number])[]): Buffer {
  let file = '%PDF-1.7\n'
  const rows: number[][] = packed.map(([number, container]) => [number, 2, container, 0])
  for (const [number, body] of Object.entries(bodies)) {
    rows.push([Number(number), 1, file.length, 0])
    file += `${number} 0 obj\n${body}\nendobj\n`
  }
  const data = Buffer.concat(
    rows.map(([, type = 0, field = 0]) => {
      const row = Buffer.alloc(6)
      row[0] = type
      row.writeUInt32BE(field, 1)
      return row
    }),
  )
  const index = rows.map(([number]) => `${number} 1`).join(' ')
  const section = stream(data.toString('latin1'), `/Type/XRef/W[1 4 1]/Size 9000/Root 1 0 R/Index[${index}]`)
  return Buffer.from(`${file}9000 0 obj\n${section}\nendobj\nstartxref\n${file.length}\n%%EOF`, 'latin1')
}

const PAGES = { 1: '<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>', 2: '<</Type/Pages/Kids[]/Count 0>>' }

describe('an object stream', () => {
  const packOf = (header: string, values: string, count: number) =>
    stream(flate(header + values), `/Type/ObjStm/N ${count}/First ${header.length}/Filter/FlateDecode`)
  const formIn = (pack: string) => () => formFields(openPdf(bytesSource(withStream({ ...PAGES, 5: pack }, [[3, 5]]))))

  test('whose values lie over each other', { timeout: TIME_MS }, () => {
    const header = `${list(20_000, (i) => `${i + 3} 0`)} `
    expect(codeOf(formIn(packOf(header, `[${'1 '.repeat(100_000)}]`, 20_000)))).toBe('object_stream')
  })

  test('whose value goes on into the next', () => {
    expect(codeOf(formIn(packOf('3 0 4 5 ', '<</A [1 2]>>', 2)))).toBe('cut_off')
  })

  test('that lists more objects than the limit', () => {
    expect(codeOf(formIn(packOf('3 0 ', '<<>>', 1_000_001)))).toBe('packed_objects')
  })

  test.each(['Length', 'N', 'First'])('whose /%s lies inside it', (key) => {
    const entries = { Length: '8', N: '1', First: '4', [key]: '3 0 R' }
    const dict = Object.entries(entries).map(([name, value]) => `/${name} ${value}`)
    const pack = `<</Type/ObjStm${dict.join('')}>>\nstream\n3 0 <<>>\nendstream`
    expect(codeOf(formIn(pack))).toBe('object_stream')
  })

  test('whose length leads from one object stream to the next, thousands of times', () => {
    const bodies: Record<number, string> = { ...PAGES }
    const packed: [number, number][] = [[3, 1000]]
    for (let number = 1000; number < 8000; number += 2) {
      bodies[number] = `<</Type/ObjStm/N 1/First 4/Length ${number + 1} 0 R>>\nstream\n3 0 <<>>\nendstream`
      packed.push([number + 1, number + 2])
    }
    expect(codeOf(() => formFields(openPdf(bytesSource(withStream(bodies, packed)))))).toBe('depth')
  })
})

describe('a list of kids', () => {
  const many = `[${list(200_000, (i) => `${i + 20} 0 R`)}]`

  test('that is too long for a field', () => {
    expect(codeOf(() => formOf({ 7: `<</T(a)/FT/Sig/Kids${many}>>` }))).toBe('nodes')
  })

  test('that is too long for the form', () => {
    expect(codeOf(() => formOf({ 4: `<</Fields${many}>>` }))).toBe('nodes')
  })

  test('that is too long for the page tree', () => {
    const objects = objectsOf({}).set(2, `<</Type/Pages/Kids${many}/Count 1>>`)
    expect(codeOf(() => [...pages(openPdf(bytesSource(writePdf('table', objects))))])).toBe('nodes')
  })

  test('that many fields share', { timeout: TIME_MS }, () => {
    const fields = Array.from({ length: 1000 }, (_, i) => [100 + i, '<</FT/Sig/T(a)/Kids 20 0 R>>'] as const)
    const changes = {
      4: `<</Fields[${list(1000, (i) => `${100 + i} 0 R`)}]>>`,
      20: `[${list(5000, () => '8 0 R')}]`,
      ...Object.fromEntries(fields),
    }
    expect(codeOf(() => formOf(changes))).toBe('nodes')
  })

  test('that is as long as an object may be', () => {
    expect(codeOf(() => formOf({ 4: `<</Fields[${'0 '.repeat(2_000_000)}]>>` }))).toBe('items')
  })
})

test.each<[string, Record<number, string>]>([
  ['/AcroForm 7', { 1: '<</Type/Catalog/Pages 2 0 R/AcroForm 7>>' }],
  ['/AcroForm [1 2]', { 1: '<</Type/Catalog/Pages 2 0 R/AcroForm[1 2]>>' }],
  ['/Fields 7', { 4: '<</Fields 7>>' }],
  ['/Kids 7 in a field', { 7: '<</T(a)/Kids 7>>' }],
])('%s is refused and not taken for nothing', (_, changes) => {
  expect(codeOf(() => formOf(changes))).toBe('form')
})

test('a form and fields that are null are none', () => {
  expect(formOf({ 1: '<</Type/Catalog/Pages 2 0 R/AcroForm null>>' })).toEqual([])
  expect(formOf({ 4: '<</Fields 99 0 R>>' })).toEqual([])
})

describe('filters of text', () => {
  const budgetOf = (decodedBytes: number) => new Budget({ ...defaultLimits, decodedBytes })
  /** `room` is what the filter may give, beside the text itself. */
  const undo = (name: string, text: string, room: number) => () =>
    decodeStream(Buffer.from(text, 'latin1'), [{ name }], budgetOf(text.length + room))

  test('stop at the limit before they unfold', () => {
    expect(codeOf(undo('ASCII85Decode', `${'z'.repeat(1_000_000)}~>`, 100))).toBe('decoded_bytes')
    expect(codeOf(undo('ASCII85Decode', '!!!!!!!~>', 4))).toBe('decoded_bytes')
    expect(codeOf(undo('ASCIIHexDecode', `${'00'.repeat(101)}>`, 100))).toBe('decoded_bytes')
  })

  test('undo ten million characters', { timeout: 5000 }, () => {
    expect(undo('ASCII85Decode', `${'!!!!!'.repeat(2_000_000)}~>`, 8_000_000)()).toHaveLength(8_000_000)
    expect(undo('ASCIIHexDecode', `${'00'.repeat(5_000_000)}>`, 5_000_000)()).toHaveLength(5_000_000)
  })

  test.each(['', '~', '>', '!~>', 'a!z!!~>', '!!!!~', 'z~>z~>', 'v!!!!~>', 's8W-"~>'])('refuse %j', (text) => {
    expect(codeOf(undo('ASCII85Decode', text, 100))).toBe('ascii85')
  })

  test('undo every length', () => {
    for (const [text, hex] of [
      ['~>', ''],
      ['5l~>', '41'],
      ['5\nsb ~>', '4142'],
      ['z5l~>', '0000000041'],
      ['s8W-!~>', 'ffffffff'],
    ] as const)
      expect(Buffer.from(undo('ASCII85Decode', text, 9)()).toString('hex')).toBe(hex)
    expect([...undo('ASCIIHexDecode', '4 1\n5>', 9)()]).toEqual([0x41, 0x50])
    expect([...undo('ASCIIHexDecode', '>', 9)()]).toEqual([])
  })

  test('a stream without filters counts as well', () => {
    expect(codeOf(() => decodeStream(Buffer.alloc(101), [], budgetOf(100)))).toBe('decoded_bytes')
  })

  test('what one filter unfolds counts, also when the next makes nothing of it', () => {
    const blanks = deflateSync(Buffer.from(`${' '.repeat(1000)}>`))
    const steps = [{ name: 'FlateDecode' }, { name: 'ASCIIHexDecode' }]
    expect(decodeStream(blanks, steps, budgetOf(2000))).toHaveLength(0)
    expect(codeOf(() => decodeStream(blanks, steps, budgetOf(1000)))).toBe('decoded_bytes')
    const budget = budgetOf(2000)
    const twice = () => [decodeStream(blanks, steps, budget), decodeStream(blanks, steps, budget)]
    expect(codeOf(twice)).toBe('decoded_bytes')
  })
})

describe('runs of cross-references', () => {
  const plain = writePdf('table', objectsOf({ form: true })).toString('latin1')
  const withRuns = (runs: string) => Buffer.from(plain.replace('trailer', `${runs}trailer`), 'latin1')
  const streamWith = (index: string) =>
    Buffer.from(
      `%PDF-1.7\n1 0 obj\n${stream('', `/Type/XRef/W[0 0 0]/Size 9/Root 1 0 R/Index[${index}]`)}\nendobj\nstartxref\n9\n%%EOF`,
    )

  test('that are empty are counted, over all sections', () => {
    expect(codeOf(() => openPdf(bytesSource(withRuns('0 0\n'.repeat(100_000)))))).toBe('xref_runs')
    expect(codeOf(() => openPdf(bytesSource(streamWith(`0 1 ${'0 0 '.repeat(100_000)}`))))).toBe('xref_runs')
    const limits = { ...defaultLimits, runs: 1 }
    const hybrid = writePdf('hybrid', objectsOf({ form: true }))
    expect(codeOf(() => openPdf(bytesSource(hybrid), { limits }))).toBe('xref_runs')
  })

  test('of a million pairs', () => {
    expect(codeOf(() => openPdf(bytesSource(streamWith('0 0 '.repeat(1_000_000)))))).toBe('items')
  })

  test('that are empty cost nothing afterwards', { timeout: TIME_MS }, () => {
    const objects = objectsOf({ form: true }).set(4, `<</Fields[${list(90_000, (i) => `${i + 100} 0 R`)}]>>`)
    const text = writePdf('table', objects)
      .toString('latin1')
      .replace('trailer', `${'0 0\n'.repeat(99_000)}trailer`)
    expect(formFields(openPdf(bytesSource(Buffer.from(text, 'latin1'))))).toEqual([])
  })

  test('that have an object twice', () => {
    expect(codeOf(() => openPdf(bytesSource(withRuns('3 1\n0000000000 00000 f \n'))))).toBe('xref')
    expect(codeOf(() => openPdf(bytesSource(streamWith('0 3 2 1'))))).toBe('xref')
  })

  test('in any order are found', () => {
    const document = openPdf(
      bytesSource(withRuns('90 2\n0000000009 00000 n \n0000000010 00000 n \n40 1\n0000000011 00000 n \n')),
    )
    const at = (number: number) => document.entry(number)
    expect(at(91)).toEqual({ kind: 'offset', offset: 10, generation: 0 })
    expect(at(40)).toEqual({ kind: 'offset', offset: 11, generation: 0 })
    for (const number of [39, 41, 89, 92, 5000]) expect(at(number)).toBeUndefined()
  })
})

describe('objects that lie over each other by comments', () => {
  /** Thousands of objects in one line: each starts in the comment of the one before, and all end at the same place. */
  function overlapping(count: number): Buffer {
    let file = '%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>endobj\n2 0 obj<</Kids[]>>endobj\n'
    const offsets = [0, file.indexOf('1 0 obj'), file.indexOf('2 0 obj'), file.length]
    file += `3 0 obj<</Fields[${list(count, (i) => `${i + 4} 0 R`)}]>>endobj\n`
    for (let i = 0; i < count; i++) {
      offsets.push(file.length)
      file += `${i + 4} 0 obj%`
    }
    file += `${' '.repeat(150_000)}\n<</T(a)>>endobj\n`
    const entries = offsets.map((at, i) => `${String(at).padStart(10, '0')} ${i ? '00000 n' : '65535 f'} \n`).join('')
    return Buffer.from(
      `${file}xref\n0 ${offsets.length}\n${entries}trailer<</Size 9/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF`,
      'latin1',
    )
  }

  test('are looked at until the limit', { timeout: 15_000 }, () => {
    expect(codeOf(() => formFields(openPdf(bytesSource(overlapping(8000)))))).toBe('window_bytes')
  })

  test('do not keep what was read to find their ends', () => {
    const whole = overlapping(20)
    const source: Source = {
      size: whole.length,
      read: (offset, length) => Uint8Array.prototype.slice.call(whole, offset, offset + length),
    }
    const document = openPdf(source)
    expect(document.object({ number: 4, generation: 0 })?.value.buffer.byteLength).toBeLessThan(100)
  })
})
