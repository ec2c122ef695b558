import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { openOutside } from './outside.ts'

let db: TestDatabase<unknown>

beforeAll(async () => {
  db = await createTestDatabase()
  await db.administer('create role walks_through login bypassrls')
  await db.administer('create role forgetful login')
  await db.administer('alter role forgetful set synchronous_commit = off')
})

afterAll(async () => {
  await db.administer('drop role walks_through; drop role forgetful')
  await db.close()
})

function urlFor(role: string): string {
  const { host, database } = db.connection
  return `postgres://${role}@/${database}?host=${encodeURIComponent(host ?? '')}`
}

test('a superuser is refused', async () => {
  await expect(openOutside(urlFor('postgres'))).rejects.toMatchObject({ code: 'database.role_too_powerful' })
})

test('a role with BYPASSRLS is refused', async () => {
  await expect(openOutside(urlFor('walks_through'))).rejects.toMatchObject({ code: 'database.role_too_powerful' })
})

test('a server that acknowledges before it has written is refused, unless a test accepts that', async () => {
  await expect(openOutside(urlFor('forgetful'))).rejects.toMatchObject({
    code: 'database.not_durable',
    details: { setting: 'synchronous_commit' },
  })
  await expect(openOutside(urlFor('forgetful'), { acceptLoss: true })).resolves.toBeDefined()
})

test('a role or a database that is not there is a refusal that says what to make', async () => {
  await expect(openOutside(urlFor('nobody_here'))).rejects.toMatchObject({ code: 'database.shut_door' })
  await expect(openOutside(urlFor('chancery').replace('/test', '/no_such_'))).rejects.toMatchObject({
    code: 'database.shut_door',
    message: expect.stringContaining('a database that it owns'),
  })
})

test('a server that is not there is an outage, not a refusal', async () => {
  await expect(openOutside('postgres://chancery@/chancery?host=/nowhere')).rejects.toMatchObject({
    code: 'database.unavailable',
  })
})

test('the application role of a durable server is accepted', async () => {
  await expect(openOutside(urlFor('chancery'))).resolves.toMatchObject({ connectionString: urlFor('chancery') })
})
