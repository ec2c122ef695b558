import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { logIn, openCompany } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { DAY_MS, SECOND_MS } from '../../std/time.ts'
import type { Platform } from '../context.ts'
import { verifyToken } from '../tokens/verify-token.ts'
import { ensureTokenKeys, rotateTokenKeys, tokenKeys } from './token-keys.ts'

let platform: CorePlatform
let token: string

beforeAll(async () => {
  platform = await openCorePlatform()
})
beforeEach(async () => {
  platform.clock.move(DAY_MS)
  token = (await logIn(await openCompany(platform), 'anna@example.com')).accessToken
})
afterAll(() => platform.close())

/** Another process on the same database: it remembers nothing of this one's. */
const anotherProcess = (): Platform => ({ ...platform })
const verify = async (some: Platform = platform) =>
  await verifyToken(token, await tokenKeys(some), {
    purpose: 'access_token',
    issuer: 'https://sign.example.com',
    audience: 'https://sign.example.com',
    // The keys are what is tested: a token's own end comes within the hour.
    now: new Date(issuedAt()),
  })
const issuedAt = (): number => {
  const [, claims = ''] = token.split('.')
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')).iat * SECOND_MS
}
const refused = { code: 'credential.invalid' }
const keysInState = async (state: string): Promise<number> => {
  const [row] = await platform.behind.administer<{ n: number }>(
    "select count(*)::int as n from keys where purpose in ('company_token', 'access_token', 'id_token') and state = $1",
    [state],
  )
  return row?.n ?? -1
}

describe('a rotation', () => {
  test('keeps tokens of the old keys good until those have retired, in every process', async () => {
    const other = anotherProcess()
    await verify(other)
    await rotateTokenKeys(platform, { endNow: false })
    await expect(verify()).resolves.toBeDefined()
    platform.clock.move(DAY_MS - 1)
    await expect(verify()).resolves.toBeDefined()
    await expect(verify(other)).resolves.toBeDefined()
    platform.clock.move(4 * SECOND_MS)
    await expect(verify()).rejects.toMatchObject(refused)
    await expect(verify(other)).rejects.toMatchObject(refused)
  })

  test('that ends now refuses every token, here at once and in other processes within five seconds', async () => {
    const other = anotherProcess()
    await verify(other)
    await rotateTokenKeys(platform, { endNow: false })
    await rotateTokenKeys(platform, { endNow: true })
    await expect(verify()).rejects.toMatchObject(refused)
    platform.clock.move(5 * SECOND_MS)
    await expect(verify(other)).rejects.toMatchObject(refused)
    expect(await keysInState('retiring')).toBe(0)
  })

  test('destroys the private part of what has ended', async () => {
    await rotateTokenKeys(platform, { endNow: true })
    const rows = await platform.behind.administer(
      "select id from keys where state = 'destroyed' and private_sealed is not null",
    )
    expect(rows).toEqual([])
  })

  test('publishes the old keys beside the new ones, one of each kind active', async () => {
    await rotateTokenKeys(platform, { endNow: true })
    platform.clock.move(1)
    await rotateTokenKeys(platform, { endNow: false })
    const ring = await tokenKeys(platform)
    expect(
      ring
        .filter(({ active }) => active)
        .map(({ purpose }) => purpose)
        .sort(),
    ).toEqual(['access_token', 'company_token', 'id_token'])
    expect(ring).toHaveLength(6)
  })
})

describe('of several processes at once', () => {
  test('one makes each key', async () => {
    await platform.behind.administer("update keys set state = 'destroyed' where purpose like '%token'")
    await Promise.all(Array.from({ length: 8 }, () => ensureTokenKeys(anotherProcess())))
    expect(await keysInState('active')).toBe(3)
  })

  test('those that rotate leave one active key of each kind', async () => {
    await Promise.all(Array.from({ length: 6 }, () => rotateTokenKeys(anotherProcess(), { endNow: false })))
    expect(await keysInState('active')).toBe(3)
    await expect(verify()).resolves.toBeDefined()
  })
})

test('making keys that are there makes none', async () => {
  const before = await tokenKeys(anotherProcess())
  await ensureTokenKeys(platform)
  expect((await tokenKeys(anotherProcess())).map(({ kid }) => kid)).toEqual(before.map(({ kid }) => kid))
})

test('a ring that could not be read is read again by the next caller', async () => {
  let down = true
  const flaky: Platform = {
    ...platform,
    database: {
      ...platform.database,
      platform: {
        scope: 'platform',
        transaction: async (work, options) => {
          if (down) throw new Error('the database is down')
          return await platform.database.platform.transaction(work, options)
        },
      },
    },
  }
  await expect(tokenKeys(flaky)).rejects.toThrow('the database is down')
  down = false
  await expect(tokenKeys(flaky)).resolves.not.toHaveLength(0)
})
