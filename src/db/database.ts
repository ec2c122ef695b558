import { setTimeout as sleep } from 'node:timers/promises'
import { type IsolationLevel, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Pool, type PoolConfig } from 'pg'
import { errorCode, translated } from './errors.ts'
import type { Log } from './log.ts'
import { preparing } from './prepared.ts'
import { types } from './types.ts'

/** The database as the composition sees it: no rows without saying whose. */
export type Database<Schema> = {
  /** The handle for the rows of one tenant. Costs nothing; make one per request. */
  tenant(tenantId: string): TenantDb<Schema>
  /** The handle that sees every tenant: for jobs, the operator, and the platform's own tables. */
  readonly platform: PlatformDb<Schema>
  /** The connections beneath, for the job queue and the migrations. Row-level security hides tenants' rows from it. */
  readonly pool: Pool
  /** Closes every connection after its present query. Calling it twice is harmless. */
  close(): Promise<void>
}

/** A transaction in a scope. Stores take this and write typed queries with it. */
export type Tx<Schema> = Transaction<Schema>

type Transactions<Schema> = {
  /**
   * Runs `work` in one transaction and commits when it resolves. Serialization failures and deadlocks run it
   * again, at most three times, so `work` must leave no trace outside the transaction.
   *
   * @throws DatabaseUnavailable when the database does not answer, also when the outcome of COMMIT is unknown.
   */
  transaction<Result>(work: (tx: Tx<Schema>) => Promise<Result>, options?: TransactionOptions): Promise<Result>
}

export type TransactionOptions = {
  /** `read committed` unless told. */
  readonly isolation?: IsolationLevel
}

export type TenantDb<Schema> = Transactions<Schema> & { readonly tenantId: string }
export type PlatformDb<Schema> = Transactions<Schema> & { readonly scope: 'platform' }

export type DatabaseOptions = {
  readonly connection: PoolConfig
  readonly log: Log
  /** Connections of this process at most. */
  readonly maxConnections?: number
}

/** The value of `chancery.tenant` that row-level security lets see every row. Never a tenant's id. */
export const EVERY_TENANT = '*'

const DEFAULT_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5000
const STATEMENT_TIMEOUT_MS = 15_000
const LOCK_TIMEOUT_MS = 10_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000

/** SQLSTATEs that a repetition heals: serialization_failure, deadlock_detected, a plan that a migration outdated. */
const RETRYABLE = new Set(['40001', '40P01', '0A000'])
const MAX_RETRIES = 3
const RETRY_BASE_MS = 20

/** Opens a pool. Connects on the first query: a database that is down is an outage, not a reason to fail here. */
export function openDatabase<Schema>(options: DatabaseOptions): Database<Schema> {
  const pool = openPool(options)
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool) }) })
  const scoped = (scope: string): Transactions<Schema> => ({
    transaction: (work, settings = {}) => retrying(() => runScoped(kysely, scope, work, settings)),
  })
  let closing: Promise<void> | undefined
  return {
    tenant(tenantId) {
      if (tenantId === '' || tenantId === EVERY_TENANT) throw new RangeError('this is not the id of a tenant')
      return { tenantId, ...scoped(tenantId) }
    },
    platform: { scope: 'platform', ...scoped(EVERY_TENANT) },
    pool,
    close() {
      closing ??= pool.end()
      return closing
    },
  }
}

function openPool({ connection, log, maxConnections }: DatabaseOptions): Pool {
  const pool = new Pool({
    max: maxConnections ?? DEFAULT_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    types,
    ...connection,
  })
  // Without listeners a connection that breaks while nobody waits for it would end the process. The pool does not wait
  // for its last connections to go, so a server that stops right after it may be the one that ends them.
  const note = (sentence: string): void => {
    if (!pool.ending) log.warn(sentence)
  }
  pool.on('error', (error) => note(`An idle database connection broke: ${error.message}`))
  pool.on('connect', (client) => {
    client.on('error', (error) => note(`A database connection broke: ${error.message}`))
  })
  return pool
}

/**
 * The scope is a local setting: it ends with the transaction, so a connection that returns to the pool belongs
 * to nobody again. The policies read it: `current_setting('chancery.tenant', true) in (tenant_id, '*')`.
 */
async function runScoped<Schema, Result>(
  kysely: Kysely<Schema>,
  scope: string,
  work: (tx: Tx<Schema>) => Promise<Result>,
  { isolation }: TransactionOptions,
): Promise<Result> {
  const begin = isolation ? kysely.transaction().setIsolationLevel(isolation) : kysely.transaction()
  return begin.execute(async (tx) => {
    await sql`select set_config('chancery.tenant', ${scope}, true)`.execute(tx)
    return work(tx)
  })
}

async function retrying<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let retries = 0; ; retries++) {
    try {
      return await attempt()
    } catch (error) {
      if (retries >= MAX_RETRIES || !RETRYABLE.has(errorCode(error) ?? '')) throw translated(error)
    }
    // Jitter, so that two transactions that collided do not collide again.
    await sleep(RETRY_BASE_MS * 2 ** retries * (0.5 + Math.random()))
  }
}
