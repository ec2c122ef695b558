import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Company, openCompany } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { announce, record } from './record.ts'

let platform: CorePlatform
let company: Company

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
})
afterAll(() => platform.close())

const happening = (id: string) => ({ action: 'test.happened', subject: { kind: 'test', id } })

test('of 50 transactions at once, some rolled back, the sequence has no gap, and neither fork nor twin', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) =>
      company.context.db.transaction(async (tx) => {
        await announce(company.context, tx, happening(`n${i}`))
        if (i % 3 === 0) throw new Error('rolled back')
        await record(company.context, tx, happening(`m${i}`))
      }),
    ),
  )
  const kept = results.filter(({ status }) => status === 'fulfilled').length
  expect(kept).toBe(33)
  const rows = await platform.behind.administer<{ seq: number; subject_id: string }>(
    'select seq::int, subject_id from audit where tenant_id = $1 order by seq',
    [company.tenant.id],
  )
  // The first row tells of the company itself.
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 1 + 2 * kept }, (_, i) => i + 1))
  expect(rows.filter(({ subject_id }) => /^[nm](?:0|3|6|9)$/.test(subject_id))).toEqual([])
  const events = await platform.behind.administer<{ subject_id: string }>(
    "select subject_id from events where type = 'test.happened'",
  )
  expect(events.length).toBe(kept)
})

test('two companies count apart', async () => {
  const other = await openCompany(platform)
  const [row] = await platform.behind.administer<{ seq: number }>(
    'select max(seq)::int as seq from audit where tenant_id = $1',
    [other.tenant.id],
  )
  expect(row?.seq).toBe(1)
})

test.each([
  ...['audit', 'events'].flatMap((table) => [
    [`update ${table} set subject_id = 'x'`],
    [`delete from ${table}`],
    [`truncate ${table}`],
    // Not even where no row is touched: the statement alone is refused.
    [`delete from ${table} where false`],
  ]),
])('%s is refused, to the owner of the database too', async (statement) => {
  await expect(platform.behind.administer(statement)).rejects.toThrow('is append-only')
})

test('what is recorded is text, whatever it holds', async () => {
  const id = '\'); drop table audit; --\r\n\u001b[31m"}'
  await company.context.db.transaction((tx) =>
    record(company.context, tx, {
      action: 'test.odd',
      subject: { kind: 'test', id },
      details: { odd: id, many: [id] },
    }),
  )
  const [row] = await platform.behind.administer<{ subject_id: string; details: unknown }>(
    "select subject_id, details from audit where action = 'test.odd'",
  )
  expect(row).toEqual({ subject_id: id, details: { odd: id, many: [id] } })
})

test('who acted, through which door and in which request, is recorded', async () => {
  const [row] = await platform.behind.administer(
    'select actor_kind, actor_id, facade, action, subject_id, at from audit where tenant_id = $1 and seq = 1',
    [company.tenant.id],
  )
  expect(row).toMatchObject({
    actor_kind: 'operator',
    actor_id: 'cli',
    facade: 'cli',
    action: 'tenant.created',
    subject_id: company.tenant.id,
  })
})
