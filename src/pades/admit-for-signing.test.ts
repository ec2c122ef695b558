import { describe, expect, test } from 'vitest'
import { bytesSource } from '../pdf/index.ts'
import { damages, streamDamages, tableDamages } from '../pdf/testing/damage.ts'
import { buildEncrypted } from '../pdf/testing/encrypted-builder.ts'
import { buildPdf, kinds, objectsOf } from '../pdf/testing/pdf-builder.ts'
import type { Bytes } from '../std/bytes.ts'
import { admitForSigning } from './admit-for-signing.ts'
import { overwritten, signed, signers, trust } from './testing/signing.ts'

const admit = (pdf: Bytes) => admitForSigning(bytesSource(pdf), trust)
/** All rights but some (ISO 32000-2 table 22). */
const allBut = (...bits: readonly number[]): number => bits.reduce((rights, bit) => rights & ~(1 << (bit - 1)), -4)

describe('refused is a document', () => {
  const damaged = [
    ...Object.entries({ ...damages, ...tableDamages }).map(([name, damage]) => ['table', name, damage] as const),
    ...Object.entries({ ...damages, ...streamDamages }).map(([name, damage]) => ['stream', name, damage] as const),
    // Readers find the newest trailer by its place, and all find the same.
  ].filter(([, name]) => name !== 'a second trailer has no catalog')
  test.each(damaged)('with a %s of which %s', async (kind, name, damage) => {
    const code = name === 'bytes stand before the header' ? 'pdf.not_a_pdf' : 'pdf.damaged'
    await expect(admit(damage(buildPdf(kind, { form: true })))).rejects.toMatchObject({ code })
  })

  test('that viewers repair, with the repair', async () => {
    const pdf = damages['%%EOF is missing'](buildPdf('table'))
    await expect(admit(pdf)).rejects.toMatchObject({ details: { what: 'startxref', finding: 'repair.end_missing' } })
  })

  test('that reads well where it is read, and needs a repair elsewhere', async () => {
    const pdf = damages['the length of a stream is missing'](buildPdf('table'))
    await expect(admit(pdf)).rejects.toMatchObject({ details: { finding: 'repair.stream_length' } })
  })

  test('that nobody can repair, without a word about a repair', async () => {
    const pdf = Buffer.from('%PDF-1.7\nnothing')
    await expect(admit(pdf)).rejects.toMatchObject({ code: 'pdf.damaged', details: { what: 'startxref' } })
  })

  test('that needs a password', async () => {
    const pdf = buildEncrypted('table', 'AES-256', { user: 'secret' })
    await expect(admit(pdf)).rejects.toMatchObject({ code: 'pdf.password_needed' })
  })

  test.each([
    ['neither fields nor forms may be changed', allBut(4, 6, 9), true],
    ['forms may be filled, and there is none', allBut(4, 6), false],
  ])('of which the author said that %s', async (_, permissions, form) => {
    const objects = form ? {} : { objects: objectsOf({}) }
    const pdf = buildEncrypted('table', 'AES-128', { permissions, ...objects })
    await expect(admit(pdf)).rejects.toMatchObject({ code: 'pdf.permission' })
  })

  test('that is certified against every change', async () => {
    const pdf = await signed(buildPdf('table'), signers.ana, { certify: 1 })
    await expect(admit(pdf)).rejects.toMatchObject({ code: 'pades.certified_no_changes' })
  })
})

test('of a document with a broken signature that is said', async () => {
  const pdf = overwritten(await signed(buildPdf('table'), signers.ana), 'Page 1', 'Page 9')
  expect(await admit(pdf)).toBe('TOTAL-FAILED')
})

describe('admitted is a document', () => {
  test.each(kinds)('of the kind %s', async (kind) => {
    expect(await admit(buildPdf(kind, { form: true }))).not.toBe('TOTAL-FAILED')
  })

  test('whose forms may be filled, with a signature field that waits', async () => {
    const pdf = buildEncrypted('stream', 'AES-256', { permissions: allBut(4, 6) })
    expect(await admit(pdf)).not.toBe('TOTAL-FAILED')
  })

  test.each([2, 3] as const)('that is certified and allows signatures (%d)', async (certify) => {
    expect(await admit(await signed(buildPdf('stream'), signers.ana, { certify }))).toBe('TOTAL-PASSED')
  })
})
