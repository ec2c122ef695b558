import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runMigrations as migrateJobQueue } from 'graphile-worker'
import type { Pool, PoolClient } from 'pg'
import { CodedError, type ErrorDetails } from '../std/error.ts'
import { type Database, EVERY_TENANT } from './database.ts'
import { isOutage, translated } from './errors.ts'
import { quietJobLogger } from './job-logger.ts'

/** Why the migrations stopped. Those before are committed; repairing the cause and starting again goes on from there. */
export type MigrationErrorCode =
  | 'migration.bad_name'
  | 'migration.duplicate_number'
  | 'migration.changed'
  | 'migration.out_of_order'
  | 'migration.failed'

export class MigrationError extends CodedError<MigrationErrorCode> {
  constructor(code: MigrationErrorCode, message: string, details: ErrorDetails, options?: ErrorOptions) {
    super(code, message, details, options)
  }
}

type Migration = { readonly number: number; readonly name: string; readonly text: string; readonly sha256: string }

/** The key of the advisory lock: "chancery migrations" has no meaning to PostgreSQL beyond being one number. */
const LOCK_KEY = 6_290_411_083

/**
 * Brings the schema to the newest state: the job queue's own first (so that ours may enqueue), then each
 * `NNNN-name.sql` of the folder that is not yet applied, in order, each in its own transaction. Any number of
 * processes may start at once: one works, the others wait and find nothing to do.
 *
 * Migrations that only the database knows come from a newer version that runs beside this one; they are left alone.
 *
 * @returns the names that this call applied.
 * @throws MigrationError when a file is misnamed, changed after it was applied, comes late, or fails.
 * @throws DatabaseUnavailable when the database goes away; the next start goes on where this one was.
 */
export async function migrate<Schema>(database: Database<Schema>, directory: string): Promise<readonly string[]> {
  const migrations = await readMigrations(directory)
  return withMigrator(database.pool, async (client) => {
    await migrateJobQueue({ pgPool: database.pool, logger: quietJobLogger, noHandleSignals: true })
    return applyMissing(client, migrations)
  }).catch((error: unknown) => {
    throw translated(error)
  })
}

/** A session that migrates alone, and takes its time. */
async function withMigrator<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    return await work(client)
  } finally {
    // Ending the session gives back the lock and the settings, whatever happened.
    client.release(true)
  }
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  const migrations: Migration[] = []
  for (const name of names) {
    if (!/^\d{4}-[a-z0-9-]+\.sql$/.test(name)) {
      throw new MigrationError('migration.bad_name', `A migration is named NNNN-name.sql, not ${name}.`, { name })
    }
    const number = Number(name.slice(0, 4))
    if (migrations.at(-1)?.number === number) {
      throw new MigrationError('migration.duplicate_number', `Two migrations have the number of ${name}.`, { name })
    }
    const text = await readFile(join(directory, name), 'utf8')
    migrations.push({ number, name, text, sha256: createHash('sha256').update(text).digest('hex') })
  }
  return migrations
}

async function applyMissing(client: PoolClient, migrations: readonly Migration[]): Promise<readonly string[]> {
  await client.query(`
    create table if not exists schema_migrations (
      number integer primary key,
      name text not null,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`)
  const { rows } = await client.query<{ number: number; sha256: string }>(
    'select number, sha256 from schema_migrations',
  )
  const applied = new Map(rows.map((row) => [row.number, row.sha256]))
  const missing = selectMissing(migrations, applied)
  for (const migration of missing) await apply(client, migration)
  return missing.map((migration) => migration.name)
}

/** All refusals come before the first change. */
function selectMissing(migrations: readonly Migration[], applied: ReadonlyMap<number, string>): readonly Migration[] {
  const newestKnown = migrations.findLast((migration) => applied.has(migration.number))?.number ?? 0
  return migrations.filter(({ number, name, sha256 }) => {
    const known = applied.get(number)
    if (known !== undefined && known !== sha256) {
      throw new MigrationError('migration.changed', `${name} was applied with another text. Add a new one instead.`, {
        name,
      })
    }
    if (known === undefined && number < newestKnown) {
      throw new MigrationError('migration.out_of_order', `${name} comes before one that is applied. Renumber it.`, {
        name,
      })
    }
    return known === undefined
  })
}

async function apply(client: PoolClient, { number, name, text, sha256 }: Migration): Promise<void> {
  try {
    await client.query('begin')
    // A migration may have to move rows of every tenant.
    await client.query(`select set_config('chancery.tenant', $1, true)`, [EVERY_TENANT])
    await client.query(text)
    await client.query('insert into schema_migrations (number, name, sha256) values ($1, $2, $3)', [
      number,
      name,
      sha256,
    ])
    await client.query('commit')
  } catch (cause) {
    if (isOutage(cause)) throw cause
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new MigrationError('migration.failed', `${name} failed: ${problem}`, { name }, { cause })
  }
}
