import { describe, expect, test } from 'vitest'
import { bytesSource, editDict, latin1, NULL, openPdf } from '../../pdf/index.ts'
import { buildPdf, kinds, stream } from '../../pdf/testing/pdf-builder.ts'
import { catalog, cityField, document, form, signedByAna } from '../testing/attacks/samples.ts'
import { appended, firstOf, report, signed, signers } from '../testing/signing.ts'
import { changesBetween } from './difference.ts'

const open = (pdf: Buffer) => openPdf(bytesSource(pdf))

describe('two states of a document', () => {
  test('that say the same in other words do not differ', () => {
    const same = {
      5: cityField('<4c696d61>').replace('/F 4', '/F  4/Ff null'),
      4: '<</DA(/F1 0 Tf 0 g)/Fields [5 0 R 6 0 R 7 0 R ]>>',
    }
    expect(changesBetween(open(form), open(appended(form, same)))).toEqual([])
  })

  test('are judged by the permissions in the first, or by those that are given', () => {
    const [before, after] = [open(form), open(appended(form, { 5: cityField('(Cusco)') }))]
    const fill = { kind: 'form_fill', field: 'city', objects: [5] }
    expect(changesBetween(before, after)).toEqual([{ ...fill, allowed: true }])
    expect(changesBetween(before, after, { level: 1, locks: [] })).toEqual([
      { ...fill, allowed: false, forbiddenBy: 'certification' },
    ])
    expect(changesBetween(before, after, { locks: [{ action: 'All', fields: [] }] })).toEqual([
      { ...fill, allowed: false, forbiddenBy: 'field_lock' },
    ])
  })

  test('of which the second cannot be read differ in an undefined way', () => {
    const changes = changesBetween(open(form), open(appended(form, { 4: '<</Fields 7>>' })))
    expect(changes).toMatchObject([{ kind: 'undefined', allowed: false }])
  })
})

test('a certification that comes second is noted', async () => {
  const prepared = await signedByAna(document({ 1: catalog('/Perms<</DocMDP 15 0 R>>') }))
  const { signatures } = await report(await signed(prepared, signers.juan))
  expect(signatures.map(({ findings }) => findings.map(({ code }) => code))).toEqual([[], ['certification.not_first']])
  expect(signatures.map(({ reason }) => reason?.code)).toEqual(['later.undefined_change', undefined])
})

test('usage rights are noted', async () => {
  const pdf = await signedByAna(buildPdf('table', { form: true, catalog: '/Perms<</UR3 3 0 R>>' }))
  const { indication, findings } = await firstOf(pdf)
  expect([indication, findings.map(({ code }) => code)]).toEqual(['TOTAL-PASSED', ['certification.usage_rights']])
})

/** Signed so often, and after each signature evidence and a document time-stamp. */
async function signedOften(kind: (typeof kinds)[number], count: number): Promise<Buffer> {
  let pdf = buildPdf(kind, { form: true })
  for (let i = 0; i < count; i++) {
    pdf = withTimestamp(withEvidence(await signed(pdf, signers.ana)), `stamp${i}`)
  }
  return signed(pdf, signers.ana)
}

/** Room for the numbers that the writer takes for itself. */
const GAP = 2

function withEvidence(pdf: Buffer): Buffer {
  const opened = open(pdf)
  const [number, old] = [opened.firstFreeNumber + GAP, opened.dict(opened.catalog.get('DSS'))]
  const certificates = (opened.array(old?.get('Certs')) ?? []).map(latin1)
  return appended(pdf, {
    1: editDict(opened.catalog, { DSS: `<</Certs[${[...certificates, `${number} 0 R`].join(' ')}]>>` }).toString(
      'latin1',
    ),
    [number]: stream('certificate'),
  })
}

function withTimestamp(pdf: Buffer, name: string): Buffer {
  const opened = open(pdf)
  const number = opened.firstFreeNumber + GAP
  const [fields, page] = [opened.dict(opened.catalog.get('AcroForm')), opened.dict({ number: 10, generation: 0 })]
  const longer = (array = NULL) => latin1(array).replace(/\]$/, ` ${number} 0 R]`)
  return appended(pdf, {
    4: editDict(fields, { Fields: longer(fields?.get('Fields')) }).toString('latin1'),
    10: editDict(page, { Annots: longer(page?.get('Annots')) }).toString('latin1'),
    [number]: `<</Type/Annot/Subtype/Widget/FT/Sig/T(${name})/Rect[0 0 0 0]/P 10 0 R/V ${number + 1} 0 R>>`,
    [number + 1]: '<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<00>>>',
  })
}

test.each(kinds)('51 signatures and 150 revisions of the kind %s are judged in seconds', async (kind) => {
  const pdf = await signedOften(kind, 50)
  const start = performance.now()
  const { signatures } = await report(pdf)
  expect(performance.now() - start).toBeLessThan(10_000)
  const own = signatures.filter(({ field }) => field.startsWith('Signature'))
  expect(own.map(({ indication }) => indication)).toEqual(Array(51).fill('TOTAL-PASSED'))
  expect(own.map(({ changes }) => changes.length)).toEqual(Array.from({ length: 51 }, (_, i) => 150 - 3 * i))
})
