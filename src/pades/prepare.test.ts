import { describe, expect, test } from 'vitest'
import { bytesSource, openPdf, type PdfDocument, PdfError } from '../pdf/index.ts'
import { buildPdf, kinds, objectsOf, writePdf } from '../pdf/testing/pdf-builder.ts'
import { NOW } from '../pki/testing/authority.ts'
import { finish, hashPrefix, PadesError, type PrepareRequest, prepare, sign } from './index.ts'
import { appended, report, signed, signers } from './testing/signing.ts'

const { ana, juan } = signers
const form = buildPdf('table', { form: true })

function prepareIn(pdf: Uint8Array, request: Partial<PrepareRequest> = {}) {
  return prepare(bytesSource(pdf), { signer: ana.identity, signedAt: NOW, ...request })
}

describe('not prepared', () => {
  test.each<[string, string, Partial<PrepareRequest>]>([
    ['in a field that is not there', 'pades.field_unknown', { field: { existing: 'Nobody' } }],
    ['in a field of text', 'pades.field_type', { field: { existing: 'city' } }],
    ['in a new field whose name is taken', 'pades.field_taken', { field: { name: 'Sig_A' } }],
    ['in a new field with a dot in its name', 'pades.request', { field: { name: 'a.b' } }],
    ['in a new field with a zero byte in its name', 'pades.request', { field: { name: 'a\0b' } }],
    ['in a new field with an end of line in its name', 'pades.request', { field: { name: 'a\u0085' } }],
    ['in a new field with half a character in its name', 'pades.request', { field: { name: 'a\ud83d' } }],
    ['in a rectangle turned inside out', 'pades.request', { field: { rectangle: [9, 9, 1, 1] } }],
    [
      'in a rectangle outside the page',
      'pades.request',
      { field: { rectangle: [600, 0, 700, 90] }, appearance: { lines: ['Ana'] } },
    ],
    ['on a page that is not there', 'pdf.not_found', { field: { page: 7 } }],
    [
      'with an appearance in signs that no font has',
      'pdf.text',
      { field: { rectangle: [0, 0, 90, 90] }, appearance: { lines: ['🙂'] } },
    ],
  ])('%s', async (_, code, request) => {
    await expect(prepareIn(form, request)).rejects.toMatchObject({ code })
  })

  test.each<[string, Record<number, string>]>([
    ['/Annots 42', { 10: '<</Type/Page/Parent 2 0 R/Annots 42>>' }],
    ['/AcroForm 7', { 1: '<</Type/Catalog/Pages 2 0 R/AcroForm 7>>' }],
    ['/AcroForm [1 2]', { 1: '<</Type/Catalog/Pages 2 0 R/AcroForm[1 2]>>' }],
    ['/Fields 7', { 4: '<</Fields 7>>' }],
  ])('where %s would have to be replaced', async (_, changes) => {
    const objects = objectsOf({ form: true })
    for (const [number, body] of Object.entries(changes)) objects.set(Number(number), body)
    await expect(prepareIn(writePdf('table', objects))).rejects.toMatchObject({ code: 'pdf.damaged' })
  })

  test('in a field that has a signature', async () => {
    const once = await signed(form, ana, { field: { existing: 'Sig_A' } })
    await expect(prepareIn(once, { field: { existing: 'Sig_A' } })).rejects.toMatchObject({
      code: 'pades.already_signed',
    })
  })

  const certified = (parameters: string) => {
    const reference = `[<</TransformMethod/DocMDP/TransformParams<<${parameters}>>>>]`
    return appended(form, {
      20: `<</Type/Sig/Contents<00>/Reference${reference}>>`,
      6: '<</FT/Sig/T(Sig_A)/V 20 0 R>>',
    })
  }

  test.each(['/P 1', '/P 0', '/P/x'])('in a document that is certified with %s', async (parameters) => {
    await expect(prepareIn(certified(parameters))).rejects.toMatchObject({ code: 'pades.certified_no_changes' })
  })

  test.each([
    ['All', '/Action/All', true],
    ['this one', '/Action/Include/Fields[(Sig_B)]', true],
    ['another', '/Action/Include/Fields[(city)]', false],
    ['all but this one', '/Action/Exclude/Fields[(Sig_B)]', false],
    ['all but another', '/Action/Exclude/Fields[(city)]', true],
  ])('in a field when %s is locked', async (_, parameters, locked) => {
    const reference = `[<</TransformMethod/FieldMDP/TransformParams<<${parameters}>>>>]`
    const pdf = appended(form, { 20: `<</Contents<00>/Reference${reference}>>`, 6: '<</FT/Sig/T(Sig_A)/V 20 0 R>>' })
    const attempt = prepareIn(pdf, { field: { existing: 'Sig_B' } })
    if (locked) await expect(attempt).rejects.toMatchObject({ code: 'pades.field_locked' })
    else await expect(attempt).resolves.toBeDefined()
  })

  test('in a document with an XFA form', async () => {
    const xfa = appended(form, { 4: '<</Fields[5 0 R 6 0 R 7 0 R]/XFA[]>>' })
    await expect(prepareIn(xfa)).rejects.toMatchObject({ code: 'pades.xfa' })
  })
})

