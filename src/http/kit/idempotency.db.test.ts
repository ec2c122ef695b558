import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  canary,
  movableClock,
  refusal,
  type SampleWork,
  sampleFacade,
  samplePlatform,
} from '../../../test/support/sample-facade.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { type ErrorCode, type Schema, sweep } from '../../core/index.ts'
import { DatabaseUnavailable } from '../../db/index.ts'
import { createServer } from '../server.ts'

const work: SampleWork = { runs: 0, run: async () => undefined }
const clock = movableClock()
let db: TestDatabase<Schema>
let app: FastifyInstance
let platform: ReturnType<typeof samplePlatform>

beforeAll(async () => {
  db = await createTestDatabase<Schema>()
  await db.administer(`insert into tenants (tenant_id, name, mode, country, created_at) values
    ('01ARZ3NDEKTSV4RRFFQ69G5FAA', 'A', 'sandbox', 'GT', now()), ('01ARZ3NDEKTSV4RRFFQ69G5FBB', 'B', 'sandbox', 'GT', now())`)
  platform = samplePlatform({ database: db.database, clock })
  app = createServer(platform, [sampleFacade(work)])
})
afterAll(async () => {
  await app.close()
  await db.close()
})
let keys = 0
let key = ''
beforeEach(() => {
  keys += 1
  key = `key-${keys}`
  work.runs = 0
  work.run = async () => undefined
})

type Call = { key?: string; name?: string; company?: string; url?: string }
async function send(call: Call = {}) {
  const { name = 'a', company = 'company-a', url = '/sample/v1/widgets' } = call
  const headers = {
    authorization: `Bearer ${company}`,
    'content-type': 'application/json',
    'idempotency-key': call.key ?? key,
  }
  const payload = url.endsWith('spin') ? '{}' : JSON.stringify({ name })
  const reply = await app.inject({ method: 'POST', url, headers, payload })
  return {
    status: reply.statusCode,
    body: reply.body,
    replayed: reply.headers['idempotent-replayed'],
    headers: reply.headers,
  }
}
const throwing = (code: ErrorCode) => async () => {
  throw refusal(code)
}

describe('a key', () => {
  test.each(['', ' ', 'a b', 'a'.repeat(256), 'a\tb', 'é'])('%j is none', async (bad) => {
    const reply = await send({ key: bad })
    expect([reply.status, JSON.parse(reply.body).code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID'])
    expect(work.runs).toBe(0)
  })

  test('of another body is refused', async () => {
    await send()
    const reply = await send({ name: 'b' })
    expect([reply.status, JSON.parse(reply.body).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    expect(work.runs).toBe(1)
  })

  test('of another path or another company is another key', async () => {
    await send()
    expect((await send({ company: 'company-b' })).status).toBe(201)
    expect((await send({ url: '/sample/v1/widgets/w1/spin' })).status).toBe(204)
    expect((await send({ url: '/sample/v1/widgets/w2/spin' })).status).toBe(204)
    expect(work.runs).toBe(4)
  })

  test('of a request that was not understood is still unused', async () => {
    expect((await send({ name: '' })).status).toBe(400)
    expect((await send()).status).toBe(201)
  })
})

describe('a repetition', () => {
  test('answers byte for byte as the first time, and says so', async () => {
    const first = await send()
    const second = await send()
    expect([first.status, first.replayed]).toEqual([201, undefined])
    expect(second).toMatchObject({ status: 201, body: first.body, replayed: 'true' })
    expect(work.runs).toBe(1)
  })

  test('ten at once run it once; the others hear that it runs, or its answer', async () => {
    work.run = () => new Promise((resolve) => setTimeout(resolve, 100))
    const replies = await Promise.all(Array.from({ length: 10 }, () => send()))
    expect(work.runs).toBe(1)
    const statuses = replies.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1)
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true)
    const busy = replies.find(({ status }) => status === 409)
    expect(JSON.parse(busy?.body ?? '{}').code).toBe('IDEMPOTENCY_IN_PROGRESS')
    expect(Number(busy?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await send()).status).toBe(201)
    expect(work.runs).toBe(1)
  })

  test.each(['challenge.failed', 'document.not_yours', 'document.not_found', 'document.too_large'] as const)(
    'of %s is refused again without another attempt',
    async (code) => {
      work.run = throwing(code)
      const first = await send()
      work.run = async () => undefined
      expect(await send()).toMatchObject({ status: first.status, body: first.body, replayed: 'true' })
      expect(work.runs).toBe(1)
    },
  )

  test.each([
    ['person.not_verified', throwing('person.not_verified')],
    ['request.limited', throwing('request.limited')],
    ['platform.unavailable', throwing('platform.unavailable')],
    ['a fault of ours', () => Promise.reject(new TypeError('bug'))],
    ['an outage', () => Promise.reject(new DatabaseUnavailable(new Error('gone')))],
    ['an answer in no documented form', async () => ({ nonsense: true })],
  ])('after %s runs again', async (_, run) => {
    work.run = run
    expect((await send()).status).toBeGreaterThanOrEqual(400)
    work.run = async () => undefined
    expect(await send()).toMatchObject({ status: 201, replayed: undefined })
    expect(work.runs).toBe(2)
  })

  test('of a request whose process died waits for a minute, then runs', async () => {
    work.run = () => new Promise(() => undefined)
    void send()
    await expect.poll(() => work.runs).toBe(1)
    work.run = async () => undefined
    const waiting = await send()
    expect([waiting.status, waiting.headers['retry-after']]).toEqual([409, '60'])
    clock.move(59_000)
    expect((await send()).status).toBe(409)
    clock.move(1_000)
    expect((await send({ name: 'b' })).status).toBe(422)
    expect((await send()).status).toBe(201)
    expect((await send()).replayed).toBe('true')
    expect(work.runs).toBe(2)
  })

  test('of a request that was taken over meanwhile keeps the answer of who took it over', async () => {
    let finish: (value: unknown) => void = () => undefined
    work.run = () => new Promise((resolve) => (finish = resolve))
    const slow = send()
    await expect.poll(() => work.runs).toBe(1)
    clock.move(60_000)
    work.run = async () => ({ widget_id: 'w-second', name: 'a' })
    await send()
    finish({ widget_id: 'w-first', name: 'a' })
    expect((await slow).body).toContain('w-first')
    expect((await send()).body).toContain('w-second')
  })

  test('a day later is a new request', async () => {
    await send()
    clock.move(86_400_000)
    expect(await send()).toMatchObject({ status: 201, replayed: undefined })
    expect(work.runs).toBe(2)
  })
})

describe('what is kept', () => {
  test('is sealed', async () => {
    const name = canary()
    await send({ name })
    const [row] = await db.administer<{ row: string }>(`select i::text as row from idempotency i where key = $1`, [key])
    const sealed = await db.administer<{ sealed: Buffer }>(`select sealed from idempotency where key = $1`, [key])
    expect(row?.row).not.toContain(name)
    expect(sealed[0]?.sealed.includes(name)).toBe(false)
  })

  test('is deleted after its day', async () => {
    await send()
    const sweeping = { ...platform, files: { ...platform.files, sweepTemporary: async () => 0 } }
    await sweep(sweeping)
    expect(await db.administer('select 1 from idempotency')).not.toEqual([])
    clock.move(86_400_001)
    await sweep(sweeping)
    expect(await db.administer('select 1 from idempotency')).toEqual([])
  })
})
