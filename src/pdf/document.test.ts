import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesSource, defaultLimits, findPage, formFields, latin1, openPdf, PdfError, pages } from './index.ts'
import { codeOf } from './testing/code-of.ts'
import { buildPdf, kinds, objectsOf, stream, writePdf } from './testing/pdf-builder.ts'

const open = (bytes: Uint8Array) => openPdf(bytesSource(bytes))

/** A document in which some objects are others. */
function withObjects(changes: Record<number, string>, kind: (typeof kinds)[number] = 'table') {
  const objects = objectsOf({ form: true })
  for (const [number, body] of Object.entries(changes)) objects.set(Number(number), body)
  return writePdf(kind, objects)
}

/** Everything that signing looks at. */
function readAll(bytes: Uint8Array) {
  const document = open(bytes)
  return { pages: [...pages(document)].length, fields: formFields(document).map(({ name }) => name) }
}

const text = (bytes: Buffer, from: string, to: string) =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1')

describe('refused by name', () => {
  const table = buildPdf('table', { form: true })
  const xref = table.lastIndexOf('xref\n0')
  test.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'pdf.not_a_pdf'],
    ['a page of the web', Buffer.from('<html>'), 'pdf.not_a_pdf'],
    ['bytes before the header', Buffer.concat([Buffer.from('x'), table]), 'pdf.not_a_pdf'],
    ['an encryption that is not there', text(table, '/Root 1 0 R', '/Root 1 0 R/Encrypt 9 0 R'), 'encryption'],
    ['a file without an end', table.subarray(0, -20), 'startxref'],
    ['text after the end', Buffer.concat([table, Buffer.from('<script>')]), 'startxref'],
    ['an offset outside the file', text(table, `startxref\n${xref}`, 'startxref\n99999999'), 'xref'],
    ['an offset into nowhere', text(table, `startxref\n${xref}`, `startxref\n${xref - 3}`), 'object'],
    ['a table that is cut off', text(table, 'xref\n0 14', 'xref\n0 99'), 'xref'],
    ['a table with a number too high', text(table, 'xref\n0 14', 'xref\n9999999 14'), 'object_number'],
    ['entries of 19 bytes', text(table, '00000 n \n', '00000 n\n '), 'no error'],
    ['sections in a loop', text(table, '/Root 1 0 R', `/Root 1 0 R/Prev ${xref}`), 'xref_loop'],
    ['no catalog', withObjects({ 1: '<</Type/Catalog>>' }), 'catalog'],
    ['one key twice', withObjects({ 1: '<</Type/Catalog/Pages 2 0 R/Pages 4 0 R>>' }), 'duplicate_key'],
    ['a page tree that holds itself', withObjects({ 2: '<</Type/Pages/Kids[2 0 R]/Count 1>>' }), 'page_tree'],
    ['a page that stands twice', withObjects({ 2: '<</Type/Pages/Kids[10 0 R 10 0 R]/Count 2>>' }), 'page_tree'],
    ['a field that is its own kid', withObjects({ 7: '<</T(a)/FT/Sig/Kids[7 0 R]>>' }), 'form'],
    ['references in a loop', withObjects({ 4: '4 0 R' }), 'reference_loop'],
    ['arrays in arrays without end', withObjects({ 4: `${'['.repeat(200)}${']'.repeat(200)}` }), 'depth'],
    ['a word that is none', withObjects({ 4: '<</Fields foo>>' }), 'token'],
    ['a dictionary without an end', withObjects({ 4: '<</Fields [5 0 R]' }), 'dictionary'],
  ])('%s', (_, bytes, expected) => {
    if (expected !== 'no error') expect(codeOf(() => readAll(bytes))).toBe(expected)
    else expect(codeOf(() => readAll(bytes))).not.toBe('no error')
  })

  test('a wrong object at an offset', () => {
    expect(codeOf(() => readAll(text(table, '4 0 obj', '3 0 obj')))).toBe('object')
  })

  test('a stream of 300 kB that unfolds to 300 MB', () => {
    const zeros = deflateSync(Buffer.alloc(300_000_000)).toString('latin1')
    const bomb = stream(zeros, '/Type/ObjStm/N 1/First 4/Filter/FlateDecode')
    const document = open(writePdf('table', new Map([...objectsOf({}), [30, bomb]])))
    const object = document.object({ number: 30, generation: 0 })
    expect(codeOf(() => object && document.streamData(object))).toBe('decoded_bytes')
  })

  test('five filters on one stream, a filter of images, and a stream in another file', () => {
    const five = `[${'/FlateDecode'.repeat(5)}]`
    for (const [entries, expected] of [
      [`/Filter${five}`, 'filters'],
      ['/Filter/DCTDecode', 'pdf.unsupported_filter'],
      ['/F(other.bin)', 'pdf.unsupported_filter'],
    ] as const) {
      const document = open(writePdf('table', new Map([...objectsOf({}), [30, stream('x', entries)]])))
      const object = document.object({ number: 30, generation: 0 })
      expect(codeOf(() => object && document.streamData(object))).toBe(expected)
    }
  })

  test('more sections than the limit', () => {
    const limits = { ...defaultLimits, sections: 0 }
    expect(codeOf(() => openPdf(bytesSource(table), { limits }))).toBe('sections')
  })
})

describe.each(kinds)('a document of the kind %s', (kind) => {
  test('shows its pages and fields', () => {
    expect(readAll(buildPdf(kind, { form: true, pages: 5 }))).toEqual({ pages: 5, fields: ['city', 'Sig_A', 'Sig_B'] })
  })

  test('says what a field is', () => {
    const fields = formFields(open(buildPdf(kind, { form: true })))
    expect(fields.map(({ type, widget }) => [type, widget?.ref.number])).toEqual([
      ['Tx', 5],
      ['Sig', 6],
      ['Sig', 8],
    ])
    expect(latin1(fields[0]?.value ?? new Uint8Array())).toBe('(Lima)')
  })

  test('has no page behind its last', () => {
    expect(() => findPage(open(buildPdf(kind)), 2)).toThrow(PdfError)
  })

  test('cut or changed anywhere, is read or refused by the error of this folder', () => {
    const whole = buildPdf(kind, { form: true })
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
        if (!cut) bytes[at] = byte
        codeOf(() => readAll(bytes))
      }),
      { numRuns: 1500 },
    )
  })
})

test('a first free number is above every number in use, whatever /Size says', () => {
  const small = text(buildPdf('table'), '/Size 14', '/Size 02')
  expect(open(small).firstFreeNumber).toBe(14)
})
