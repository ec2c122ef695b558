import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asPerson, type Company, newestCode, openCompany } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { HOUR_MS, MINUTE_MS } from '../../std/time.ts'
import { signUp } from '../people/sign-up.ts'
import { confirmLogIn } from '../sessions/confirm-log-in.ts'
import { type LogInStarted, startLogIn } from '../sessions/start-log-in.ts'
import { sessionHash } from './challenge.ts'

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

const clientOf = (some = company) => ({ clientId: some.clientId })
const start = (email: string, some = company) => {
  platform.clock.move(1)
  return startLogIn(some.context, { email, ...clientOf(some) })
}
const newEmail = () => `anna+${people++}@example.com`
const failed = { code: 'challenge.failed' }

/** Somebody with an account, a session, and the code of it. */
async function startedWithCode(): Promise<LogInStarted & { readonly code: string }> {
  const email = newEmail()
  await signUp(company.context, { email, ...clientOf() })
  const started = await start(email)
  return { ...started, code: await newestCode(company, email) }
}

type Answer = LogInStarted & { readonly code: string }
const confirm = (answer: Answer, context = company.context, clientId = company.clientId) =>
  confirmLogIn(context, { ...answer, clientId })

async function triesOf(session: string): Promise<number | undefined> {
  const rows = await platform.behind.administer<{ attempts: number }>(
    'select attempts from challenges where session_hash = $1',
    [sessionHash(session)],
  )
  return rows[0]?.attempts
}
const count = async (what: string): Promise<number> => {
  const [row] = await platform.behind.administer<{ n: number }>(
    `select count(*)::int as n from ${what.includes(' where ') ? `${what} and` : `${what} where`} tenant_id = $1`,
    [company.tenant.id],
  )
  return row?.n ?? -1
}
/** Another code than this one, and not the sandbox's. */
const otherThan = (code: string, by = 1) => String(((Number(code) + by) % 999_999) + 1).padStart(6, '0')

describe('an address without an account', () => {
  test('gets the same answer as one with an account, and no message', async () => {
    const unknown = await start('anna+nobody@example.com')
    const known = await startedWithCode()
    expect(Object.keys(unknown).sort()).toEqual(
      Object.keys(known)
        .filter((key) => key !== 'code')
        .sort(),
    )
    expect(unknown.session).toMatch(/^sess_[0-9a-f]{32}$/)
    expect(known.session).toMatch(/^sess_[0-9a-f]{32}$/)
    // The same rows for both, one of them to nobody.
    expect(await count("messages where template = 'login-code'")).toBe(2)
    expect(await count("messages where template = 'login-code' and person_id is not null")).toBe(1)
  })

  test('has one user id, before and after it signs up, in one company', async () => {
    const email = newEmail()
    const ids = [await start(email), await start(email), await start(email.toUpperCase())].map(({ userId }) => userId)
    await signUp(company.context, { email, ...clientOf() })
    ids.push((await start(email)).userId)
    expect(new Set(ids).size).toBe(1)
    const other = await openCompany(platform)
    expect((await start(email, other)).userId).not.toBe(ids[0])
  })

  test('is not let in by the code of the sandbox', async () => {
    const started = await start(newEmail())
    await expect(confirm({ ...started, code: '000000' })).rejects.toMatchObject(failed)
  })
})

test('signing up twice tells the company, and makes one account', async () => {
  const email = newEmail()
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      signUp(company.context, { email: i % 2 ? email : email.toUpperCase(), ...clientOf() }),
    ),
  )
  expect(results.filter(({ created }) => created)).toHaveLength(1)
  expect(new Set(results.map((result) => result.email))).toEqual(new Set([email]))
  expect(await count('people')).toBe(1)
})

describe('the fourth try', () => {
  test('is refused even if it is right', async () => {
    const answer = await startedWithCode()
    for (let by = 1; by <= 3; by++)
      await expect(confirm({ ...answer, code: otherThan(answer.code, by) })).rejects.toMatchObject(failed)
    await expect(confirm(answer)).rejects.toMatchObject(failed)
    await expect(confirm({ ...answer, code: '000000' })).rejects.toMatchObject(failed)
    expect(await triesOf(answer.session)).toBe(3)
  })

  test('is not evaluated among 200 in parallel', async () => {
    const answer = await startedWithCode()
    const guesses = Array.from({ length: 200 }, (_, i) => confirm({ ...answer, code: otherThan(answer.code, i) }))
    const results = await Promise.allSettled(guesses)
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([])
    for (const result of results) expect(result).toMatchObject({ reason: failed })
    expect(await triesOf(answer.session)).toBe(3)
  })
})

