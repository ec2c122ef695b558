import { stdnum } from 'stdnum'
import { describe, expect, test } from 'vitest'
import type { Claim, ProofingReport, ProofingRequest } from '../../core/index.ts'
import { later } from '../../std/time.ts'
import { personas, sandboxProvider } from './index.ts'

const startedAt = new Date('2026-11-21T12:00:00Z')
const expected = {
  firstName: 'Juan José',
  lastName: 'Pérez López',
  birthDate: '1990-05-15',
  personalNumber: '1234567890101',
  country: 'GT',
}
const nothing = { firstName: '', lastName: '', birthDate: '', personalNumber: '', country: '' }

const requestOf = (email: string, known: ProofingRequest['expected'] = expected) => ({
  id: '01J9ABC',
  email,
  expected: known,
})
const providerAt = (moment: Date) => sandboxProvider({ clock: { now: () => moment } })

const reportOf = async (email: string, known = expected): Promise<ProofingReport> => {
  const request = requestOf(email, known)
  const provider = providerAt(later(startedAt, 60_000))
  const { providerRef } = await provider.start(request)
  return (await provider.report(providerRef, request, startedAt)) ?? expect.fail('the session is still open')
}

const valuesOf = (claims: readonly Claim[]) => Object.fromEntries(claims.map(({ field, value }) => [field, value]))
const agreeing = {
  firstName: expected.firstName,
  lastName: expected.lastName,
  birthDate: expected.birthDate,
  personalNumber: expected.personalNumber,
}

/** The checks that keep a person from passing, as `code verdict`. */
const doubtsIn = ({ checks }: ProofingReport) =>
  checks
    .filter(({ verdict }) => verdict === 'NOT_OK' || verdict === 'UNCERTAIN')
    .map(({ code, verdict, blocking }) => `${code} ${verdict}${blocking ? '' : ', not blocking'}`)

describe('the session', () => {
  test.each(['other:anna:01J9ABC', 'sandbox:nobody:01J9ABC', 'sandbox:anna:01J9OTHER', ''])(
    '%j was never opened here',
    async (ref) => {
      await expect(providerAt(startedAt).report(ref, requestOf('anna@example.com'), startedAt)).rejects.toThrow(Error)
    },
  )

  test('has one name, however often it is opened', async () => {
    const open = () => providerAt(startedAt).start(requestOf('impostor+1@example.com'))
    expect(await open()).toEqual({ providerRef: 'sandbox:impostor:01J9ABC' })
    expect(await open()).toEqual(await open())
  })

  test('is reported the same by a provider that starts anew, days later', async () => {
    const request = requestOf('expired@example.com')
    const report = (ms: number) =>
      providerAt(later(startedAt, ms)).report('sandbox:expired:01J9ABC', request, startedAt)
    expect(await report(9 * 86_400_000)).toEqual(await report(0))
  })

  test.each([
    ['slow', 0, null],
    ['slow', 4999, null],
    ['slow', 5000, 'complete'],
    ['anna', 0, 'complete'],
  ])('of %s is, after %i ms, %s', async (key, ms, ended) => {
    const provider = providerAt(later(startedAt, ms))
    const report = await provider.report(`sandbox:${key}:01J9ABC`, requestOf(`${key}@example.com`), startedAt)
    expect(report?.ended ?? null).toBe(ended)
  })
})

describe('the address', () => {
  test.each([
    ['chip@example.com', 'chip'],
    ['chip+anything@example.com', 'chip'],
    ['Chip+a+b@example.com', 'chip'],
    ['chipmunk@example.com', 'anna'],
    ['anything+chip@example.com', 'anna'],
    ['juan@chip.example', 'anna'],
    ['constructor@example.com', 'anna'],
  ])('%s is %s', async (email, key) => {
    const { providerRef } = await providerAt(startedAt).start(requestOf(email))
    expect(providerRef).toBe(`sandbox:${key}:01J9ABC`)
  })
})