describe('not signed', () => {
  test('with the answer of another key', async () => {
    const wrong = { ...ana, sign: signers.eva.sign }
    await expect(sign(await prepareIn(form), wrong)).rejects.toMatchObject({ code: 'pades.wrong_signature' })
  })

  test('by another than it was prepared for', async () => {
    await expect(sign(await prepareIn(form), juan)).rejects.toMatchObject({ code: 'pades.signer_changed' })
  })

  test('when the stored digest was exchanged', async () => {
    const prepared = await prepareIn(form)
    const other = { ...prepared, digest: Buffer.alloc(32) }
    await expect(sign(other, ana)).rejects.toMatchObject({ code: 'pades.signer_changed' })
  })

  test('when the container does not fit its place', async () => {
    const prepared = await prepareIn(form)
    const narrow = { ...prepared, hole: { ...prepared.hole, bytes: 100 } }
    await expect(sign(narrow, ana)).rejects.toMatchObject({ code: 'pades.container_too_large' })
    const signed = { ...narrow, signature: Buffer.alloc(0), container: Buffer.alloc(101) }
    expect(() => finish(signed)).toThrow(PadesError)
  })
})

test('the same request gives the same bytes', async () => {
  expect(await prepareIn(form)).toEqual(await prepareIn(form))
})

test('a kept prefix gives what reading the document gives, and can be used again', async () => {
  const source = bytesSource(form)
  const prefix = await hashPrefix(source, 'sha256')
  const document = openPdf(source)
  for (let i = 0; i < 2; i++) {
    const prepared = await prepare(document, { signer: ana.identity, signedAt: NOW, prefix })
    expect(prepared).toEqual(await prepareIn(form))
  }
})

test('a place in the file that was measured is hardly larger than what comes into it', async () => {
  for (const signer of Object.values(signers)) {
    const prepared = await prepareIn(form, { signer: signer.identity })
    const { container } = await sign(prepared, signer)
    expect(prepared.hole.bytes - container.length).toBeLessThan(12)
  }
})

describe.each(kinds)('in a document of the kind %s', (kind) => {
  test('a field that is there keeps its place, page and flags', async () => {
    const pdf = await signed(buildPdf(kind, { form: true }), ana, { field: { existing: 'Sig_A' } })
    const text = pdf.subarray(buildPdf(kind, { form: true }).length).toString('latin1')
    expect(text).toMatch(/6 0 obj\n<<[^>]*\/Rect \[60 100 260 160\]\n[^>]*\/P 10 0 R\n\/F 4\n/)
  })

  test('the new revision is of the same kind and has a new second identifier', async () => {
    const before = buildPdf(kind)
    const after = openPdf(bytesSource(await signed(before, ana)))
    const styleOf = (document: PdfDocument) => document.revisions[0]?.section.style
    expect(styleOf(after)).toBe(styleOf(openPdf(bytesSource(before))))
    expect(Buffer.from(after.trailer.get('ID') ?? '').toString()).toMatch(/^\[<0011[0-9a-f]+>\s*<(?!0011)/)
  })
})

test('annotations and fields in arrays of their own are changed there', async () => {
  const objects = objectsOf({ form: true })
  objects.set(4, '<</Fields 20 0 R>>')
  objects.set(20, '[5 0 R 6 0 R 7 0 R]')
  objects.set(10, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots 21 0 R>>')
  objects.set(21, '[5 0 R 6 0 R 8 0 R]')
  const once = await signed(writePdf('table', objects), ana, { field: { existing: 'Sig_A' } })
  const twice = await signed(once, juan)
  expect(twice.subarray(once.length).toString('latin1')).not.toContain('\n10 0 obj')
  expect((await report(twice)).indication).toBe('TOTAL-PASSED')
})

test('an unreadable document is refused by the error of the reader', async () => {
  await expect(prepareIn(Buffer.from('%PDF-1.7'))).rejects.toThrow(PdfError)
})
