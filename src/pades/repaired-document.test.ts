import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../test/support/temporary-directory.ts'
import { bytesSource, openPdf, PdfError } from '../pdf/index.ts'
import { type Damage, damages, streamDamages, tableDamages } from '../pdf/testing/damage.ts'
import { buildPdf, kinds } from '../pdf/testing/pdf-builder.ts'
import { NOW } from '../pki/testing/authority.ts'
import { finish, prepare, sign, validate } from './index.ts'
import { signed, signers, trust } from './testing/signing.ts'

const has = (tool: string, flag: string) => spawnSync(tool, [flag]).error === undefined

let folder: TemporaryDirectory
beforeAll(async () => {
  folder = await makeTemporaryDirectory('repaired-document')
})
afterAll(() => folder.remove())

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder.path, name)
  writeFileSync(path, bytes)
  return path
}

const openRepaired = (pdf: Uint8Array) => openPdf(bytesSource(pdf), { damaged: 'repair' })

async function signedRepaired(pdf: Buffer): Promise<Buffer> {
  const request = { signer: signers.ana.identity, signedAt: NOW, field: { existing: 'Sig_A' } }
  return Buffer.concat([pdf, finish(await sign(await prepare(openRepaired(pdf), request), signers.ana))])
}

/** How many faults qpdf finds. */
function faultsIn(pdf: Buffer): number {
  const { status, stderr } = spawnSync('qpdf', ['--check', put('check.pdf', pdf)], { encoding: 'utf8' })
  return (status ?? 0) + (stderr.match(/WARNING/g) ?? []).length
}

describe.each(kinds)('a damaged document of the kind %s', (kind) => {
  const own = kind === 'stream' || kind === 'object-streams' ? streamDamages : tableDamages
  const cases: [string, Damage][] = Object.entries({ ...damages, ...own })

  test.each(cases)('%s: two signatures are valid, and the bytes that were there stay', async (name, damage) => {
    const pdf = damage(buildPdf(kind, { form: true }))
    const once = await signedRepaired(pdf)
    expect(once.subarray(0, pdf.length).equals(pdf)).toBe(true)
    const isMoved = openRepaired(once).headerOffset > 0
    // After the first signature nothing is left to be repaired, but for a header that is not at the start.
    if (!isMoved) expect(openPdf(bytesSource(once)).findings, name).toEqual([])
    const twice = isMoved ? once : await signed(once, signers.juan)
    const { indication, signatures } = await validate(openRepaired(twice), trust)
    expect([indication, signatures.length]).toEqual(['TOTAL-PASSED', isMoved ? 1 : 2])
  })

  test.skipIf(!has('pdfsig', '-v')).each(cases)('%s: pdfsig accepts the signature', async (_, damage) => {
    const pdf = await signedRepaired(damage(buildPdf(kind, { form: true })))
    const said = execFileSync('pdfsig', ['-nocert', put('sig.pdf', pdf)], { encoding: 'utf8' })
    expect(said).toContain('Signature Validation: Signature is Valid')
    expect(said).toContain('Total document signed')
  })

  test.skipIf(!has('qpdf', '--version')).each(cases)('%s: qpdf finds no more faults than before', async (_, damage) => {
    const pdf = damage(buildPdf(kind, { form: true }))
    expect(faultsIn(await signedRepaired(pdf))).toBeLessThanOrEqual(faultsIn(pdf))
  })
})

test('a document that strict reading refuses is not signed unless somebody asks for its repair', async () => {
  const pdf = damages['startxref is missing'](buildPdf('table'))
  await expect(signed(pdf, signers.ana)).rejects.toThrow(PdfError)
})

test('bytes behind the end leave the revisions and an earlier signature as they are', async () => {
  const pdf = damages['text follows the end'](await signed(buildPdf('table', { form: true }), signers.juan))
  const { indication, signatures } = await validate(openRepaired(await signedRepaired(pdf)), trust)
  expect([indication, signatures.length]).toEqual(['TOTAL-PASSED', 2])
})
