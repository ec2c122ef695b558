import { describe, expect, test } from 'vitest'
import { bytesSource, type FieldValues, listFields, openPdf } from '../../pdf/index.ts'
import { buildForm } from '../../pdf/testing/form-builder.ts'
import { kinds, objectsOf, stream, writePdf } from '../../pdf/testing/pdf-builder.ts'
import { NOW } from '../../pki/testing/authority.ts'
import type { Bytes } from '../../std/bytes.ts'
import { report, signed, signers } from '../testing/signing.ts'
import { type FillRequest, prepareFill } from './prepare-fill.ts'

const { ana, juan } = signers

async function filled(pdf: Bytes, values: FieldValues, request: Partial<FillRequest> = {}): Promise<Buffer> {
  return Buffer.concat([pdf, await prepareFill(bytesSource(pdf), { values, filledAt: NOW, ...request })])
}

describe('not filled', () => {
  test('a document that is certified against every change', async () => {
    const certified = await signed(buildForm(), ana, { certify: 1 })
    await expect(filled(certified, { name: 'Ana' })).rejects.toMatchObject({ code: 'pades.certified_no_changes' })
  })

  test('a field that an earlier signature locks, while others are', async () => {
    const locked = await signed(buildForm(), ana, { lock: { action: 'Include', fields: ['name', 'group'] } })
    for (const name of ['name', 'group.inner'])
      await expect(filled(locked, { [name]: 'Ana' })).rejects.toMatchObject({
        code: 'pades.field_locked',
        details: { field: name },
      })
    await expect(filled(locked, { code: 'A' })).resolves.toBeDefined()
  })

  test('an XFA form', async () => {
    const xfa = buildForm('table', { form: '/XFA[(form)61 0 R]' })
    await expect(filled(xfa, { name: 'Ana' })).rejects.toMatchObject({ code: 'pades.xfa' })
  })

  test('the pages of a document that somebody signed', async () => {
    const once = await signed(buildForm(), ana)
    await expect(filled(once, { name: 'Ana' }, { flatten: true })).rejects.toMatchObject({ code: 'pades.signed' })
  })

  test('a character that no font has, told by its number and its field alone', async () => {
    await expect(filled(buildForm(), { name: 'Ana 🙂' })).rejects.toMatchObject({
      code: 'pdf.form',
      details: { field: 'name', reason: 'character', codePoint: 'U+1F642' },
    })
  })

  test.each([
    ['an override', '\u202e'],
    ['a space without width', '\u200b'],
    ['a control character', '\u0000'],
  ])('%s', async (_, character) => {
    await expect(filled(buildForm(), { name: `Ana${character}` })).rejects.toMatchObject({
      details: { field: 'name', reason: 'character' },
    })
  })
})

describe.each(kinds)('in a document of the kind %s', (kind) => {
  test('filling keeps earlier signatures valid where the certification allows it', async () => {
    const certified = await signed(buildForm(kind), ana, { certify: 2 })
    const after = await filled(certified, { name: 'Łukasz', agree: true, kind: '1', city: 'Lima', many: ['Dos'] })
    const { indication, signatures } = await report(after)
    expect(indication).toBe('TOTAL-PASSED')
    expect(signatures[0]?.changes?.flat().map((change) => change.kind)).toEqual(
      expect.arrayContaining(['form_fill', 'form_fill', 'form_fill', 'form_fill', 'form_fill']),
    )
    const again = await report(await signed(after, juan))
    expect([again.indication, again.signatures.length]).toEqual(['TOTAL-PASSED', 2])
  })
})

test('a document that was filled and flattened has its signature fields alone, and can be signed', async () => {
  const after = await filled(buildForm(), { name: 'Ana' }, { flatten: true })
  expect(listFields(openPdf(bytesSource(after))).map(({ name }) => name)).toEqual(['Sig_A', 'Sig_B'])
  expect((await report(await signed(after, ana, { field: { existing: 'Sig_A' } }))).indication).toBe('TOTAL-PASSED')
})

test('in PDF/A-1 a font lists its glyphs, as that part demands', async () => {
  const archived = (part: number) => {
    const objects = objectsOf({ form: true, catalog: '/Metadata 70 0 R' })
    objects.set(70, stream(`<rdf:Description pdfaid:part="${part}"/>`, '/Type/Metadata/Subtype/XML'))
    return writePdf('table', objects)
  }
  expect((await filled(archived(1), { city: 'Ana' })).toString('latin1')).toContain('/CIDSet ')
  expect((await filled(archived(2), { city: 'Ana' })).toString('latin1')).not.toContain('/CIDSet ')
})

test('the same values at the same time make the same bytes', async () => {
  const values = { name: 'Ana Ruiz', notes: '日本 سلام' }
  expect((await filled(buildForm(), values)).equals(await filled(buildForm(), values))).toBe(true)
})
