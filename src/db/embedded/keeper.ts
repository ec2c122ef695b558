import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { DatabaseRefused } from '../errors.ts'
import type { Log } from '../log.ts'

/** Holds one connection to the server for as long as this process lives, and the server with it. */
export type Keeper = {
  /** The present connection. After a crash of the server its queries fail until it is replaced. */
  client(): Client
  /**
   * Takes the lock that makes this process the only server on the cluster.
   *
   * @param onLost called when the database came back and another server has the lock: this one must stop.
   * @throws DatabaseRefused `database.server_running` when another one has it.
   */
  lockServer(onLost: (reason: DatabaseRefused) => void): Promise<void>
  /**
   * Ends the keeping: from now on the end of the connection is expected. A server that is being started just now
   * is waited for, or it would be left behind.
   *
   * @returns the last connection, which the caller ends.
   */
  retire(): Promise<Client>
}

const LOCK_KEY = 6_290_411_084
/** The session of a server that was just killed ends a moment after it. */
const LOCK_ATTEMPTS = 20
const LOCK_PAUSE_MS = 100
const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 5000

type State = {
  client: Client
  ending: boolean
  restoring: Promise<void> | undefined
  onLost: ((reason: DatabaseRefused) => void) | undefined
}

/** Keeps the connection that `reach` makes; when it breaks, `reach` is called until there is a new one. */
export function keep(first: Client, reach: () => Promise<Client>, log: Log): Keeper {
  const state: State = { client: first, ending: false, restoring: undefined, onLost: undefined }
  const guard = (client: Client): void => {
    client.once('end', () => {
      if (!state.ending) state.restoring = restore(state, reach, log).then(guardPresent)
    })
  }
  const guardPresent = (): void => {
    if (!state.ending) guard(state.client)
  }
  guard(first)
  return {
    client: () => state.client,
    async lockServer(onLost) {
      if (!(await lock(state.client))) throw serverRunning()
      state.onLost = onLost
    },
    async retire() {
      state.ending = true
      await state.restoring
      return state.client
    },
  }
}

async function restore(state: State, reach: () => Promise<Client>, log: Log): Promise<void> {
  log.warn('The database server went away. It is started again.')
  for (let backoffMs = FIRST_BACKOFF_MS; !state.ending; backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)) {
    try {
      const client = await reach()
      state.client = client
      if (!state.ending) await lockAgain(state, log)
      log.info('The database server is back.')
      return
    } catch (error) {
      log.error(`The database server did not come back yet: ${error instanceof Error ? error.message : String(error)}`)
      await sleep(backoffMs)
    }
  }
}

/** A session's locks end with the server. */
async function lockAgain(state: State, log: Log): Promise<void> {
  if (state.onLost === undefined || (await lock(state.client))) return
  const reason = new DatabaseRefused(
    'database.server_lock_lost',
    'Another server took over this data directory while the database was down. This one stops.',
  )
  log.error(reason.message)
  state.onLost(reason)
}

async function lock(client: Client): Promise<boolean> {
  for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOCK_KEY])
    if (rows[0]?.locked === true) return true
    await sleep(LOCK_PAUSE_MS)
  }
  return false
}

function serverRunning(): DatabaseRefused {
  const message = 'Another server already uses this data directory. Stop it first, or choose another directory.'
  return new DatabaseRefused('database.server_running', message)
}
