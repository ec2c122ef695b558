import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ValidationPolicy } from '../../src/pades/index.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { type AlgorithmPolicy, standardAlgorithms } from '../../src/pki/index.ts'
import type { KeyKind } from '../../src/pki/testing/authority.ts'
import { type SigningWorld, startSigningWorld } from '../support/signing-world.ts'

const pdf = buildPdf('table', { form: true })
const noon = (day: string) => `${day}T12:00:00Z`
const end = (year: number) => new Date(Date.UTC(year, 0, 1))

/** The responders end with 2029; from then on the authority's list is all there is. */
let world: SigningWorld
beforeAll(async () => {
  world = await startSigningWorld({ responders: { notAfter: end(2030) } })
})
afterAll(() => world[Symbol.asyncDispose]())

/** Signed in 2026 by a certificate until 2028, archived under a time-stamp unit until 2030. */
async function archived(key: KeyKind = 'P-256'): Promise<Buffer> {
  world.setTime(noon('2026-11-20'))
  const timestamper = world.unitUntil('2030-01-01T00:00:00Z', key)
  return await world.signed(pdf, 'B-LTA', world.person(key, { notAfter: end(2028) }), { timestamper })
}

/** Renewed in time, in 2029, under a unit until 2040. */
async function renewed(before: Buffer): Promise<Buffer> {
  world.setTime(noon('2029-06-01'))
  const after = await world.extended(before, 'B-LTA', world.unitUntil('2040-01-01T00:00:00Z'))
  expect(after.subarray(0, before.length).equals(before)).toBe(true)
  return after
}

/** In that year, with the services of that year to ask. */
async function judgedOn(day: string, bytes: Buffer, policy: Partial<ValidationPolicy> = {}) {
  world.setTime(noon(day))
  const { indication, subIndication, format, provenAt } = await world.judged(bytes, noon(day), {
    ...world.online,
    ...policy,
  })
  return { verdict: [indication, subIndication].filter(Boolean).join(' '), format, provenAt }
}

/** The certificates are past their end, and no proof is left that the signature is older. */
const OUT_OF_BOUNDS = 'INDETERMINATE OUT_OF_BOUNDS_NO_POE'
const signedAt = new Date(noon('2026-11-20'))
const passed = { verdict: 'TOTAL-PASSED', format: 'PAdES-B-LTA', provenAt: signedAt }

describe('an archive whose signer, responders and first time-stamp unit are all past their end', () => {
  test('not renewed: nothing proves any more when it was signed', async () => {
    const bytes = await archived()
    expect(await judgedOn('2027-06-01', bytes)).toEqual(passed)
    expect(await judgedOn('2029-06-01', bytes)).toEqual(passed)
    expect(await judgedOn('2031-06-01', bytes)).toMatchObject({ verdict: OUT_OF_BOUNDS })
  })

  test('renewed in time: it is valid, for the day on which it was signed', async () => {
    const bytes = await renewed(await archived())
    expect(await judgedOn('2029-06-02', bytes)).toEqual(passed)
    expect(await judgedOn('2031-06-01', bytes)).toEqual(passed)
    expect(await judgedOn('2039-06-01', bytes)).toEqual(passed)
    expect(await judgedOn('2041-06-01', bytes)).toMatchObject({ verdict: expect.stringContaining('INDETERMINATE') })
  })

  test('renewed too late: it is refused', async () => {
    const bytes = await archived()
    world.setTime(noon('2030-06-01'))
    const late = world.extended(bytes, 'B-LTA', world.unitUntil('2040-01-01T00:00:00Z'))
    await expect(late).rejects.toMatchObject({ code: 'pades.no_chain' })
  })

  test('renewed twice: each time-stamp carries the one before', async () => {
    const once = await renewed(await archived())
    world.setTime(noon('2039-06-01'))
    const twice = await world.extended(once, 'B-LTA', world.unitUntil('2045-01-01T00:00:00Z'))
    expect(await judgedOn('2044-06-01', twice)).toEqual(passed)
  })
})

describe('an algorithm that a later policy gives up', () => {
  const withoutRsa: AlgorithmPolicy = {
    ...standardAlgorithms,
    source: 'a policy of 2031',
    keys: { ...standardAlgorithms.keys, rsa: [{ minBits: 1024, until: end(2030) }] },
  }
  const withoutSha256From = (year: number): AlgorithmPolicy => ({
    ...standardAlgorithms,
    digests: { ...standardAlgorithms.digests, sha256: { until: end(year) } },
  })

  test('signed and archived with RSA, not renewed: INDETERMINATE', async () => {
    const bytes = await archived('RSA-3072')
    expect(await judgedOn('2029-06-01', bytes, { algorithms: withoutRsa })).toMatchObject({ verdict: 'TOTAL-PASSED' })
    expect(await judgedOn('2031-06-01', bytes, { algorithms: withoutRsa })).toMatchObject({
      verdict: expect.stringContaining('INDETERMINATE'),
    })
  })

  test('signed and archived with RSA, renewed with another key before: valid', async () => {
    const bytes = await renewed(await archived('RSA-3072'))
    expect(await judgedOn('2031-06-01', bytes, { algorithms: withoutRsa })).toEqual(passed)
  })

  test('the renewal itself is by what is given up: nothing holds the rest', async () => {
    const bytes = await renewed(await archived())
    expect(await judgedOn('2031-06-01', bytes, { algorithms: withoutSha256From(2032) })).toEqual(passed)
    const algorithms = withoutSha256From(2031)
    expect(await judgedOn('2031-06-01', bytes, { algorithms })).toMatchObject({ verdict: OUT_OF_BOUNDS })
    const { timestamps } = await world.report(bytes, noon('2031-06-01'), { ...world.online, algorithms })
    expect(timestamps.map(({ subIndication }) => subIndication)).toContain('CRYPTO_CONSTRAINTS_FAILURE_NO_POE')
  })
})
