import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Company,
  enrich,
  logIn,
  type Member,
  newestCode,
  newPhone,
  openCompany,
  proveOnce,
  SAMPLE_DPI,
  verifyPhone,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { HOUR_MS } from '../../std/time.ts'
import { requestOwnCertificate } from '../certificates/own-certificates.ts'
import { concludeProofing } from '../proofing/conclude-proofing.ts'
import { getProofingStatus } from '../proofing/get-proofing-status.ts'
import type { ProofingId } from '../proofing/proofing.ts'
import type { ProofingProvider, ProofingReport } from '../proofing/provider.ts'
import { readProofingLink } from '../proofing/read-proofing-link.ts'
import { startProofing } from '../proofing/start-proofing.ts'
import { confirmPhone, resendPhoneCode } from './confirm-phone.ts'
import { enrichData } from './enrich-data.ts'

let platform: CorePlatform
let company: Company
let people = 0

beforeAll(async () => {
  platform = await openCorePlatform()
})
beforeEach(async () => {
  platform.clock.move(HOUR_MS)
  company = await openCompany(platform)
})
afterAll(() => platform.close())

const newcomer = (key = 'anna', some = company) => logIn(some, `${key}+${people++}@example.com`)
const data = () => ({ nationalId: SAMPLE_DPI, telephone: newPhone(), address: '6a avenida 1-23' })
const wrongStep = { code: 'onboarding.wrong_step' }
const failed = { code: 'challenge.failed' }

async function stepOf({ onboardingId }: Member): Promise<string | undefined> {
  const rows = await platform.behind.administer<{ step: string }>('select step from onboardings where id = $1', [
    onboardingId,
  ])
  return rows[0]?.step
}
const verified = async ({ id }: Member): Promise<boolean> => {
  const [row] = await platform.behind.administer<{ is: boolean }>(
    'select phone_verified_at is not null as is from people where id = $1',
    [id],
  )
  return row?.is === true
}

describe('a step out of its order changes nothing:', () => {
  const enriching = (member: Member) => enrichData(member.context, member.onboardingId, data())
  const confirming = (member: Member) => confirmPhone(member.context, member.onboardingId, '000000')
  const resending = (member: Member) => resendPhoneCode(member.context, member.onboardingId)
  const proving = (member: Member) => startProofing(member.context, member.onboardingId)
  type Doing = (member: Member) => Promise<unknown>
  const rows: [string, Doing, string, Doing][] = [
    ['the phone before the data', confirming, 'data_enrichment', async () => undefined],
    ['another code before the data', resending, 'data_enrichment', async () => undefined],
    ['the proofing before the data', proving, 'data_enrichment', async () => undefined],
    ['the proofing before the phone', proving, 'phone_verification', enrich],
    ['the data after the phone', enriching, 'kyc', verifyPhone],
    ['the phone after the phone', confirming, 'kyc', verifyPhone],
    ['another code after the phone', resending, 'kyc', verifyPhone],
    ...[enriching, confirming, resending, proving].map((doing, i): [string, Doing, string, Doing] => [
      `step ${i + 1} after the end`,
      doing,
      'done',
      async (member) => {
        await verifyPhone(member)
        await proveOnce(member)
      },
    ]),
  ]
  test.each(rows)('%s', async (_, doing, step, before) => {
    const member = await newcomer()
    await before(member)
    await expect(doing(member)).rejects.toMatchObject({ ...wrongStep, details: { expected: step } })
    expect(await stepOf(member)).toBe(step)
  })

  test('a certificate before the proofing', async () => {
    const member = await newcomer()
    await verifyPhone(member)
    await expect(requestOwnCertificate(member.context)).rejects.toMatchObject({ code: 'person.not_verified' })
  })
})

describe('the data is refused', () => {
  test.each([
    ['an invalid DPI', { nationalId: '1234567890100' }, 'onboarding.national_id_invalid'],
    ['a DPI that the registry does not know', { nationalId: '4040404030101' }, 'onboarding.national_id_unknown'],
    ['while the registry is down', { nationalId: '5030303090101' }, 'platform.unavailable'],
    ['an invalid number', { telephone: '50250001234' }, 'person.phone_invalid'],
    ['a premium number', { telephone: '+19005551234' }, 'person.phone_not_allowed'],
  ])('%s', async (_, change, code) => {
    const member = await newcomer()
    await expect(enrichData(member.context, member.onboardingId, { ...data(), ...change })).rejects.toMatchObject({
      code,
    })
    expect(await stepOf(member)).toBe('data_enrichment')
  })
})