test('an account evaluates ten codes in an hour over all its sessions, and then its owner gets in', async () => {
  const answer = await startedWithCode()
  for (let session = 0; session < 12; session++) {
    const started = await start(answer.email)
    for (let by = 1; by <= 3; by++)
      await expect(confirm({ ...started, code: otherThan(answer.code, by) })).rejects.toMatchObject(failed)
  }
  expect(await count('challenges where attempts > 0')).toBeGreaterThan(0)
  const [sum] = await platform.behind.administer<{ tries: number }>(
    'select sum(attempts)::int as tries from challenges where tenant_id = $1',
    [company.tenant.id],
  )
  expect(sum?.tries).toBe(10)
  platform.clock.move(HOUR_MS)
  const again = await start(answer.email)
  await expect(confirm({ ...again, code: await newestCode(company, answer.email) })).resolves.toBeDefined()
})

test('one guess on each of many accounts stops the evaluation until it is quiet, and an operator hears of it', async () => {
  const answer = await startedWithCode()
  const guess = (i: number) => confirm({ ...answer, session: `sess_${i}`, email: `a${i}@example.com`, code: '111111' })
  for (let i = 0; i < 300; i += 10) await Promise.allSettled(Array.from({ length: 10 }, (_, j) => guess(i + j)))
  await expect(confirm(answer)).rejects.toMatchObject(failed)
  expect(await triesOf(answer.session)).toBe(0)
  expect(platform.entries).toContainEqual(
    expect.objectContaining({ level: 'error', message: expect.stringContaining('more wrong one-time codes') }),
  )
  platform.clock.move(5 * MINUTE_MS)
  const again = await start(answer.email)
  await expect(confirm({ ...again, code: await newestCode(company, answer.email) })).resolves.toBeDefined()
})

describe('a right code', () => {
  test('is good once, one after the other', async () => {
    const answer = await startedWithCode()
    await expect(confirm(answer)).resolves.toMatchObject({ expiresInS: 3600 })
    await expect(confirm(answer)).rejects.toMatchObject(failed)
  })

  test('is good once, 32 in parallel', { timeout: 300_000 }, async () => {
    const rounds = process.env['CHANCERY_TEST_LONG'] === '1' ? 500 : 20
    for (let round = 0; round < rounds; round++) {
      platform.clock.move(6 * MINUTE_MS)
      const answer = await startedWithCode()
      const results = await Promise.allSettled(Array.from({ length: 32 }, () => confirm(answer)))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject(failed)
    }
  })

  test('costs no try of the account', async () => {
    for (let i = 0; i < 12; i++) {
      platform.clock.move(4 * MINUTE_MS)
      await signUp(company.context, { email: 'anna+often@example.com', ...clientOf() })
      const started = await start('anna+often@example.com')
      await confirm({ ...started, code: '000000' })
    }
  })

  test.each([
    ['at its end', 5 * MINUTE_MS],
    ['a day later', 24 * HOUR_MS],
    ['after the clock was set back by ten minutes', -10 * MINUTE_MS],
    ['after the clock was set back by a millisecond', -1],
  ])('is refused %s', async (_, ms) => {
    const answer = await startedWithCode()
    platform.clock.move(ms)
    await expect(confirm(answer)).rejects.toMatchObject(failed)
    await expect(confirm({ ...answer, code: '000000' })).rejects.toMatchObject(failed)
    if (ms < 0) platform.clock.move(-ms)
  })

  test('is good until a millisecond before its end', async () => {
    const answer = await startedWithCode()
    platform.clock.move(5 * MINUTE_MS - 1)
    await expect(confirm(answer)).resolves.toBeDefined()
  })

  test('is refused once a newer one was sent', async () => {
    const older = await startedWithCode()
    const newer = await start(older.email)
    const code = await newestCode(company, older.email)
    await expect(confirm(older)).rejects.toMatchObject(failed)
    await expect(confirm({ ...older, code })).rejects.toMatchObject(failed)
    await expect(confirm({ ...newer, code })).resolves.toBeDefined()
  })
})

