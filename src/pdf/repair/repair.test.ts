import { describe, expect, test } from 'vitest'
import {
  bytesSource,
  defaultLimits,
  formFields,
  openPdf,
  type PdfDocument,
  pages,
  RevisionWriter,
  readInteger,
} from '../index.ts'
import { codeOf } from '../testing/code-of.ts'
import { damages, streamDamages, tableDamages } from '../testing/damage.ts'
import { buildPdf, kinds, objectsOf, stream, writePdf } from '../testing/pdf-builder.ts'

const strict = (pdf: Uint8Array) => openPdf(bytesSource(pdf))
const repaired = (pdf: Uint8Array) => openPdf(bytesSource(pdf), { damaged: 'repair' })
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const changed = (pdf: Buffer, from: string | RegExp, to: string) => latin1(pdf.toString('latin1').replace(from, to))

const view = (document: PdfDocument) => ({
  pages: [...pages(document)].length,
  fields: formFields(document).map(({ name }) => name),
})
const whole = { pages: 2, fields: ['city', 'Sig_A', 'Sig_B'] }
const codes = (document: PdfDocument) => [...new Set(document.findings.map(({ code }) => code.replace('repair.', '')))]

/** The document with one more revision, which states the catalog again. */
function appended(pdf: Buffer, document: PdfDocument, objects: Record<number, string> = {}): Buffer {
  const writer = new RevisionWriter(document)
  writer.put(document.catalogRef, document.object(document.catalogRef)?.value ?? '')
  for (const [number, value] of Object.entries(objects)) writer.put({ number: Number(number), generation: 0 }, value)
  return Buffer.concat([pdf, writer.finish(Buffer.from('seed')).tail])
}

describe('refused, as there is more than one way to read it', () => {
  const table = buildPdf('table', { form: true })
  const lost = (text: string) => changed(changed(table, /xref[\s\S]*$/, ''), /$/, text)
  test.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'pdf.not_a_pdf'],
    ['a page of the web', latin1('<html>'), 'pdf.not_a_pdf'],
    ['a header behind a kilobyte', Buffer.concat([Buffer.alloc(1025, 0x41), table]), 'pdf.not_a_pdf'],
    ['a header and nothing else', latin1('%PDF-1.7\n'), 'catalog'],
    ['two catalogs and no trailer', lost('99 0 obj<</Type/Catalog/Pages 2 0 R>>endobj'), 'catalog'],
    ['one key twice in the catalog', changed(table, '/Type/Catalog', '/Type/Catalog/Pages 9 0 R'), 'duplicate_key'],
    ['one key twice in the trailer', lost('trailer<</Root 1 0 R/Root 3 0 R>>'), 'duplicate_key'],
    [
      'one key twice in a newer catalog without cross-references',
      changed(table, /$/, '1 0 obj<</Type/Catalog/Pages 2 0 R/Pages 2 0 R>>endobj'),
      'duplicate_key',
    ],
    [
      'trailers of which one says that the file is encrypted',
      lost('trailer<</Root 1 0 R/Encrypt 9 0 R>>\ntrailer<</Root 1 0 R>>'),
      'trailer',
    ],
  ])('%s', (_, pdf, expected) => {
    expect(codeOf(() => view(repaired(pdf)))).toBe(expected)
  })

  test('an object stream that cannot be unpacked: an older object may stand in for each one in it', () => {
    const pdf = buildPdf('object-streams', { form: true })
    const at = pdf.indexOf('stream\n', pdf.indexOf('/ObjStm')) + 12
    pdf.fill(0, at, at + 8)
    expect(codeOf(() => view(repaired(pdf)))).toBe('flate')
  })
})