describe('somebody else’s process answers like one that never was:', () => {
  type Call = (member: Member, id: string) => Promise<unknown>
  const calls: [string, Call][] = [
    ['enrich', (member, id) => enrichData(member.context, id, data())],
    ['confirm', (member, id) => confirmPhone(member.context, id, '000000')],
    ['resend', (member, id) => resendPhoneCode(member.context, id)],
    ['prove', (member, id) => startProofing(member.context, id)],
    ['status', (member, id) => getProofingStatus(member.context, id)],
  ]
  test.each(calls)('%s', async (_, call) => {
    const member = await newcomer()
    const neighbour = await newcomer()
    const stranger = await newcomer('anna', await openCompany(platform))
    for (const id of [neighbour.onboardingId, stranger.onboardingId, '01ARZ3NDEKTSV4RRFFQ69G5FAV', '', '../x', 'é']) {
      await expect(call(member, id), id).rejects.toMatchObject({ code: 'onboarding.not_found', details: {} })
    }
  })
})

describe('the code of the telephone', () => {
  test('is not the one of the log-in', async () => {
    const member = await newcomer()
    await enrich(member)
    const code = await newestCode(company, member.email)
    await expect(confirmPhone(member.context, member.onboardingId, code)).rejects.toMatchObject(failed)
  })

  test('is not another person’s', async () => {
    const [mine, hers] = [await newcomer(), await newcomer()]
    await enrich(mine)
    const code = await newestCode(company, await enrich(hers))
    await expect(confirmPhone(mine.context, mine.onboardingId, code)).rejects.toMatchObject(failed)
    expect(await verified(mine)).toBe(false)
  })

  test('is not another client’s', async () => {
    const member = await newcomer()
    const code = await newestCode(company, await enrich(member))
    const actor = { kind: 'person', id: member.id, clientId: 'B'.repeat(20) } as const
    await expect(confirmPhone({ ...member.context, actor }, member.onboardingId, code)).rejects.toMatchObject(failed)
  })

  test('ends when the number is changed, and the new number is not verified by it', async () => {
    const member = await newcomer()
    const older = await newestCode(company, await enrich(member))
    const telephone = await enrich(member)
    await expect(confirmPhone(member.context, member.onboardingId, older)).rejects.toMatchObject(failed)
    expect(await verified(member)).toBe(false)
    const code = await newestCode(company, telephone)
    await expect(confirmPhone(member.context, member.onboardingId, code)).resolves.toMatchObject({ step: 'kyc' })
    expect(await verified(member)).toBe(true)
  })

  test('ends when the number is changed to one that gets no code any more', async () => {
    const [member, other] = [await newcomer(), await newcomer()]
    const used = newPhone()
    for (let i = 0; i < 3; i++) await enrich(other, { telephone: used })
    const older = await newestCode(company, await enrich(member))
    await enrich(member, { telephone: used })
    await expect(confirmPhone(member.context, member.onboardingId, older)).rejects.toMatchObject(failed)
    await expect(confirmPhone(member.context, member.onboardingId, '000000')).rejects.toMatchObject(failed)
    expect(await verified(member)).toBe(false)
  })

  test('is sent again, and then only the newer one is good', async () => {
    const member = await newcomer()
    const telephone = await enrich(member)
    const older = await newestCode(company, telephone)
    platform.clock.move(1)
    await resendPhoneCode(member.context, member.onboardingId)
    const newer = await newestCode(company, telephone)
    await expect(confirmPhone(member.context, member.onboardingId, older)).rejects.toMatchObject(failed)
    await expect(confirmPhone(member.context, member.onboardingId, newer)).resolves.toMatchObject({ step: 'kyc' })
  })

  test('is not sent beyond what a company may cause in a day, which an operator hears of', async () => {
    const member = await newcomer()
    await platform.behind.administer(
      `insert into messages (id, tenant_id, person_id, channel, template, status, created_at, expires_at)
       select 'm' || n, $1, $2, 'sms', 'phone-code', 'sent', $3, $3 from generate_series(1, 2000) n`,
      [company.tenant.id, member.id, platform.clock.now()],
    )
    await expect(newestCode(company, await enrich(member))).rejects.toThrow('there is no message')
    expect(platform.entries).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringContaining('daily limit of text messages') }),
    )
  })

  test('is good once, 32 in parallel', async () => {
    const member = await newcomer()
    const code = await newestCode(company, await enrich(member))
    const results = await Promise.allSettled(
      Array.from({ length: 32 }, () => confirmPhone(member.context, member.onboardingId, code)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('the proofing', () => {
  const answering = (more: Partial<ProofingReport>): ProofingProvider => ({
    ...platform.outside.sandbox.proofingProvider,
    report: async () => ({ ended: 'complete', assurance: 'NONE', sandbox: true, claims: [], checks: [], ...more }),
  })
  async function startedProofing(member: Member): Promise<ProofingId> {
    await startProofing(member.context, member.onboardingId)
    const rows = await platform.behind.administer<{ id: ProofingId }>('select id from proofings where person_id = $1', [
      member.id,
    ])
    return rows[0]?.id ?? expect.fail('there is no proofing')
  }
  const statusOf = async (member: Member) =>
    (await getProofingStatus(member.context, member.onboardingId)).proofing?.status ?? null

  test('that is rejected may be tried three times', async () => {
    const member = await newcomer('mismatch')
    await verifyPhone(member)
    for (let attempt = 1; attempt <= 3; attempt++) {
      await proveOnce(member)
      expect(await statusOf(member)).toBe('rejected')
    }
    await expect(startProofing(member.context, member.onboardingId)).rejects.toMatchObject({
      code: 'proofing.do_not_retry',
    })
    expect(await stepOf(member)).toBe('kyc')
  })

  test('that is rejected for good is not tried again', async () => {
    const member = await newcomer('impostor')
    await verifyPhone(member)
    await proveOnce(member)
    await expect(startProofing(member.context, member.onboardingId)).rejects.toMatchObject({
      code: 'proofing.do_not_retry',
    })
    await expect(requestOwnCertificate(member.context)).rejects.toMatchObject({ code: 'person.not_verified' })
  })

  test.each(['blurry', 'abandon', 'timeout', 'outage'])('of %s proves nobody, and may be tried again', async (key) => {
    const member = await newcomer(key)
    await verifyPhone(member)
    for (let attempt = 1; attempt <= 4; attempt++) await proveOnce(member)
    expect(await stepOf(member)).toBe('kyc')
    await expect(requestOwnCertificate(member.context)).rejects.toMatchObject({ code: 'person.not_verified' })
  })

  test('gives one session, however often it is asked for', async () => {
    const member = await newcomer()
    await verifyPhone(member)
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => startProofing(member.context, member.onboardingId)),
    )
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'request.limited' })
    const [row] = await platform.behind.administer<{ n: number }>(
      'select count(*)::int as n from proofings where person_id = $1',
      [member.id],
    )
    expect(row?.n).toBe(1)
  })

  test('is decided once, however many ask the provider at once, and never again', async () => {
    const member = await newcomer()
    await verifyPhone(member)
    const id = await startedProofing(member)
    await Promise.all(Array.from({ length: 8 }, () => concludeProofing(member.context, id)))
    const changed = { ...member.context, proofingProvider: answering({ ended: 'failed' }) }
    await concludeProofing(changed, id)
    expect(await statusOf(member)).toBe('accepted')
    const rows = await platform.behind.administer<{ action: string }>(
      'select action from audit where subject_id = $1 order by seq',
      [id],
    )
    expect(rows.map(({ action }) => action)).toEqual(['proofing.started', 'proofing.accepted'])
  })

  test('waits while its provider has no finding, and expires after an hour', async () => {
    const member = await newcomer()
    await verifyPhone(member)
    const id = await startedProofing(member)
    const silent = {
      ...member.context,
      proofingProvider: { ...member.context.proofingProvider, report: async () => null },
    }
    await concludeProofing(silent, id)
    await concludeProofing(silent, id)
    expect(await statusOf(member)).toBe('pending')
    const jobs = await platform.behind.administer('select id from graphile_worker._private_jobs where key = $1', [
      `proofing:${id}`,
    ])
    const unkeyed = await platform.behind.administer(
      "select id from graphile_worker._private_jobs where key is null and payload->>'proofingId' = $1",
      [id],
    )
    expect([jobs.length, unkeyed.length]).toEqual([1, 0])
    platform.clock.move(HOUR_MS - 1)
    await concludeProofing(silent, id)
    expect(await statusOf(member)).toBe('pending')
    platform.clock.move(1)
    await concludeProofing(silent, id)
    expect(await statusOf(member)).toBe('expired')
  })

  test('of another company is not decided', async () => {
    const member = await newcomer()
    await verifyPhone(member)
    const id = await startedProofing(member)
    await concludeProofing((await openCompany(platform)).context, id)
    expect(await statusOf(member)).toBe('pending')
  })

  test('has a link that may be read many times, until a newer one replaces it', async () => {
    const member = await newcomer()
    await verifyPhone(member)
    const tokenOf = async () => (await startProofing(member.context, member.onboardingId)).url.split('/').at(-1) ?? ''
    const older = await tokenOf()
    for (let i = 0; i < 3; i++)
      expect(await readProofingLink(platform, older)).toMatchObject({ status: 'pending', sandbox: true })
    const newer = await tokenOf()
    expect(await readProofingLink(platform, older)).toBeUndefined()
    expect(await readProofingLink(platform, '')).toBeUndefined()
    expect(await readProofingLink(platform, newer)).toMatchObject({ status: 'pending' })
  })

  test('that is accepted ends the process', async () => {
    const member = await newcomer()
    await verifyPhone(member)
    expect(await statusOf(member)).toBeNull()
    await proveOnce(member)
    expect(await statusOf(member)).toBe('accepted')
    expect(await stepOf(member)).toBe('done')
  })
})
