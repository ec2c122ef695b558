import { randomBytes } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client, PoolConfig } from 'pg'
import { judgeServer, readServerSettings } from '../checks.ts'
import type { DatabaseRefused } from '../errors.ts'
import type { Log } from '../log.ts'
import { chooseAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { administrator, clientNames, countOthers, shutDown } from './clients.ts'
import { ensureCluster } from './cluster.ts'
import { type Keeper, keep } from './keeper.ts'
import { makeHome, reach, type Server } from './launch.ts'
import { ensureDatabase } from './provision.ts'
import { socketDirectory } from './socket.ts'
import { watch } from './watcher.ts'

/** PostgreSQL in the data directory, running for as long as this process has it open. */
export type EmbeddedPostgres = {
  /** For `openDatabase`: the application's role, which row-level security binds. */
  readonly connection: PoolConfig
  /** The cluster's owner, for tests that make databases and for repair. Row-level security does not bind it. */
  readonly administrator: PoolConfig
  /**
   * Makes this process the only server on the data directory. Other commands may still use the database.
   *
   * @param onLost called if another server has taken over after a crash of the database: stop then.
   * @throws DatabaseRefused `database.server_running`.
   */
  lockServer(onLost: (reason: DatabaseRefused) => void): Promise<void>
  /**
   * Stops PostgreSQL, unless somebody else is connected: then it runs on, and the last one to go stops it.
   * Close the pools of this process first; what they still do is cut off.
   */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** Belongs to us alone. Made when missing; PostgreSQL's part is the folder `postgres` in it. */
  readonly dataDirectory: string
  readonly log: Log
}

/**
 * Starts PostgreSQL in the data directory, or adopts the one that runs there, and starts it again if it dies.
 *
 * @throws DatabaseRefused when it cannot be started or would not be durable; the message says what to change.
 */
export async function openEmbedded({ dataDirectory, log }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const server = await prepare(dataDirectory, log)
  const names = clientNames(`${process.pid}-${randomBytes(4).toString('hex')}`)
  const presence = administrator(server.socketDirectory, names.presence)
  const connect = async (): Promise<Client> => {
    const client = await reach(server, presence)
    judgeServer(await readServerSettings(client), { checksums: true })
    return client
  }
  const first = await connect()
  await ensureDatabase(first)
  const endWatch = watch(server.socketDirectory)
  const keeper = keep(first, connect, log)
  const pool = { host: server.socketDirectory, application_name: names.pool }
  let stopping: Promise<void> | undefined
  return {
    connection: { ...pool, user: 'chancery', database: 'chancery' },
    administrator: { ...pool, user: 'postgres', database: 'postgres' },
    lockServer: (onLost) => keeper.lockServer(onLost),
    stop() {
      stopping ??= stop(keeper, [names.presence, names.pool], log).finally(endWatch)
      return stopping
    },
  }
}

async function prepare(directory: string, log: Log): Promise<Server> {
  await mkdir(directory, { mode: 0o700, recursive: true })
  // One name for one directory, whichever way it was reached: the socket's folder is found by it.
  const dataDirectory = await realpath(directory)
  const binaries = await findBinaries(join(dataDirectory, 'postgres'))
  const account = await chooseAccount(binaries, dataDirectory)
  await makeHome(account)
  log.info(account.sentence)
  if (binaries.note !== undefined) log.info(binaries.note)
  await ensureCluster(account)
  return { account, dataDirectory: join(account.home, 'data'), socketDirectory: socketDirectory(account.home) }
}

async function stop(keeper: Keeper, ownNames: readonly string[], log: Log): Promise<void> {
  const client = await keeper.retire()
  try {
    const others = await countOthers(client, ownNames)
    if (others.connections === 0) return await shutDown(client)
    log.info(`PostgreSQL runs on: ${others.connections} other connections use it.`)
    await client.end()
  } catch (error) {
    log.warn(`PostgreSQL was not there to be stopped: ${error instanceof Error ? error.message : String(error)}`)
  }
}
