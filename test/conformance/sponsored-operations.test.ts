import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { personas } from '../../src/adapters/proofing-sandbox/index.ts'
import type { Answer } from '../support/http-client.ts'
import {
  companyToken,
  confirmPhone,
  enrichData,
  freshEmail,
  freshTelephone,
  kycOutcome,
  kycStatus,
  logIn,
  onboard,
  SAMPLE_ADDRESS,
  SAMPLE_DPI,
  signUp,
  startKyc,
  type Traveller,
  type World,
} from '../support/journey.ts'
import { type Serving, serve } from '../support/serving.ts'

let serving: Serving
let world: World
let company: string

beforeAll(async () => {
  serving = await serve()
  world = serving
  company = await companyToken(world)
})
afterAll(async () => {
  await serving?.stop()
})

/** A person at the first step. */
async function arrive(email = freshEmail(), telephone = freshTelephone()): Promise<Traveller> {
  await signUp(world, company, email)
  return await logIn(world, company, email, telephone)
}

const ask = (method: string, person: Traveller, path: string, json?: object): Promise<Answer> =>
  serving.http.call(method, `/v1/onboarding/${person.process}${path}`, {
    token: person.accessToken,
    ...(json === undefined ? {} : { json }),
  })

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const refusal = (code: string) => ({ code, message: expect.any(String) })
const dataOf = (person: Traveller) => ({ dpi: SAMPLE_DPI, telephone: person.telephone, address: SAMPLE_ADDRESS })

describe('data enrichment', () => {
  test('answers the documented sample with the documented person', async () => {
    const person = await arrive(freshEmail(), '+50212345678')
    const { status, json } = await ask('POST', person, '/data-enrichment', dataOf(person))
    expect([status, json]).toEqual([
      200,
      {
        full_name: 'Juan José Pérez López',
        date_of_birth: '1990-05-15',
        national_id_number: SAMPLE_DPI,
        tax_id: '1234567-8',
        telephone: '+50212345678',
        address: SAMPLE_ADDRESS,
      },
    ])
  })

  test('gives null for a tax number that nobody has', async () => {
    const person = await arrive()
    const { json } = await ask('POST', person, '/data-enrichment', { ...dataOf(person), dpi: '2000000200101' })
    expect(json).toMatchObject({ tax_id: null })
  })

  test.each<[string, object, number, string]>([
    ['a DPI with a wrong check digit', { dpi: '1234567880101' }, 400, 'INVALID_DPI'],
    ['a DPI that the registry does not know', { dpi: '4040404030101' }, 400, 'DPI_NOT_FOUND'],
    ['a registry that is down', { dpi: '5030303090101' }, 503, 'SERVICE_UNAVAILABLE'],
    ['a number without a country', { telephone: '55512345' }, 400, 'INVALID_TELEPHONE'],
    ['a premium number', { telephone: '+19005551234' }, 400, 'TELEPHONE_NOT_ALLOWED'],
    ['an address of blanks', { address: '  ' }, 400, 'INVALID_REQUEST'],
  ])('refuses %s and stays at its step', async (_, change, status, code) => {
    const person = await arrive()
    const answer = await ask('POST', person, '/data-enrichment', { ...dataOf(person), ...change })
    expect([answer.status, answer.json]).toEqual([status, refusal(code)])
    expect((await logIn(world, company, person.email)).step).toBe('data_enrichment')
  })
})

describe('the steps keep their order', () => {
  test.each<[string, string, object | undefined]>([
    ['the phone before the data', '/phone-confirmation', { otp: '000000' }],
    ['another code before the data', '/phone-confirmation/resend', undefined],
    ['the proofing before the phone', '/kyc-session', undefined],
  ])('%s', async (_, path, body) => {
    const person = await arrive()
    const { status, json } = await ask('POST', person, path, body)
    expect([status, json]).toEqual([409, refusal('WRONG_ONBOARDING_STEP')])
    expect((await logIn(world, company, person.email)).step).toBe('data_enrichment')
  })

  test('a wrong code for the phone is refused like any other', async () => {
    const person = await arrive()
    await enrichData(world, person)
    const code = await world.insight.codeSentTo(world.company, person.telephone)
    const { status, json } = await ask('POST', person, '/phone-confirmation', {
      otp: code === '111111' ? '222222' : '111111',
    })
    expect([status, json]).toEqual([400, refusal('INVALID_OTP')])
  })

  test('each call names the next one', async () => {
    const person = await arrive()
    await enrichData(world, person)
    const first = await world.insight.codeSentTo(world.company, person.telephone)
    const resent = await ask('POST', person, '/phone-confirmation/resend')
    const at = (step: string) => ({ onboarding_step: step, onboarding_process_ulid: person.process })
    expect([resent.status, resent.json]).toEqual([200, at('phone_verification')])
    const otp = await world.insight.codeSentTo(world.company, person.telephone)
    if (otp !== first) expect((await ask('POST', person, '/phone-confirmation', { otp: first })).status).toBe(400)
    const confirmed = await ask('POST', person, '/phone-confirmation', { otp })
    expect([confirmed.status, confirmed.json]).toEqual([200, at('kyc')])
    const session = await ask('POST', person, '/kyc-session')
    expect([session.status, session.json]).toEqual([
      200,
      {
        url: expect.stringMatching(/^http:\/\/localhost:\d+\/proofing\/[\w-]{40,}$/),
        expires_at: expect.stringMatching(RFC3339),
      },
    ])
  })

  test('beyond three codes the answer is the same and nothing is sent', async () => {
    const person = await arrive()
    await enrichData(world, person)
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await ask('POST', person, '/phone-confirmation/resend'))
    expect(new Set(answers.map(({ status, bytes }) => `${status} ${bytes}`)).size).toBe(1)
    const sent = await world.insight.rows(
      `select count(*)::int as count from messages where person_id = '${person.userId}' and channel = 'sms'`,
    )
    expect(sent).toEqual([{ count: 3 }])
  })
})

