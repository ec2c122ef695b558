import { describe, expect, test } from 'vitest'
import { bytesSource, openPdf, PdfError } from '../pdf/index.ts'
import { buildPdf, kinds, stream } from '../pdf/testing/pdf-builder.ts'
import { changesBetween } from './difference.ts'
import { appended, firstOf, overwritten, report, signed, signers } from './testing/signing.ts'

const { ana, juan } = signers
const form = buildPdf('table', { form: true })
const once = await signed(form, ana, { field: { existing: 'Sig_A' } })
const byteRange = /\/ByteRange\[.*?\] */.exec(once.toString('latin1'))?.[0] ?? ''
const [, length = 0, second = 0, secondLength = 0] =
  /(\d+) (\d+) (\d+) (\d+)/.exec(byteRange)?.slice(1).map(Number) ?? []
const withByte = (at: number, byte: number) => {
  const out = Buffer.from(once)
  out[at] = byte
  return out
}
const ranged = (text: string) => overwritten(once, byteRange, `/ByteRange${text}`.padEnd(byteRange.length))

const failure = (code: string) => ({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', reason: { code } })

describe('a byte range is refused with its own reason', () => {
  test.each([
    ['R1: missing', () => overwritten(once, '/ByteRange', '/ByteHange'), 'byte_range.r1'],
    ['R1: null', () => ranged(' null'), 'byte_range.r1'],
    ['R1: empty', () => ranged('[]'), 'byte_range.r1'],
    ['R1: two numbers', () => ranged(`[0 ${once.length}]`), 'byte_range.r1'],
    ['R1: six numbers', () => ranged(`[0 1 2 3 4 5]`), 'byte_range.r1'],
    ['R1: not whole', () => ranged(`[0 ${length}.5 ${second} ${secondLength}]`), 'byte_range.r1'],
    ['R1: a text', () => ranged('(0 1 2 3)'), 'byte_range.r1'],
    ['R2: a later start', () => ranged(`[1 ${length} ${second} ${secondLength}]`), 'byte_range.r2'],
    ['R2: a negative start', () => ranged(`[-1 ${length} ${second} ${secondLength}]`), 'byte_range.r2'],
    ['R3: a negative length', () => ranged(`[0 -${length} ${second} ${secondLength}]`), 'byte_range.r3'],
    ['R3: parts that overlap', () => ranged(`[0 ${length} ${length} ${secondLength}]`), 'byte_range.r3'],
    ['R3: beyond the end', () => ranged(`[0 ${length} ${second} ${secondLength + 1}]`), 'byte_range.r3'],
    ['R4: a wider gap', () => ranged(`[0 ${length - 1} ${second} ${secondLength}]`), 'byte_range.r4'],
    [
      'R4: a gap that reaches further',
      () => ranged(`[0 ${length} ${second + 1} ${secondLength - 1}]`),
      'byte_range.r4',
    ],
    ['R4: white space in the gap', () => withByte(second - 2, 0x20), 'byte_range.r4'],
    ['R6: an end inside the file', () => ranged(`[0 ${length} ${second} ${secondLength - 4}]`), 'byte_range.r6'],
  ])('%s', async (_, spoil, code) => {
    expect(await firstOf(spoil())).toMatchObject(failure(code))
  })

  test('R5: a gap that is the /Contents of somebody else', async () => {
    const twice = await signed(once, juan)
    const [own = '', other = ''] = twice.toString('latin1').match(/\/ByteRange\[.*?\] */g) ?? []
    const swapped = overwritten(twice, own, other.padEnd(own.length))
    expect((await report(swapped)).signatures[0]).toMatchObject(failure('byte_range.r5'))
  })

  test('/ByteRange twice', async () => {
    const dictionary = appended(once, {
      6: '<</FT/Sig/T(Sig_A)/V 30 0 R>>',
      30: '<</ByteRange[0 1 2 3]/ByteRange[0 1 2 3]>>',
    })
    expect(await firstOf(dictionary)).toMatchObject(failure('signature.malformed'))
  })
})

describe('a value that is no signature is listed and fails', () => {
  test.each([
    ['a number', '7'],
    ['an empty dictionary', '<<>>'],
    ['a container that is null', '<</ByteRange[0 1 2 3]/Contents null>>'],
    ['a container that is a number', '<</ByteRange[0 1 2 3]/Contents 7>>'],
    ['an empty container', '<</ByteRange[0 1 2 3]/Contents<>>>'],
    ['a container in another kind of string', '<</ByteRange[0 1 2 3]/Contents(x)>>'],
  ])('%s', async (_, value) => {
    const pdf = appended(form, { 6: '<</FT/Sig/T(Sig_A)/V 30 0 R>>', 30: value })
    expect(await firstOf(pdf)).toMatchObject({
      field: 'Sig_A',
      indication: 'TOTAL-FAILED',
      subIndication: 'FORMAT_FAILURE',
    })
  })

  test('a signature in an object stream, where no byte range can reach it', async () => {
    const packed = buildPdf('object-streams', { form: true })
    const text = packed.toString('latin1')
    expect(text).not.toContain('/Sig_A')
    const pdf = appended(packed, { 6: '<</FT/Sig/T(Sig_A)/V 3 0 R>>' })
    expect(await firstOf(pdf)).toMatchObject(failure('signature.not_an_object'))
  })
})

const page = (more: string) =>
  `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 11 0 R/Annots[5 0 R 6 0 R 8 0 R]${more}>>`
const catalog = (more: string) => `<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R${more}>>`
const signatureOf = (pdf: Buffer) =>
  Number(/6 0 obj\n.*?\/V (\d+) 0 R/s.exec(pdf.subarray(form.length).toString('latin1'))?.[1])
const signature = signatureOf(once)
const overlay = '/Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 500 800]/P 10 0 R'

describe('a later change that nothing vouches for makes the signature not valid', () => {
  test.each<[string, Record<number, string>]>([
    ['other content of a page', { 11: stream('BT /F1 24 Tf 60 700 Td (You owe me) Tj ET') }],
    ['a page with other entries', { 10: page('/Rotate 90') }],
    ['another page tree', { 2: '<</Type/Pages/Kids[12 0 R]/Count 1>>' }],
    ['another font', { 3: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>' }],
    ['a catalog with an action', { 1: catalog('/OpenAction<</S/JavaScript/JS(x)>>') }],
    ['a catalog without its form', { 1: '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>' }],
    [
      'another value of a text field',
      { 5: '<</Type/Annot/Subtype/Widget/FT/Tx/T(city)/V(Cusco)/Rect[50 600 300 620]/P 10 0 R/F 4>>' },
    ],
    ['another type of a field', { 7: '<</FT/Tx/T(Sig_B)/Kids[8 0 R]>>' }],
    ['a moved field', { 8: '<</Type/Annot/Subtype/Widget/Rect[0 0 500 160]/P 10 0 R/F 4/Parent 7 0 R>>' }],
    [
      'an annotation over the page',
      { 10: page('').replace('8 0 R]', '8 0 R 40 0 R]'), 40: '<</Type/Annot/Subtype/FreeText/Rect[0 0 500 800]>>' },
    ],
    ['an object that nothing needs', { 40: '<</Foo/Bar>>' }],
    ['the signature in another form', { [signature]: '<</Type/Sig>>' }],
    [
      'a field with an action',
      { 4: '<</Fields[5 0 R 6 0 R 7 0 R 40 0 R]/DA(/F1 0 Tf 0 g)>>', 40: `<<${overlay}/AA<<>>>>` },
    ],
    ['a form that recalculates', { 4: '<</Fields[5 0 R 6 0 R 7 0 R]/DA(/F1 0 Tf 0 g)/NeedAppearances true>>' }],
    ['a field taken out of the form', { 4: '<</Fields[6 0 R 7 0 R]/DA(/F1 0 Tf 0 g)>>' }],
    [
      'a number below the signed /Size, given a meaning',
      { 4: '<</Fields[5 0 R 6 0 R 7 0 R 9 0 R]/DA(/F1 0 Tf 0 g)>>', 9: `<<${overlay}>>` },
    ],
  ])('%s', async (_, objects) => {
    const report = await firstOf(appended(once, objects)).catch((error: unknown) => error)
    expect(report).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' })
  })

  test('a change between two signatures fails the first, and not the second', async () => {
    const changed = appended(once, { 11: stream('BT /F1 24 Tf 60 700 Td (You owe me) Tj ET') })
    const { indication, signatures } = await report(await signed(changed, juan))
    expect(indication).toBe('TOTAL-FAILED')
    expect(signatures.map((one) => one.reason?.code)).toEqual(['later.undefined_change', undefined])
    expect(signatures[0]?.changes.flat()).toContainEqual(expect.objectContaining({ kind: 'undefined', object: 11 }))
  })

  test('an object removed', async () => {
    const at = once.length
    const xref = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(once.toString('latin1'))?.[1])
    const tail = `xref\n11 1\n0000000000 00001 f \ntrailer\n<</Size 40/Root 1 0 R/Prev ${xref}>>\nstartxref\n${at}\n%%EOF\n`
    expect(await firstOf(Buffer.concat([once, Buffer.from(tail)]))).toMatchObject(failure('later.undefined_change'))
  })

  test('another past, which leaves the signed revision out', async () => {
    const at = once.length
    const first = form.lastIndexOf('xref\n0')
    const body = `6 0 obj\n<</FT/Sig/T(Sig_A)/V ${signature} 0 R>>\nendobj\n`
    const place = once.indexOf(`${signature} 0 obj`)
    const line = (offset: number) => `${String(offset).padStart(10, '0')} 00000 n \n`
    const tail = `${body}xref\n6 1\n${line(at)}${signature} 1\n${line(place)}trailer\n<</Size 40/Root 1 0 R/Prev ${first}>>\nstartxref\n${at + body.length}\n%%EOF\n`
    expect(await firstOf(Buffer.concat([once, Buffer.from(tail)]))).toMatchObject(failure('later.other_past'))
  })

  test('a change that only the hidden part of a hybrid revision tells of', async () => {
    const at = once.length
    const xref = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(once.toString('latin1'))?.[1])
    const body = `11 0 obj\n${stream('BT /F1 24 Tf 60 700 Td (You owe me) Tj ET')}\nendobj\n`
    const entry = Buffer.of(1, 0, 0, 0, 0, 0, 0)
    entry.writeUInt32BE(at, 1)
    const hidden = `50 0 obj\n${stream(entry.toString('latin1'), '/Type/XRef/W[1 4 2]/Index[11 1]/Size 51/Root 1 0 R')}\nendobj\n`
    const table = `xref\n0 0\ntrailer\n<</Size 51/Root 1 0 R/Prev ${xref}/XRefStm ${at + body.length}>>\n`
    const tail = `${body}${hidden}${table}startxref\n${at + body.length + hidden.length}\n%%EOF\n`
    const report = await firstOf(Buffer.concat([once, Buffer.from(tail, 'latin1')]))
    expect(report).toMatchObject(failure('later.undefined_change'))
    expect(report.changes.flat()).toMatchObject([{ kind: 'undefined', object: 11 }])
  })

  test('a field that nobody signed and that shows something', async () => {
    const shown = `<<${overlay}/AP<</N 42 0 R>>>>`
    const fields = '<</Fields[5 0 R 6 0 R 7 0 R 41 0 R]/SigFlags 3/DA(/F1 0 Tf 0 g)>>'
    const objects = {
      4: fields,
      10: page('').replace('8 0 R]', '8 0 R 41 0 R]'),
      41: shown,
      42: stream('0 0 500 800 re f'),
    }
    expect(await firstOf(appended(once, objects))).toMatchObject(failure('later.undefined_change'))
    const { 42: _, ...bare } = { ...objects, 41: `<<${overlay}>>` }
    expect(await firstOf(appended(once, bare))).toMatchObject({ indication: 'TOTAL-PASSED' })
  })

  test('any change, after a certification that forbids them', async () => {
    const reference = '/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]'
    const certified = appended(form, {
      20: `<</Type/Sig/Contents<00>${reference}>>`,
      6: '<</FT/Sig/T(Sig_A)/V 20 0 R>>',
    })
    const before = openPdf(bytesSource(certified))
    const after = openPdf(bytesSource(appended(certified, { 40: '<</Type/Nothing>>' })))
    const changes = changesBetween(before, after)
    expect(changes).toContainEqual({ kind: 'undefined', what: 'the certification forbids every change' })
  })

  test('bytes that belong to no revision', async () => {
    expect(await firstOf(Buffer.concat([once, Buffer.from('\n')]))).toMatchObject(failure('byte_range.r6'))
  })
})

describe('later changes that a rule vouches for', () => {
  test('new signatures, and new facts about the file, are told and allowed', async () => {
    const pdf = buildPdf('stream', { form: true })
    const first = await signed(pdf, ana)
    const last = await signed(first, juan, {
      field: { page: 1, rectangle: [9, 9, 99, 99] },
      appearance: { lines: ['x'] },
    })
    const { signatures } = await report(last)
    expect(signatures.map(({ coverage }) => coverage)).toEqual(['whole_revision', 'whole_document'])
    expect(signatures[0]?.changes).toEqual([
      [{ kind: 'signature', field: 'Signature2', newField: true, visible: true }],
    ])
  })
})

describe.each(kinds)('in a document of the kind %s', (kind) => {
  test('no changed byte leaves a signature valid', async () => {
    const pdf = await signed(buildPdf(kind, { form: true }), ana, { field: { existing: 'Sig_A' } })
    const firstDigit = pdf.lastIndexOf('/Contents<') + 10
    for (let at = 0; at < pdf.length; at += 13) {
      const bit = at % 8
      // The case of a hexadecimal digit says nothing.
      if (bit === 5 && at >= firstDigit && /[a-f]/i.test(String.fromCharCode(pdf[at] ?? 0))) continue
      const spoiled = Buffer.from(pdf)
      spoiled[at] = (spoiled[at] ?? 0) ^ (1 << bit)
      const verdict = await report(spoiled).catch((error: unknown) => {
        if (error instanceof PdfError) return { indication: 'refused' }
        throw error
      })
      expect([at, verdict.indication]).not.toEqual([at, 'TOTAL-PASSED'])
    }
  })

  test('a file cut at any place is refused, and at the end of a revision it is that revision', async () => {
    const unsigned = buildPdf(kind, { form: true })
    const first = await signed(unsigned, ana)
    const pdf = await signed(first, juan)
    const ends = [unsigned.length, first.length, pdf.length]
    for (let size = 0; size < pdf.length; size += 97) {
      if (!ends.some((end) => end - size === 0 || end - size === 1))
        expect(() => openPdf(bytesSource(pdf.subarray(0, size)))).toThrow(PdfError)
    }
    for (const [count, end] of ends.entries()) {
      const { signatures } = await report(pdf.subarray(0, end))
      expect(signatures.map(({ indication }) => indication)).toEqual(Array(count).fill('TOTAL-PASSED'))
    }
  })
})
