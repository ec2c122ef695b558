import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientConfig } from 'pg'
import { DatabaseUnavailable } from '../errors.ts'

/** What a connection calls itself, so that the last process to go can tell that it is the last. */
const PRESENCE = 'chancery-presence-'
export const WATCHER = 'chancery-watcher'

/** The name of the one connection that stands for a process, and of the others it makes. */
export function clientNames(unique: string): { readonly presence: string; readonly pool: string } {
  return { presence: `${PRESENCE}${unique}`, pool: `chancery-${unique}` }
}

/** Connects as the cluster's owner to the database that always exists. */
export function administrator(socketDirectory: string, applicationName: string): ClientConfig {
  return {
    host: socketDirectory,
    user: 'postgres',
    database: 'postgres',
    application_name: applicationName,
    connectionTimeoutMillis: 5000,
  }
}

export type OtherClients = {
  /** Connections of anybody but the names given and watchers: other processes of ours, an operator's psql. */
  readonly connections: number
  /** Those of them that stand for a process of ours, which will stop the server when it is the last. */
  readonly processes: number
}

/** Counts who else is connected to the server. */
export async function countOthers(client: Client, ownNames: readonly string[]): Promise<OtherClients> {
  const { rows } = await client.query<{ connections: number; processes: number }>(
    `select count(*)::int as connections,
            (count(*) filter (where application_name like $1))::int as processes
     from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> all ($2)`,
    [`${PRESENCE}%`, [WATCHER, ...ownNames]],
  )
  return rows[0] ?? { connections: 0, processes: 0 }
}

const STOP_POLL_MS = 10
const STOP_PATIENCE_MS = 60_000

/**
 * Tells the server to roll back what is open and to stop ("fast shutdown"), and waits until it has: it removes its
 * lock file as its last act. The process id comes from the server that answers, not from a file that a dead one
 * may have left.
 *
 * @throws DatabaseUnavailable if the server goes away meanwhile, or is not done after a minute.
 */
export async function shutDown(client: Client): Promise<void> {
  const { rows } = await client.query<{ pid: number; directory: string }>(
    `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid,
            current_setting('data_directory') as directory`,
  )
  const server = rows[0]
  if (server === undefined) return
  process.kill(server.pid, 'SIGINT')
  const lock = join(server.directory, 'postmaster.pid')
  const deadline = Date.now() + STOP_PATIENCE_MS
  while (existsSync(lock)) {
    if (Date.now() > deadline) throw new DatabaseUnavailable('the server takes too long to stop')
    await sleep(STOP_POLL_MS)
  }
}
