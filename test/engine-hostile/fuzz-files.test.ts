import { describe, expect, test } from 'vitest'
import { attacks } from '../../src/pades/testing/attacks/index.ts'
import { appended, report, signed, signers } from '../../src/pades/testing/signing.ts'
import { bytesSource, defaultLimits, formFields, openPdf, pages } from '../../src/pdf/index.ts'
import { buildEncrypted } from '../../src/pdf/testing/encrypted-builder.ts'
import { buildPdf, kinds } from '../../src/pdf/testing/pdf-builder.ts'
import { byteMutations, type Chance, pdfMutations, spoiled, stayingMutations } from '../support/hostile-mutations.ts'
import { runCases } from '../support/hostile-run.ts'

/* Files that are spoiled in some way: refused by a typed error, or read; and never valid when what was signed differs. */

const LIMITS = { ...defaultLimits, decodedBytes: 20_000_000 }
const mutations = [
  ...Object.values(byteMutations),
  ...Object.values(pdfMutations),
  ...stayingMutations,
  ...stayingMutations,
]
const timeout = 600_000

/** Reads all that signing looks at, and every stream. */
function readAll(pdf: Buffer, damaged: 'refuse' | 'repair'): string {
  const document = openPdf(bytesSource(pdf), { damaged, limits: LIMITS })
  const said = `${[...pages(document)].length > 0 ? 'pages' : 'no pages'}, ${formFields(document).length > 0 ? 'fields' : 'no fields'}`
  for (let number = 1; number < Math.min(document.firstFreeNumber, 60); number++) {
    const entry = document.entry(number)
    const object = document.object({ number, generation: entry?.kind === 'offset' ? entry.generation : 0 })
    if (object?.streamOffset !== undefined) document.streamData(object)
  }
  return said
}

describe.each([...kinds, 'encrypted'] as const)('a file of the kind %s', (kind) => {
  const pdf = kind === 'encrypted' ? buildEncrypted('table', 'AES-128') : buildPdf(kind, { form: true })

  test.each(['refuse', 'repair'] as const)(
    'that is spoiled is read in the mode %s, or refused',
    { timeout },
    async (mode) => {
      await runCases({
        name: `${kind}, ${mode}`,
        count: 250,
        long: 8000,
        one: (chance) => readAll(spoiled(pdf, mutations, chance), mode),
      })
    },
  )
})

/** All but the containers, which no digest covers whole. */
const withoutHoles = (pdf: Buffer) => pdf.toString('latin1').replace(/(\/Contents *<)[0-9a-fA-F]*(?=>)/g, '$1')

/**
 * Spoils a file of signed revisions. What is valid all the same must start with what was signed, byte for byte, and
 * what follows must be told as a change.
 */
async function judged(pdf: Buffer, revisions: readonly Buffer[]): Promise<string> {
  const { indication, signatures } = await report(pdf)
  if (indication !== 'TOTAL-PASSED') return indication
  const own = withoutHoles(pdf)
  const signedText = revisions.map(withoutHoles).filter((text) => own.startsWith(text))
  expect(signedText.length).toBeGreaterThan(0)
  const isWhole = signedText.includes(own)
  const isTold = signatures.every(({ changes }) => changes.length > 0)
  expect(isWhole || isTold).toBe(true)
  return isWhole ? 'TOTAL-PASSED, unchanged' : 'TOTAL-PASSED, change told'
}

describe.each(kinds)('a signed file of the kind %s', async (kind) => {
  const first = await signed(buildPdf(kind, { form: true }), signers.ana, { field: { existing: 'Sig_A' } })
  const second = await signed(first, signers.eva, { field: { existing: 'Sig_B' } })
  const revisions = [first, second]

  test('that is spoiled is not valid', { timeout }, async () => {
    await runCases({
      name: `signed ${kind}`,
      count: 300,
      long: 15_000,
      one: (chance) => judged(spoiled(chance(2) === 0 ? first : second, mutations, chance), revisions),
    })
  })

  test('that is spoiled behind its end is not valid, or the change is told', { timeout }, async () => {
    await runCases({
      name: `tail of ${kind}`,
      count: 300,
      long: 15_000,
      one: (chance) => judged(Buffer.concat([first, tailAfter(first, second, chance)]), revisions),
    })
  })
})

/** A revision, spoiled or not: the other signature, or objects of any kind under any number. */
function tailAfter(first: Buffer, second: Buffer, chance: Chance): Buffer {
  if (chance(4) === 0) return spoiled(second.subarray(first.length), mutations, chance)
  const objects = Object.fromEntries(
    Array.from({ length: 1 + chance(3) }, () => [1 + chance(16), BODIES[chance(BODIES.length)] ?? 'null']),
  )
  const tail = appended(first, objects).subarray(first.length)
  return chance(3) === 0 ? spoiled(tail, stayingMutations, chance) : tail
}

const BODIES = [
  ...['null', '<<>>', '[]', '7', '(text)', '5 0 R', '6 0 R', '<</Fields[]>>', '<</FT/Sig/T(Sig_A)>>'],
  ...['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/DSS 12 0 R>>'],
  ...['<</Type/Pages/Kids[10 0 R]/Count 1>>', '<</Fields[5 0 R 6 0 R 7 0 R]>>', '<</FT/Tx/T(city)/V(Puno)>>'],
  ...['<</Type/Annot/Subtype/Square/Rect[0 0 900 900]>>', '<</Length 4>>\nstream\nq Q \nendstream'],
]

test('files that were tampered with cleverly, and then spoiled, are read or refused', { timeout }, async () => {
  const built = await Promise.all(Object.values(attacks).flatMap((rows) => rows.map(({ build }) => build())))
  await runCases({
    name: 'attacks',
    count: 300,
    long: 15_000,
    one: async (chance) =>
      (await report(spoiled(built[chance(built.length)] ?? Buffer.alloc(0), mutations, chance))).indication,
  })
})
