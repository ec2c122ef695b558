import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { openDatabase } from './database.ts'
import { DatabaseUnavailable } from './errors.ts'

type Schema = { notes: { tenant_id: string; body: string; counter: number } }

let db: TestDatabase<Schema>

beforeAll(async () => {
  db = await createTestDatabase<Schema>()
  await db.database.pool.query(`
    create table notes (tenant_id text not null, body text not null, counter bigint not null default 0);
    alter table notes enable row level security;
    alter table notes force row level security;
    create policy tenant on notes using (current_setting('chancery.tenant', true) in (tenant_id, '*'));
    create index on notes (body)`)
  for (const tenant of ['ada', 'bob']) {
    await db.database.tenant(tenant).transaction((tx) =>
      tx
        .insertInto('notes')
        .values({ tenant_id: tenant, body: `of ${tenant}`, counter: 0 })
        .execute(),
    )
  }
})

afterAll(() => db.close())

describe('the fence between tenants', () => {
  test('a connection without a scope sees no rows', async () => {
    expect((await db.database.pool.query('select * from notes')).rows).toEqual([])
  })

  test('a scope ends with its transaction, also on the same connection', async () => {
    const single = openDatabase<Schema>({ connection: db.connection, log: console, maxConnections: 1 })
    await single.tenant('ada').transaction((tx) => tx.selectFrom('notes').selectAll().execute())
    expect((await single.pool.query('select * from notes')).rows).toEqual([])
    await single.close()
  })

  test('a tenant does not see the rows of another, not even when it asks for them', async () => {
    const rows = await db.database
      .tenant('ada')
      .transaction((tx) => tx.selectFrom('notes').select('body').where('tenant_id', 'in', ['ada', 'bob']).execute())
    expect(rows).toEqual([{ body: 'of ada' }])
  })

  test('a tenant cannot insert a row for another', async () => {
    const attempt = db.database
      .tenant('ada')
      .transaction((tx) => tx.insertInto('notes').values({ tenant_id: 'bob', body: 'forged', counter: 0 }).execute())
    await expect(attempt).rejects.toMatchObject({ code: '42501' })
  })

  test('a tenant cannot give its row to another', async () => {
    const attempt = db.database
      .tenant('ada')
      .transaction((tx) => tx.updateTable('notes').set({ tenant_id: 'bob' }).execute())
    await expect(attempt).rejects.toMatchObject({ code: '42501' })
  })

  test("the platform's mark and the empty text are not ids of tenants", () => {
    expect(() => db.database.tenant('*')).toThrow(RangeError)
    expect(() => db.database.tenant('')).toThrow(RangeError)
  })

  test('the platform sees every row', async () => {
    const rows = await db.database.platform.transaction((tx) =>
      tx.selectFrom('notes').select('tenant_id').orderBy('tenant_id').execute(),
    )
    expect(rows.map((row) => row.tenant_id)).toEqual(['ada', 'bob'])
  })
})

describe('a transaction', () => {
  test('that throws leaves nothing', async () => {
    const ada = db.database.tenant('ada')
    await expect(
      ada.transaction(async (tx) => {
        await tx.insertInto('notes').values({ tenant_id: 'ada', body: 'half', counter: 0 }).execute()
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    const rows = await ada.transaction((tx) =>
      tx.selectFrom('notes').select('body').where('body', '=', 'half').execute(),
    )
    expect(rows).toEqual([])
  })

  test('gives up after three repetitions', async () => {
    let runs = 0
    const attempt = db.database.platform.transaction(async (tx) => {
      runs++
      await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(tx)
    })
    await expect(attempt).rejects.toMatchObject({ code: '40001' })
    expect(runs).toBe(4)
  })

  test('that cannot be serialized runs again, so no increment is lost', async () => {
    const ada = db.database.tenant('ada')
    const increment = () =>
      ada.transaction(
        async (tx) => {
          const { counter } = await tx.selectFrom('notes').select('counter').executeTakeFirstOrThrow()
          await tx
            .updateTable('notes')
            .set({ counter: counter + 1 })
            .execute()
        },
        { isolation: 'serializable' },
      )
    await Promise.all([increment(), increment(), increment()])
    const row = await ada.transaction((tx) => tx.selectFrom('notes').select('counter').executeTakeFirstOrThrow())
    expect(row.counter).toBe(3)
  })

  test('that is cut off with its connection says that the database is unavailable', async () => {
    const attempt = db.database.platform.transaction(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await db.administer('select pg_terminate_backend($1)', [rows[0]?.pid])
      await sql`select 1`.execute(tx)
    })
    await expect(attempt).rejects.toBeInstanceOf(DatabaseUnavailable)
  })

  test('at a database that is not there says that the database is unavailable', async () => {
    const nowhere = openDatabase({ connection: { host: '/nowhere' }, log: console })
    await expect(nowhere.platform.transaction((tx) => sql`select 1`.execute(tx))).rejects.toBeInstanceOf(
      DatabaseUnavailable,
    )
    await nowhere.close()
  })
})

describe('a query', () => {
  test('with parameters is prepared once per connection', async () => {
    const single = openDatabase<Schema>({ connection: db.connection, log: console, maxConnections: 1 })
    for (const body of ['one', 'two', 'three']) {
      await single.platform.transaction((tx) => tx.selectFrom('notes').selectAll().where('body', '=', body).execute())
    }
    const { rows } = await single.pool.query(
      `select name, generic_plans + custom_plans as runs from pg_prepared_statements where statement like '%notes%'`,
    )
    expect(rows).toEqual([{ name: expect.stringMatching(/^q_[0-9a-f]{32}$/), runs: 3 }])
    await single.close()
  })

  test('whose plan a migration made stale runs again on a new connection', async () => {
    const read = () =>
      db.database.platform.transaction((tx) => sql<object>`select * from notes where body = ${'of ada'}`.execute(tx))
    expect(Object.keys((await read()).rows[0] ?? {})).not.toContain('colour')
    await db.database.pool.query('alter table notes add column colour text')
    expect(Object.keys((await read()).rows[0] ?? {})).toContain('colour')
  })

  test('answers dates as text, moments as Dates and large numbers as numbers', async () => {
    const { rows } = await db.database.platform.transaction((tx) =>
      sql`select '2024-02-29'::date as day, '2024-02-29T12:00:00Z'::timestamptz as moment, 9007199254740991::bigint as most`.execute(
        tx,
      ),
    )
    expect(rows).toEqual([
      { day: '2024-02-29', moment: new Date('2024-02-29T12:00:00Z'), most: Number.MAX_SAFE_INTEGER },
    ])
  })

  test('that answers a number beyond 2^53 is refused', async () => {
    const attempt = db.database.platform.transaction((tx) => sql`select 9007199254740993::bigint`.execute(tx))
    await expect(attempt).rejects.toBeInstanceOf(RangeError)
  })
})
