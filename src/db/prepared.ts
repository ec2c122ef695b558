import { createHash } from 'node:crypto'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { errorCode } from './errors.ts'

/** Texts with a name. A connection keeps each named statement until it ends, so their number is bounded. */
const MAX_NAMES = 500

/** Longer texts are bulk statements whose text changes with the number of rows: a plan is not worth keeping. */
const MAX_TEXT_LENGTH = 4000

/** SQLSTATE feature_not_supported: "cached plan must not change result type", after another process migrated. */
const STALE_PLAN = '0A000'

/**
 * Gives Kysely a pool whose parametrised queries are named prepared statements: PostgreSQL parses and plans
 * each text once per connection.
 *
 * Kysely keeps state by client object, so a client of `pg` has one wrapper for its whole life.
 */
export function preparing(pool: Pool): PostgresPool {
  const wrappers = new WeakMap<PoolClient, PostgresPoolClient>()
  const nameOf = statementNames()
  return {
    async connect() {
      const client = await pool.connect()
      const known = wrappers.get(client)
      if (known) return known
      const wrapper = wrap(client, nameOf)
      wrappers.set(client, wrapper)
      return wrapper
    },
    end: () => pool.end(),
    // Kysely opens connections of its own with these when it has to cancel a query.
    options: pool.options,
  }
}

/** Names derived from the text: equal in every process, so that a log line of the server can be looked up. */
function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined) return known
    if (names.size >= MAX_NAMES || text.length > MAX_TEXT_LENGTH) return undefined
    const name = `q_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    names.set(text, name)
    return name
  }
}

function wrap(client: PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  let stale = false
  const query = async (text: string, values: readonly unknown[]) => {
    const name = values.length > 0 ? nameOf(text) : undefined
    try {
      return await client.query(
        name === undefined ? { text, values: [...values] } : { name, text, values: [...values] },
      )
    } catch (error) {
      stale ||= errorCode(error) === STALE_PLAN
      throw error
    }
  }
  return {
    // Kysely's second overload is for cursors, which are not configured: only texts arrive here.
    query: query as unknown as PostgresPoolClient['query'],
    // A connection with a stale plan cannot forget it: it is closed, and the next one plans anew.
    release: () => client.release(stale),
  }
}
