import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SigningWorld, startSigningWorld } from '../../../test/support/signing-world.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import type { Level } from '../index.ts'

const SIGNED = '2026-11-20T12:00:00Z'
const pdf = buildPdf('table')

let world: SigningWorld
beforeAll(async () => {
  world = await startSigningWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Signed by a person until 2029 at noon of that day, time-stamped by a unit until 2031. */
async function signed(level: Level) {
  world.setTime(SIGNED)
  return await world.signed(pdf, level, world.person(), { timestamper: world.unitUntil('2031-01-01T00:00:00Z') })
}

describe('as the years pass, without anybody to ask', () => {
  test.each<[Level, string, string, string | undefined]>([
    ['B-B', '2026-11-20T12:00:00Z', 'INDETERMINATE', 'TRY_LATER'],
    ['B-B', '2029-06-01T12:00:00Z', 'INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE'],
    ['B-T', '2026-11-20T12:00:00Z', 'INDETERMINATE', 'TRY_LATER'],
    ['B-LT', '2026-11-20T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LT', '2027-06-01T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LT', '2029-06-01T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LT', '2031-06-01T12:00:00Z', 'INDETERMINATE', 'OUT_OF_BOUNDS_NOT_REVOKED'],
    ['B-LTA', '2026-11-20T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LTA', '2029-06-01T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LTA', '2031-06-01T12:00:00Z', 'INDETERMINATE', 'OUT_OF_BOUNDS_NOT_REVOKED'],
  ])('%s at %s: %s %s', async (level, time, indication, subIndication) => {
    const report = await world.judged(await signed(level), time)
    expect(report).toMatchObject({ format: `PAdES-${level}`, indication })
    expect(report.subIndication).toBe(subIndication)
  })

  test('the age of what is known about revocation can be limited', async () => {
    const archived = await signed('B-LT')
    const policy = { revocationFreshnessMs: 86_400_000 }
    expect(await world.judged(archived, '2026-11-20T13:00:00Z', policy)).toMatchObject({ indication: 'TOTAL-PASSED' })
    expect(await world.judged(archived, '2026-11-23T12:00:00Z', policy)).toMatchObject({ subIndication: 'TRY_LATER' })
  })

  test('a status of long ago for a time-stamp is told', async () => {
    const report = await world.judged(await signed('B-LT'), '2027-06-01T12:00:00Z')
    expect(report.timestamps[0]?.findings.map(({ code }) => code)).toEqual(['timestamp.dated_status'])
  })

  test('the report says where each status came from', async () => {
    const sources = async (level: Level) => {
      const { chain } = await world.judged(await signed(level), SIGNED, world.online)
      return chain.map(({ revocation }) => revocation?.source)
    }
    expect(await sources('B-LT')).toEqual(['document', 'document', undefined])
    expect(await sources('B-T')).toEqual(['network', 'network', undefined])
  })
})

describe('as the years pass, with the authority of the last time-stamp to ask', () => {
  const judgedOnline = (bytes: Uint8Array, time: string) => {
    world.setTime(time)
    return world.judged(bytes, time, world.online)
  }

  test.each<[string, string, string | undefined]>([
    ['2035-06-01T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['2041-06-01T12:00:00Z', 'INDETERMINATE', 'OUT_OF_BOUNDS_NOT_REVOKED'],
  ])('an archive that was renewed in 2030 until 2040, at %s: %s %s', async (time, indication, subIndication) => {
    const archived = await signed('B-LTA')
    world.setTime('2030-06-01T12:00:00Z')
    const renewed = await world.extended(archived, 'B-LTA', world.unitUntil('2040-01-01T00:00:00Z'))
    const report = await judgedOnline(renewed, time)
    expect(report).toMatchObject({ format: 'PAdES-B-LTA', indication })
    expect(report.subIndication).toBe(subIndication)
  })

  test('a time-stamped signature that is archived two years later is proved for when it was time-stamped', async () => {
    const stamped = await signed('B-T')
    world.setTime('2028-06-01T12:00:00Z')
    const archived = await world.extended(stamped, 'B-LTA', world.unitUntil('2040-01-01T00:00:00Z'))
    const report = await judgedOnline(archived, '2035-06-01T12:00:00Z')
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', format: 'PAdES-B-LTA', provenAt: new Date(SIGNED) })
    const proven = { indication: 'TOTAL-PASSED', provenAt: new Date('2028-06-01T12:00:00Z') }
    expect(report.timestamps).toMatchObject([proven])
  })
})

describe('algorithms that end', () => {
  // RSA below 3000 bits is good enough until 2029.
  const lasting = { notAfter: new Date('2035-01-01T00:00:00Z') }

  test.each<[Level, string, string | undefined]>([
    ['B-B', 'INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'],
    ['B-T', 'TOTAL-PASSED', undefined],
    ['B-LTA', 'TOTAL-PASSED', undefined],
  ])('%s by RSA-2048 in 2030: %s %s', async (level, indication, subIndication) => {
    world.setTime(SIGNED)
    const bytes = await world.signed(pdf, level, world.person('RSA-2048', lasting))
    const report = await world.judged(bytes, '2030-06-01T12:00:00Z', { revocation: 'none' })
    expect(report.indication).toBe(indication)
    expect(report.subIndication).toBe(subIndication)
  })
})

describe('a certificate that was revoked, with the authorities to ask', () => {
  const noon = (day: string) => new Date(`${day}T12:00:00Z`)

  test.each<[Level, string, string, string | undefined]>([
    ['B-B', '2026-12-01', 'INDETERMINATE', 'REVOKED_NO_POE'],
    ['B-T', '2026-12-01', 'TOTAL-PASSED', undefined],
    ['B-T', '2026-11-10', 'INDETERMINATE', 'REVOKED_NO_POE'],
    ['B-LT', '2026-12-01', 'TOTAL-PASSED', undefined],
    ['B-LTA', '2026-12-01', 'TOTAL-PASSED', undefined],
  ])('%s, revoked on %s: %s %s', async (level, day, indication, subIndication) => {
    world.setTime(SIGNED)
    const person = world.person()
    const bytes = await world.signed(pdf, level, person)
    world.services.revoke(person, noon(day), 'keyCompromise')
    world.setTime('2027-06-01T12:00:00Z')
    const report = await world.judged(bytes, '2027-06-01T12:00:00Z', world.online)
    expect(report.indication).toBe(indication)
    expect(report.subIndication).toBe(subIndication)
  })

  test.each<[string, Parameters<SigningWorld['person']>[1], string | undefined, string, string]>([
    ['revoked', {}, '2026-11-10', 'REVOKED', 'chain.revoked'],
    ['expired', { notAfter: noon('2026-11-15') }, undefined, 'EXPIRED', 'chain.expired'],
  ])(
    'signed over a time-stamp that is younger than the end of the certificate: %s',
    async (_, more, day, sub, code) => {
      world.setTime(SIGNED)
      const archived = await world.signed(pdf, 'B-LTA', world.person())
      const person = world.person('P-256', more)
      world.setTime('2026-11-21T12:00:00Z')
      const twice = await world.signed(archived, 'B-B', person)
      if (day) world.services.revoke(person, noon(day))
      const report = await world.judged(twice, '2026-11-21T12:00:00Z', world.online)
      expect(report).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: sub, reason: { code } })
    },
  )

  test('time-stamped before the certificate was issued', async () => {
    world.setTime(SIGNED)
    const bytes = await world.signed(pdf, 'B-T', world.person('P-256', { notBefore: noon('2026-12-01') }))
    world.setTime('2027-06-01T12:00:00Z')
    const report = await world.judged(bytes, '2027-06-01T12:00:00Z', world.online)
    expect(report).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'NOT_YET_VALID' })
  })
})

const LONG = process.env['CHANCERY_TEST_LONG'] === '1'

test('many archived signatures in a large file are judged within ten seconds', { timeout: 120_000 }, async () => {
  const count = LONG ? 51 : 12
  world.setTime(SIGNED)
  let bytes = buildPdf('table', { noise: LONG ? 11_000_000 : 20_000 })
  for (let i = 0; i < count; i++) bytes = await world.signed(bytes, 'B-LTA', world.person())
  const started = performance.now()
  const { indication, signatures, timestamps } = await world.report(bytes, '2029-06-01T12:00:00Z')
  expect(performance.now() - started).toBeLessThan(10_000)
  expect([indication, signatures.length, timestamps.length]).toEqual(['TOTAL-PASSED', count, count])
})
