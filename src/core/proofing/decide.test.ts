import { describe, expect, test } from 'vitest'
import { personas, sandboxProvider, sandboxRegistry } from '../../../test/support/sandbox.ts'
import { bestClaim, decide } from './decide.ts'
import type { Check, Claim, ProofingReport, ProofingRequest } from './provider.ts'

const NOW = new Date('2030-01-01T00:00:00Z')
const DPIS = ['1234567890101', '2532564960101', '2000000120101', '2000000200101', '2000000390101', '2000000470101']
const first = { number: 1, max: 3 }

/** A request for somebody whom the sandbox's registry knows. */
async function requestFor(key: string, nationalId: string): Promise<ProofingRequest> {
  const entry = await sandboxRegistry().lookUp({ country: 'GT', nationalId })
  if (!entry) throw new Error('the registry does not know the number')
  const { givenName, surname, dateOfBirth } = entry
  return {
    id: '01J9ABC',
    email: `${key}+x@example.com`,
    expected: {
      firstName: givenName,
      lastName: surname,
      birthDate: dateOfBirth,
      personalNumber: nationalId,
      country: 'GT',
    },
  }
}

async function reportFor(request: ProofingRequest): Promise<ProofingReport> {
  const provider = sandboxProvider({ clock: { now: () => new Date(NOW.getTime() + 60_000) } })
  const { providerRef } = await provider.start(request)
  return (await provider.report(providerRef, request, NOW)) ?? expect.fail('the session is still open')
}

describe.each(personas.map(({ key, outcome, mayRetry }) => [key, outcome, mayRetry ?? null] as const))(
  'the persona %s',
  (key, outcome, mayRetry) => {
    test.each(DPIS)(`is ${outcome} under the number %s`, async (nationalId) => {
      const request = await requestFor(key, nationalId)
      const decision = decide(await reportFor(request), request, first)
      expect(decision).toMatchObject({ outcome, mayRetry })
      expect(decision.assurance === 'NONE').toBe(outcome !== 'accepted')
      expect(decision.reasons.length > 0).toBe(outcome !== 'accepted')
    })
  },
)

const request: ProofingRequest = {
  id: '1',
  email: 'ana@example.com',
  expected: { firstName: 'Ana', lastName: 'Ruiz', birthDate: '1990-01-01', personalNumber: '123', country: 'GT' },
}
const claim = (field: Claim['field'], value: string, more: Partial<Claim> = {}): Claim => ({
  field,
  value,
  source: 'MRZ',
  confidence: 0.9,
  protectedBy: 'NONE',
  ...more,
})
const claims = [
  claim('firstName', 'Ana'),
  claim('lastName', 'Ruiz'),
  claim('birthDate', '1990-01-01'),
  claim('personalNumber', '123'),
]
const report = (more: Partial<ProofingReport> = {}): ProofingReport => ({
  ended: 'complete',
  assurance: 'DOCUMENT_PHOTO',
  sandbox: true,
  claims,
  checks: [],
  ...more,
})
const failing = (code: Check['code'], blocking = true): Check => ({ code, verdict: 'NOT_OK', blocking })
const outcomeOf = (given: ProofingReport, attempt = first) => decide(given, request, attempt)

describe('nobody is accepted', () => {
  test('without an assurance, even if nothing speaks against them', () => {
    expect(outcomeOf(report({ assurance: 'NONE' })).outcome).toBe('inconclusive')
  })

  test('without any claim', () => {
    expect(outcomeOf(report({ claims: [] })).outcome).toBe('inconclusive')
  })

  test.each(claims.map(({ field }) => field))('when the %s is missing', (field) => {
    expect(outcomeOf(report({ claims: claims.filter((one) => one.field !== field) })).outcome).toBe('inconclusive')
  })

  test.each(claims.map(({ field }) => field))('when the %s was read badly', (field) => {
    const unsure = claims.map((one) => (one.field === field ? { ...one, confidence: 0.79 } : one))
    expect(outcomeOf(report({ claims: unsure })).outcome).toBe('inconclusive')
  })

  test.each(claims.map(({ field }) => field))('when the %s is another', (field) => {
    const other = claims.map((one) => (one.field === field ? { ...one, value: 'XXXXXXXX' } : one))
    expect(outcomeOf(report({ claims: other }))).toMatchObject({ outcome: 'rejected', mayRetry: true })
  })

  test('when a signed claim speaks against a printed one', () => {
    const signed = claim('lastName', 'Wintergreen', { protectedBy: 'SIGNATURE', source: 'CHIP' })
    expect(outcomeOf(report({ claims: [...claims, signed] })).outcome).toBe('rejected')
  })

  test.each(['cancelled', 'expired', 'failed'] as const)('when the session was %s, whatever it found', (ended) => {
    expect(outcomeOf(report({ ended }))).toMatchObject({ outcome: ended, mayRetry: null, assurance: 'NONE' })
  })
})

describe('a rejection', () => {
  test('allows another attempt until the last', () => {
    const blurred = report({ checks: [failing('doc.notExpired')] })
    expect([1, 2, 3, 4].map((number) => outcomeOf(blurred, { number, max: 3 }).mayRetry)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test.each(['bio.faceMatch', 'chip.passiveAuthentication', 'data.minimumAge', 'risk.sanctions'] as const)(
    'for %s is for good',
    (code) => {
      expect(outcomeOf(report({ checks: [failing(code)] }))).toMatchObject({ outcome: 'rejected', mayRetry: false })
    },
  )

  test('stands even if another check is in doubt', () => {
    const doubt: Check = { code: 'doc.imageQuality', verdict: 'UNCERTAIN', blocking: true }
    expect(outcomeOf(report({ checks: [doubt, failing('bio.faceMatch')] })).outcome).toBe('rejected')
  })
})

test('a check that does not block refuses nobody', () => {
  expect(outcomeOf(report({ checks: [failing('doc.securityFeatures', false)] })).outcome).toBe('accepted')
})

test('of several claims of a field the best protected counts, then the surer one', () => {
  const printed = claim('lastName', 'A', { confidence: 1 })
  const checked = claim('lastName', 'B', { protectedBy: 'CHECK_DIGIT', confidence: 0.8 })
  const surer = claim('lastName', 'C', { protectedBy: 'CHECK_DIGIT', confidence: 0.9 })
  expect(bestClaim([printed, checked, surer], 'lastName')?.value).toBe('C')
  expect(bestClaim([], 'lastName')).toBeUndefined()
})