describe('a code is good for its own session only:', () => {
  const rows: [string, (mine: Answer, hers: Answer) => Answer][] = [
    ['another session', (mine, hers) => ({ ...mine, session: hers.session })],
    ['a session that never was', (mine) => ({ ...mine, session: `sess_${'0'.repeat(32)}` })],
    ['an empty session', (mine) => ({ ...mine, session: '' })],
    ['another address', (mine, hers) => ({ ...mine, email: hers.email })],
    ['another user', (mine, hers) => ({ ...mine, userId: hers.userId })],
    ['a user that never was', (mine) => ({ ...mine, userId: '00000000-0000-8000-8000-000000000000' })],
    ['a user id of another form', (mine) => ({ ...mine, userId: 'auth0|1' })],
    ['the code of another session', (mine, hers) => ({ ...mine, code: hers.code })],
    ['another person with the own code', (mine, hers) => ({ ...hers, code: mine.code })],
  ]
  test.each(rows)('%s', async (_, change) => {
    const [mine, hers] = [await startedWithCode(), await startedWithCode()]
    await expect(confirm(change(mine, hers))).rejects.toMatchObject(failed)
  })

  test('another client', async () => {
    const answer = await startedWithCode()
    const clientId = 'B'.repeat(20)
    const context = { ...company.context, actor: { kind: 'client', id: clientId } as const }
    await expect(confirm(answer, context, clientId)).rejects.toMatchObject(failed)
    expect(await triesOf(answer.session)).toBe(1)
  })

  test('a client id that is not the one that acts', async () => {
    const answer = await startedWithCode()
    await expect(confirm(answer, company.context, 'B'.repeat(20))).rejects.toMatchObject({
      code: 'credential.wrong_client',
    })
  })

  test('a person who acts as a company', async () => {
    const answer = await startedWithCode()
    await expect(confirm(answer, asPerson(company, answer.userId as never))).rejects.toMatchObject({
      code: 'credential.wrong_client',
    })
  })

  test('another company', async () => {
    const answer = await startedWithCode()
    const other = await openCompany(platform)
    await expect(confirm(answer, other.context, other.clientId)).rejects.toMatchObject(failed)
    expect(await triesOf(answer.session)).toBe(0)
  })

  test('and a guess in somebody else’s session counts for both accounts', async () => {
    const [mine, hers] = [await startedWithCode(), await startedWithCode()]
    await expect(confirm({ ...mine, session: hers.session })).rejects.toMatchObject(failed)
    expect(await triesOf(hers.session)).toBe(1)
    expect(await count("limits where key like 'evaluate:login:%' and cardinality(hits) = 1")).toBe(2)
  })
})

describe('what is typed as a code', () => {
  test.each(['', '12345', '1234567', '１２３４５６', '12345a', '123-456', '123\t456', '123\n456', '-12345', '1e5000'])(
    '%j is no code, and costs no try',
    async (code) => {
      const answer = await startedWithCode()
      await expect(confirm({ ...answer, code })).rejects.toMatchObject({ code: 'challenge.malformed' })
      expect(await triesOf(answer.session)).toBe(0)
    },
  )

  test('may hold spaces', async () => {
    const answer = await startedWithCode()
    const code = ` ${answer.code.slice(0, 3)} ${answer.code.slice(3)} `
    await expect(confirm({ ...answer, code })).resolves.toBeDefined()
  })
})

describe('beyond the limits of sending', () => {
  test('the answer is the same, nothing is sent, and the audit says so', async () => {
    const answer = await startedWithCode()
    const second = await start(answer.email)
    const third = await start(answer.email)
    const code = await newestCode(company, answer.email)
    const fourth = await start(answer.email)
    expect(Object.keys(fourth)).toEqual(Object.keys(second))
    expect(fourth.userId).toBe(answer.userId)
    expect(await count("messages where template = 'login-code'")).toBe(3)
    expect(await count("audit where action = 'login.started' and (details->>'withheld')::boolean")).toBe(1)
    // The code that did arrive stays good.
    await expect(confirm({ ...third, code })).resolves.toBeDefined()
  })

  test('ten messages reach an address in a day', async () => {
    const { email } = await startedWithCode()
    for (let i = 0; i < 15; i++) {
      platform.clock.move(20 * MINUTE_MS)
      await start(email)
    }
    expect(await count("messages where template = 'login-code'")).toBe(10)
    platform.clock.move(24 * HOUR_MS)
    await start(email)
    expect(await count("messages where template = 'login-code'")).toBe(11)
  })

  test('parallel calls send no more', async () => {
    const { email } = await startedWithCode()
    await Promise.all(Array.from({ length: 20 }, () => start(email)))
    expect(await count("messages where template = 'login-code'")).toBe(3)
  })
})