describe.each(kinds)('a file of the kind %s', (kind) => {
  const pdf = buildPdf(kind, { form: true })

  test('that is as it should be needs no repair', () => {
    const document = repaired(pdf)
    expect(view(document)).toEqual(whole)
    expect([document.findings, document.isRebuilt, document.headerOffset]).toEqual([[], false, 0])
    const next = appended(pdf, document)
    expect(next.equals(appended(pdf, strict(pdf)))).toBe(true)
    expect(repaired(next).revisions).toHaveLength(2)
  })

  test('goes on after the repair as if nothing had been', () => {
    const own = kind === 'table' || kind === 'hybrid' ? tableDamages : streamDamages
    for (const [name, damage] of Object.entries({ ...damages, ...own })) {
      const damagedPdf = damage(pdf)
      const document = repaired(damagedPdf)
      expect(view(document), name).toEqual(whole)
      const next = appended(damagedPdf, document)
      expect(next.subarray(0, damagedPdf.length).equals(damagedPdf), name).toBe(true)
      expect(view(document.headerOffset > 0 ? repaired(next) : strict(next)), name).toEqual(whole)
    }
  })

  test('cut off anywhere is read up to there, or refused', () => {
    const outcomes = new Set<unknown>()
    for (let size = 0; size < pdf.length; size += 7) outcomes.add(codeOf(() => view(repaired(pdf.subarray(0, size)))))
    expect([...outcomes]).toEqual(expect.arrayContaining(['pdf.not_a_pdf', 'catalog', 'no error']))
  })
})

describe('a repair is noted by name', () => {
  test.each<[keyof typeof damages, string[]]>([
    ['startxref points elsewhere', ['xref_rebuilt']],
    ['startxref is missing', ['xref_rebuilt']],
    ['%%EOF is missing', ['end_missing']],
    ['lines were inserted after the header', ['xref_rebuilt']],
    ['bytes stand before the header', ['header_moved']],
    ['text follows the end', ['bytes_after_end']],
    ['zeros follow the end', ['bytes_after_end']],
    ['a hundred bytes are cut off', ['xref_rebuilt', 'root_found']],
    ['endobj is missing twice', ['object_end', 'xref_rebuilt']],
    ['the length of a stream is missing', ['stream_length']],
    ['line feeds became carriage returns', ['stream_start']],
    ['an endstream is missing', ['stream_end', 'xref_rebuilt']],
  ])('%s', (name, expected) => {
    expect(codes(repaired(damages[name](buildPdf('table'))))).toEqual(expected)
  })

  test.each<[keyof typeof tableDamages, string[]]>([
    ['the table is missing', ['xref_rebuilt']],
    ['one offset of the table is wrong', ['xref_rebuilt']],
    ['entries are 19 bytes long', ['entry_length']],
    ['the trailer names no catalog', ['xref_rebuilt', 'root_found']],
    ['a second trailer has no catalog', []],
  ])('%s', (name, expected) => {
    expect(codes(repaired(tableDamages[name](buildPdf('table'))))).toEqual(expected)
  })

  test('with the object and the place', () => {
    const pdf = damages['the length of a stream is missing'](buildPdf('table'))
    const offset = pdf.indexOf('11 0 obj')
    expect(repaired(pdf).findings).toMatchObject([{ code: 'repair.stream_length', object: 11, offset }])
  })

  test('a hundred times at most for each name', () => {
    const objects = new Map([...objectsOf({}), ...Array.from({ length: 500 }, (_, i) => [50 + i, '<</A 1>>'] as const)])
    const pdf = changed(writePdf('table', objects), /<<\/A 1>>\nendobj/g, '<</A 1>>')
    const document = repaired(pdf)
    expect(document.findings.filter(({ code }) => code === 'repair.object_end')).toHaveLength(100)
    expect(document.damagedObjects).toHaveLength(500)
  })
})