describe('personas who do not pass', () => {
  test.each([
    ['expired', ['doc.notExpired NOT_OK']],
    ['checkdigit', ['doc.mrzCheckDigits NOT_OK']],
    ['photo', ['bio.activeLiveness NOT_OK']],
    ['impostor', ['bio.faceMatch NOT_OK']],
    ['forgedchip', ['chip.passiveAuthentication NOT_OK']],
    ['minor', ['data.minimumAge NOT_OK']],
    ['blurry', ['doc.imageQuality UNCERTAIN']],
    ['lookalike', ['bio.faceMatch UNCERTAIN']],
    ['sanctioned', ['risk.sanctions UNCERTAIN, not blocking']],
    ['mismatch', []],
  ])('%s has the findings %j', async (key, doubts) => {
    const report = await reportOf(`${key}@example.com`)
    expect(report).toMatchObject({ ended: 'complete', sandbox: true })
    expect(doubtsIn(report)).toEqual(doubts)
  })

  test.each([
    ['abandon', 'cancelled'],
    ['timeout', 'expired'],
    ['outage', 'failed'],
  ])('%s leaves a session that is %s, and no finding', async (key, ended) => {
    const empty = { assurance: 'NONE', sandbox: true, claims: [], checks: [] }
    expect(await reportOf(`${key}@example.com`)).toEqual({ ended, ...empty })
  })

  test('mismatch has the right number in a document that names somebody else', async () => {
    const { claims } = await reportOf('mismatch@example.com')
    expect(valuesOf(claims)).toMatchObject({ ...agreeing, firstName: 'Zoltan', lastName: 'Wintergreen' })
  })

  test('expired and minor have the dates that their checks speak of', async () => {
    const [old, young] = [await reportOf('expired@example.com'), await reportOf('minor@example.com')]
    expect(valuesOf(old.claims)).toMatchObject({ ...agreeing, 'document.expiryDate': '2025-11-21' })
    expect(valuesOf(young.claims)).toMatchObject({ birthDate: '2016-11-21' })
  })

  test('blurry claims nothing', async () => {
    expect(await reportOf('blurry@example.com')).toMatchObject({ assurance: 'NONE', claims: [] })
  })

  test('a face is compared by a distance, on the side of its threshold that the verdict says', async () => {
    for (const { key } of personas) {
      const face = (await reportOf(`${key}@example.com`)).checks.find(({ code }) => code === 'bio.faceMatch')
      if (!face || face.verdict === 'SKIPPED') continue
      expect(face.threshold).toBe(0.5)
      expect((face.score ?? 1) <= 0.5).toBe(face.verdict === 'OK')
    }
  })
})

describe('personas who pass', () => {
  const passing = personas.filter(({ outcome }) => outcome === 'accepted').map(({ key }) => key)

  test.each([...passing, 'somebody'])('%s agrees with what was expected and has no doubt', async (key) => {
    const report = await reportOf(`${key}+x@example.com`)
    expect(doubtsIn(report)).toEqual([])
    expect(valuesOf(report.claims)).toMatchObject({ ...agreeing, nationality: 'GTM' })
    expect(report.claims.every(({ confidence }) => confidence >= 0.8)).toBe(true)
  })

  test.each([
    ['anna', 'DOCUMENT_PHOTO', 'MRZ', 'CHECK_DIGIT'],
    ['chip', 'DOCUMENT_CHIP', 'CHIP', 'SIGNATURE'],
    ['wallet', 'WALLET_PID', 'WALLET', 'SIGNATURE'],
  ])('%s reaches %s by %s claims', async (key, assurance, source, protectedBy) => {
    const report = await reportOf(`${key}@example.com`)
    expect(report.assurance).toBe(assurance)
    const birthDate = report.claims.find(({ field }) => field === 'birthDate')
    expect(birthDate).toMatchObject({ source, protectedBy })
  })

  test('say what was not looked at, and it refuses nobody', async () => {
    const { checks } = await reportOf('anna@example.com')
    const beyond = checks.filter(({ verdict }) => verdict === 'NOT_SUPPORTED')
    expect(beyond.map(({ code }) => code)).toEqual(['doc.securityFeatures', 'bio.sourceIntegrity'])
    expect(beyond.some(({ blocking }) => blocking)).toBe(false)
  })

  test('are their own specimen where nothing was expected, with a number that its country accepts', async () => {
    const numberOf = async (key: string) => valuesOf((await reportOf(`${key}@example.com`, nothing)).claims)
    const [jane, carlos, lupita] = [await numberOf('jane'), await numberOf('carlos'), await numberOf('lupita')]
    expect(jane).toMatchObject({ firstName: 'Jane', lastName: 'Smith', nationality: 'NOR' })
    expect(stdnum['NO']?.['fodselsnummer']?.validate(jane['personalNumber'] ?? '').isValid).toBe(true)
    expect(stdnum['GT']?.['cui']?.validate(carlos['personalNumber'] ?? '').isValid).toBe(true)
    expect(stdnum['MX']?.['curp']?.validate(lupita['personalNumber'] ?? '').isValid).toBe(true)
  })
})

test('no finding of a persona names a check that is not made', async () => {
  for (const { key, findings = {}, outcome } of personas) {
    if (outcome === 'cancelled' || outcome === 'expired' || outcome === 'failed') continue
    const codes = (await reportOf(`${key}@example.com`)).checks.map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(Object.keys(findings)))
    expect(new Set(codes).size).toBe(codes.length)
  }
})
