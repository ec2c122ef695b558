import { randomBytes } from 'node:crypto'
import pg, { type PoolConfig } from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { quietLog } from './quiet-log.ts'

/** A database of its own for a test file, with every migration applied and no rows. */
export type TestDatabase<Schema> = {
  readonly database: Database<Schema>
  /** The same database, for code that opens its own pool. */
  readonly connection: PoolConfig
  /** Runs SQL as the cluster's owner, whom row-level security does not bind: to look behind the fences. */
  administer<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Closes the pool and drops the database, also when a failed test left connections open. */
  close(): Promise<void>
}

/** Copies the migrated database. Call it in `beforeAll`, and `close()` in `afterAll`. */
export function createTestDatabase<Schema>(): Promise<TestDatabase<Schema>> {
  return create('template chancery strategy file_copy')
}

/** A database without any migration, for the tests of migrations. */
export function createEmptyDatabase(): Promise<TestDatabase<unknown>> {
  return create('template template0')
}

async function create<Schema>(origin: string): Promise<TestDatabase<Schema>> {
  const host = inject('databaseHost')
  const name = `test_${randomBytes(8).toString('hex')}`
  await asOwner(host, 'postgres', `create database ${name} owner chancery ${origin}`)
  const connection = { host, user: 'chancery', database: name }
  const database = openDatabase<Schema>({ connection, log: quietLog })
  return {
    database,
    connection,
    administer: (text, values) => asOwner(host, name, text, values),
    async close() {
      await database.close()
      await asOwner(host, 'postgres', `drop database ${name} with (force)`)
    },
  }
}

async function asOwner<Row extends pg.QueryResultRow>(
  host: string,
  database: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ host, user: 'postgres', database })
  await client.connect()
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end()
  }
}