describe('what is taken for an object', () => {
  const lost = (body: string) => latin1(`%PDF-1.4\n${body}\ntrailer<</Root 1 0 R>>`)
  const catalog = '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Kids[]/Count 0>>endobj\n'
  const integer = (pdf: Buffer, number: number) =>
    readInteger(repaired(pdf).object({ number, generation: 0 })?.value ?? Buffer.from('0'))

  test.each([
    ['the last of its number', '5 0 obj 7 endobj\n5 0 obj 8 endobj', 8],
    ['not in a comment', '5 0 obj 7 endobj\n% 5 0 obj 8 endobj', 7],
    ['not in a string', '5 0 obj 7 endobj\n6 0 obj (\n5 0 obj 8 endobj\n) endobj', 7],
    [
      'not in a stream whose length is right',
      '5 0 obj 7 endobj\n6 0 obj<</Length 30>>stream\nendstream 5 0 obj 8 endobj    \nendstream endobj',
      7,
    ],
    [
      'not in a stream whose length comes later',
      '5 0 obj 7 endobj\n6 0 obj<</Length 8 0 R>>stream\n5 0 obj 8 endobj\nendstream\nendobj 5 0 obj 9 endobj\nendstream endobj\n8 0 obj 51 endobj',
      7,
    ],
    ['not when the file ends in it', '5 0 obj 7 endobj\n5 0 obj (8', 7],
    ['without blanks around', '4 0 obj<<>>endobj5 0 obj 7 endobj', 7],
  ])('%s', (_, body, expected) => {
    // The trailer stands before a cut: nothing may follow what is cut off.
    const pdf = body.endsWith('(8')
      ? latin1(`%PDF-1.4\ntrailer<</Root 1 0 R>>\n${catalog}${body}`)
      : lost(catalog + body)
    expect(integer(pdf, 5)).toBe(expected)
  })

  test('a revision that was cut off counts as far as it goes', () => {
    const first = buildPdf('table', { form: true })
    const second = appended(first, strict(first), { 5: '<</FT/Tx/T(town)>>' })
    const cut = second.subarray(0, second.lastIndexOf('xref\n'))
    const document = repaired(cut)
    expect(codes(document)).toEqual(['objects_after_end', 'xref_rebuilt'])
    expect(view(document).fields).toEqual(['town', 'Sig_A', 'Sig_B'])
  })

  test('in an object stream and by itself, the one that stands later', () => {
    const first = buildPdf('object-streams', { form: true })
    const second = appended(first, strict(first), { 5: '<</FT/Tx/T(town)>>' })
    expect(view(repaired(damages['startxref is missing'](second))).fields).toEqual(
      ['city', 'Sig_A', 'Sig_B'].with(0, 'town'),
    )
  })
})

test('a length that only an object stream could tell is noted when it is needed', () => {
  const pdf = changed(buildPdf('table'), /\/Length \d+/, '/Length 99 0 R')
  const document = repaired(changed(pdf, /startxref\s+\d+/, ''))
  expect(codes(document)).toEqual(['xref_rebuilt'])
  const object = document.object({ number: 11, generation: 0 })
  expect(object && document.streamData(object).length).toBeGreaterThan(10)
  expect(codes(document)).toEqual(['xref_rebuilt', 'stream_length'])
})

test('a new revision states damaged objects again, with the right length', () => {
  const pdf = damages['the length of a stream is wrong'](buildPdf('table'))
  const next = strict(appended(pdf, repaired(pdf)))
  const object = next.object({ number: 11, generation: 0 })
  expect(object && Buffer.from(next.streamData(object)).toString()).toContain('(Page 1) Tj')
})

test('objects that lie over each other are looked at until the limit', { timeout: 15_000 }, () => {
  const pdf = latin1(`%PDF-1.4\n${'1 0 obj('.repeat(40_000)}`)
  expect(codeOf(() => repaired(pdf))).toBe('scanned_bytes')
  expect(codeOf(() => repaired(latin1(`%PDF-1.4\n${'obj'.repeat(400_000)}`)))).toBe('scanned_bytes')
})

test('streams that all reach to the end of the file cost no more than one', { timeout: 15_000 }, () => {
  const count = 20_000
  const streamOf = (i: number) => `${10_000 + i} 0 obj<</Length ${50_000 + i} 0 R>>stream\nx\nendstream endobj\n`
  const bytes = streamOf(0).length
  const data = streamOf(0).indexOf('x')
  const indexes = Array.from({ length: count }, (_, i) => i)
  const lengths = indexes.map((i) => `${50_000 + i} 0 obj ${(count - i) * bytes - data} endobj\n`).join('')
  const pdf = latin1(`%PDF-1.4\n${indexes.map(streamOf).join('')}endstream endobj\n${lengths}`)
  expect(codeOf(() => repaired(pdf))).toBe('catalog')
})

test('more objects than may have numbers are refused', () => {
  const limits = { ...defaultLimits, objectNumber: 100 }
  const pdf = latin1(`%PDF-1.4\n${'1 0 obj 1 endobj '.repeat(200)}`)
  expect(codeOf(() => openPdf(bytesSource(pdf), { limits, damaged: 'repair' }))).toBe('found_objects')
})

test('a document that was carried inside another one does not take its place', () => {
  const inner = buildPdf('table').toString('latin1')
  const objects = new Map([...objectsOf({ pages: 3 }), [40, stream(inner)]])
  const pdf = damages['startxref and %%EOF are missing'](writePdf('table', objects))
  expect(view(repaired(pdf)).pages).toBe(3)
})
