import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppearanceRequest, Level } from '../../src/pades/index.ts'
import { bytesSource, openPdf } from '../../src/pdf/index.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { buildPng } from '../../src/pdf/testing/png-builder.ts'
import { archiveFaults } from '../support/engine-archive-check.ts'
import { type ArchivePart, buildArchive } from '../support/engine-archive-file.ts'
import { openWorkshop, type Workshop } from '../support/engine-workshop.ts'

const parts: readonly ArchivePart[] = [1, 2, 3]
const open = (pdf: Uint8Array) => openPdf(bytesSource(pdf))

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop[Symbol.asyncDispose]())

/** A picture that is half transparent. */
const picture = buildPng({ width: 2, height: 1, type: 6, rows: [[200, 0, 0, 255, 0, 0, 200, 100]] })

const appearances: readonly (readonly [string, AppearanceRequest | undefined])[] = [
  ['not seen', undefined],
  ['with text of several scripts', { lines: ['Ana Ruiz', 'Ωμέγα', '合同签名', 'مرحبا'] }],
  ['with a transparent picture', { image: picture, lines: ['Ana Ruiz'] }],
  [
    'drawn by hand',
    {
      strokes: [
        [
          [0, 0],
          [10, 10],
          [20, 0],
        ].map(([x = 0, y = 0]) => ({ x, y })),
      ],
    },
  ],
]

/** `bottom`: where on the page, in points. */
async function signed(
  pdf: Buffer,
  level: Level,
  bottom: number,
  appearance: AppearanceRequest | undefined,
): Promise<Buffer> {
  const { sign, signer } = workshop
  const field = appearance ? { rectangle: [60, bottom, 300, bottom + 60] as const } : {}
  const shown = appearance ? { appearance } : {}
  return await sign(open(pdf), pdf, { level, signer: signer('P-256', 'Ana Ruiz'), field, ...shown })
}

describe.each(parts)('a document that claims PDF/A-%i', (part) => {
  const before = buildArchive(part)

  test.each(appearances)('keeps to it with a signature %s, at every level and twice', async (_, appearance) => {
    expect(archiveFaults(open(before), part, before)).toEqual([])
    let pdf = before
    for (const [i, level] of (['B-B', 'B-LTA'] as const).entries()) {
      pdf = await signed(pdf, level, 200 + 100 * i, appearance)
      expect(archiveFaults(open(pdf), part, pdf.subarray(before.length))).toEqual([])
    }
    const { indication, signatures } = await workshop.validate(open(pdf))
    expect([indication, signatures.length]).toEqual(['TOTAL-PASSED', 2])
  })
})

describe('the check finds', () => {
  const faultsAfter = (from: string, to: string, part: ArchivePart) => {
    const text = buildArchive(part).toString('latin1').replace(from, to.padEnd(from.length))
    return archiveFaults(open(Buffer.from(text, 'latin1')), part, Buffer.from(''))
  }

  test('everything that an ordinary document lacks', () => {
    const pdf = buildPdf('table', { form: true })
    expect(archiveFaults(open(pdf), 2, pdf)).toEqual([
      'the metadata do not claim the part',
      'there is no output intent',
      'the font of object 3 is not embedded',
      'annotation 5 0 R has no appearance',
      'annotation 6 0 R has no appearance',
      'annotation 8 0 R has no appearance',
    ])
  })

  test.each<[string, string, string, ArchivePart, string]>([
    ['another part', '<pdfaid:part>2', '<pdfaid:part>3', 2, 'the metadata do not claim the part'],
    ['no output intent', '/OutputIntents', '/OtherIntents', 2, 'there is no output intent'],
    ['transparency in part 1', '/S/GTS_PDFA1', '/ca .5', 1, 'object 5 is transparent'],
  ])('%s', (_, from, to, part, fault) => {
    expect(faultsAfter(from, to, part)).toEqual([fault])
  })

  test.each([
    ['an object head in one line', '7 0 obj <<>>\nendobj\n', 'an object starts wrongly'],
    ['an end without a line of its own', '7 0 obj\n<<>> endobj\n', 'an object ends wrongly'],
    ['a stream that starts in its line', '7 0 obj\n<<>>stream data\nendstream\nendobj\n', 'a stream starts wrongly'],
    ['a stream that ends in its line', '7 0 obj\n<<>>\nstream\ndataendstream\nendobj\n', 'a stream ends wrongly'],
    ['a table with a space', '\nxref \n0 1\n', 'a table starts wrongly'],
  ])('%s', (_, text, fault) => {
    expect(archiveFaults(open(buildArchive(2)), 2, Buffer.from(text))).toContain(fault)
  })
})
