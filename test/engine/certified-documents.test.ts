import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extend, type Level, prepareFill } from '../../src/pades/index.ts'
import { appended } from '../../src/pades/testing/signing.ts'
import { bytesSource, openPdf } from '../../src/pdf/index.ts'
import { buildPdf, stream } from '../../src/pdf/testing/pdf-builder.ts'
import { hasTool } from '../support/engine-tools.ts'
import { openWorkshop, TODAY, type Workshop } from '../support/engine-workshop.ts'

type Certification = 1 | 2 | 3
const certifications: readonly Certification[] = [1, 2, 3]
const document = buildPdf('table', { form: true })
const open = (pdf: Uint8Array) => openPdf(bytesSource(pdf))

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop[Symbol.asyncDispose]())

function certified(certify: Certification, level: Level): Promise<Buffer> {
  const signer = workshop.signer('P-256', 'Eva Soto')
  return workshop.sign(open(document), document, { level, signer, certify, field: { existing: 'Sig_A' } })
}

const secondSigner = () => ({ level: 'B-LT', signer: workshop.signer('RSA-2048', 'Juan Paz') }) as const
const after = async (pdf: Buffer, tail: Promise<Uint8Array>) => Buffer.concat([pdf, await tail])

/** What our engine does, and from which certification on it may. */
const acts: readonly (readonly [string, Certification, (pdf: Buffer) => Promise<Buffer>])[] = [
  [
    'an archive time-stamp with evidence',
    1,
    (pdf) => {
      const { timestamper, evidence } = workshop.world
      return after(pdf, extend(open(pdf), { level: 'B-LTA', timestamper, evidence, now: new Date(TODAY) }))
    },
  ],
  [
    'a signature in a field that waited for it',
    2,
    (pdf) => workshop.sign(open(pdf), pdf, { ...secondSigner(), field: { existing: 'Sig_B' } }),
  ],
  ['a signature in a new field', 2, (pdf) => workshop.sign(open(pdf), pdf, secondSigner())],
  [
    'a filled field',
    2,
    (pdf) => after(pdf, prepareFill(open(pdf), { values: { city: 'Cusco' }, filledAt: new Date(TODAY) })),
  ],
]

/** pdfsig does not find a signature in a field whose value stands above its annotation. */
const unseen = (act: string) =>
  act === 'a signature in a field that waited for it' && hasTool('pdfsig')
    ? [{ judge: 'pdfsig', says: '1 of 2 signatures are listed' }]
    : []

const firstPage = (more: string) =>
  `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 11 0 R/Annots[5 0 R 6 0 R 8 0 R${more}]>>`

/** What somebody else does who asks nobody, and from which certification on it may be done. */
const deeds: readonly (readonly [string, Certification | undefined, Readonly<Record<number, string>>])[] = [
  [
    'a signature',
    2,
    {
      7: '<</FT/Sig/T(Sig_B)/Kids[8 0 R]/V 60 0 R>>',
      60: '<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<00>>>',
    },
  ],
  [
    'a filled field',
    2,
    { 5: '<</Type/Annot/Subtype/Widget/Rect[50 600 300 620]/P 10 0 R/F 4/FT/Tx/T(city)/V(Cusco)/DA(/F1 10 Tf 0 g)>>' },
  ],
  [
    'a note beside the page',
    3,
    { 10: firstPage(' 60 0 R'), 60: '<</Type/Annot/Subtype/Text/Rect[-90 0 -9 9]/Contents(x)>>' },
  ],
  ['other contents of a page', undefined, { 11: stream('BT /F1 24 Tf 60 700 Td (You owe me) Tj ET') }],
  ['a page without its annotations', undefined, { 10: firstPage('').replace(/\/Annots.*\]/, '') }],
]

/** The verdict over the certification, and what came later that it forbids. */
async function judged(pdf: Buffer) {
  const { signatures } = await workshop.validate(open(pdf))
  const found = signatures.find(({ field }) => field === 'Sig_A')
  const forbidden = found?.changes.flat().filter(({ allowed }) => !allowed)
  return { indication: found?.indication, forbidden: forbidden?.map(({ kind }) => kind) }
}

const valid = { indication: 'TOTAL-PASSED', forbidden: [] }

describe.each(certifications)('a certification of level %i', (certify) => {
  test.each(['B-B', 'B-LTA'] as const)('%s is valid, and for other judges as well', async (level) => {
    const pdf = await certified(certify, level)
    expect(await judged(pdf)).toEqual(valid)
    expect(await workshop.judges.pdfsig(pdf)).toEqual([])
    expect(await workshop.judges.containers(pdf)).toEqual([])
    expect(await workshop.judges.qpdf(document, pdf)).toEqual([])
  })

  const [allowed, refused] = [acts.filter(([, least]) => certify >= least), acts.filter(([, least]) => certify < least)]

  if (refused.length > 0)
    test.each(refused)('does not allow %s: it is refused', async (_, _least, act) => {
      await expect(act(await certified(certify, 'B-B'))).rejects.toMatchObject({ code: 'pades.certified_no_changes' })
    })

  test.each(allowed)('allows %s: it stays valid', async (name, _least, act) => {
    const pdf = await act(await certified(certify, 'B-B'))
    expect(await judged(pdf)).toEqual(valid)
    expect((await workshop.validate(open(pdf))).indication).toBe('TOTAL-PASSED')
    expect(await workshop.judges.pdfsig(pdf)).toEqual(unseen(name))
    expect(await workshop.judges.containers(pdf)).toEqual([])
    expect(await workshop.judges.qpdf(document, pdf)).toEqual([])
  })

  test.each(deeds)('somebody leaves %s', async (_, least, objects) => {
    const { indication, forbidden } = await judged(appended(await certified(certify, 'B-B'), objects))
    if (least !== undefined && certify >= least) expect({ indication, forbidden }).toEqual(valid)
    else expect([indication, forbidden?.length]).toEqual([expect.not.stringMatching(/PASSED/), 1])
  })
})

test('a certification under which others signed and archived is renewed without harm to any of them', async () => {
  let pdf = await certified(2, 'B-LTA')
  for (const [, , act] of [...acts, ...acts.slice(0, 1)]) pdf = await act(pdf)
  const { indication, signatures, timestamps } = await workshop.validate(open(pdf))
  expect([indication, signatures.length, timestamps.length]).toEqual(['TOTAL-PASSED', 3, 3])
  expect(await workshop.judges.containers(pdf)).toEqual([])
})