describe('kyc-status', () => {
  async function atKyc(key: string): Promise<Traveller> {
    const person = await arrive(freshEmail(key))
    await enrichData(world, person)
    await confirmPhone(world, person)
    return person
  }

  test('is NotPerformed before a session, without a message', async () => {
    const person = await atKyc('anna')
    expect(await kycStatus(world, person)).toEqual({ user_id: person.userId, status: 'NotPerformed' })
  })

  test('is Processing while the provider works', async () => {
    const person = await atKyc('slow')
    await startKyc(world, person)
    expect(await kycStatus(world, person)).toEqual({ user_id: person.userId, status: 'Processing' })
  })

  const STATUS = {
    accepted: 'Approved',
    rejected: 'Rejected',
    inconclusive: 'RequiresReview',
    failed: 'Error',
    cancelled: 'NotPerformed',
    expired: 'NotPerformed',
  } as const
  const quick = personas.filter(({ openMs }) => openMs === undefined)

  test.each(quick.map(({ key, outcome, mayRetry }) => [key, outcome, mayRetry] as const))(
    'tells how %s ends: %s',
    async (key, outcome, mayRetry) => {
      const person = await atKyc(key)
      await startKyc(world, person)
      const message = mayRetry ? 'Retry available' : 'Do not retry'
      expect(await kycOutcome(world, person)).toEqual({
        user_id: person.userId,
        status: STATUS[outcome],
        ...(outcome === 'rejected' ? { message } : {}),
      })
      const again = await ask('POST', person, '/kyc-session')
      if (outcome === 'rejected') expect(again.status).toBe(mayRetry ? 200 : 409)
      if (message === 'Do not retry' && outcome === 'rejected') expect(again.json).toEqual(refusal('KYC_REJECTED'))
    },
  )
})

describe('certificates', () => {
  test('nobody has one before their identity is proven', async () => {
    const person = await arrive()
    const call = (method: string) => serving.http.call(method, '/v1/certificates', { token: person.accessToken })
    const [list, wish] = [await call('GET'), await call('POST')]
    expect([list.status, list.json]).toEqual([200, []])
    expect([wish.status, wish.json]).toEqual([409, refusal('IDENTITY_NOT_VERIFIED')])
  })

  test('are listed, read, revoked for ever, and made again', async () => {
    const { person, certificateId } = await onboard(world)
    const call = (method: string, path = '', json?: object) =>
      serving.http.call(method, `/v1/certificates${path}`, {
        token: person.accessToken,
        ...(json === undefined ? {} : { json }),
      })
    const active = {
      certificate_id: certificateId,
      name: expect.stringMatching(/\S/),
      type: 'AdvancedESignature',
      status: 'Active',
      expiry_date: expect.stringMatching(RFC3339),
    }
    expect((await call('GET')).json).toEqual([active])
    expect((await call('GET', `/${certificateId}`)).json).toEqual(active)
    const same = await call('POST')
    expect([same.status, same.json]).toEqual([200, active])
    const odd = await call('POST', `/${certificateId}/revoke`, { reason: 'boredom' })
    expect([odd.status, odd.json]).toEqual([400, refusal('INVALID_REVOCATION_REASON')])
    const revoked = await call('POST', `/${certificateId}/revoke`, { reason: 'keyCompromise' })
    expect([revoked.status, revoked.json]).toEqual([200, { ...active, status: 'Revoked' }])
    expect((await call('GET')).json).toEqual([])
    expect((await call('GET', `/${certificateId}`)).json).toEqual({ ...active, status: 'Revoked' })
    const next = await call('POST')
    expect([next.status, next.json]).toEqual([
      201,
      { ...active, certificate_id: expect.not.stringContaining(certificateId) },
    ])
  })

  test("somebody else's is as good as none", async () => {
    const [mine, theirs] = [await onboard(world), await onboard(world)]
    const read = (id: string) => serving.http.call('GET', `/v1/certificates/${id}`, { token: mine.person.accessToken })
    const [foreign, random] = [await read(theirs.certificateId), await read('01ARZ3NDEKTSV4RRFFQ69G5FAV')]
    expect([foreign.status, foreign.json]).toEqual([404, refusal('CERTIFICATE_NOT_FOUND')])
    expect(foreign.bytes.equals(random.bytes)).toBe(true)
  })
})
