import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type Client, type ClientConfig } from 'pg'
import { DatabaseRefused, errorCode, isOutage } from '../errors.ts'
import type { Account } from './account.ts'
import { BARE_ENVIRONMENT } from './environment.ts'
import { identify } from './process-state.ts'
import { makeSocketDirectory } from './socket.ts'

/** A cluster and how to reach it. */
export type Server = {
  readonly account: Account
  readonly dataDirectory: string
  readonly socketDirectory: string
}

/** Longer than a slow init process needs to reap a dead server; recovery after a crash is not counted. */
const PATIENCE_MS = 30_000
/** The processes of a killed server notice its death and end within this time; then its lock may be removed. */
const ZOMBIE_PAUSE_MS = 3000
const PAUSE_MS = 50
const NO_ANSWER = 'PostgreSQL was started and does not answer. Its log is postgres.log beside its data.'
const MAX_LOG_BYTES = 10_000_000

/**
 * On the command line, so that no edit of a file weakens them. Durability first; then little memory, because the
 * server shares a small machine with everything else.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  io_method: 'sync',
  jit: 'off',
  max_parallel_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
}

/** The complaints of a starting server about one that is dead or starts beside it: waiting helps. */
const PASSING = /lock file ".*" already exists|lock file ".*" is empty|pre-existing shared memory block/

/**
 * Returns a connection to the running server, starting one if none answers. An orphan of a killed process is
 * adopted; a dead one's lock is waited for; of two processes that start at once, one adopts the other's server.
 *
 * @throws DatabaseRefused `database.start_failed` with the end of the server's log.
 */
export async function reach(server: Server, client: ClientConfig): Promise<Client> {
  await makeSocketDirectory(server.socketDirectory, server.account.identity)
  let deadline = Date.now() + PATIENCE_MS
  let started: Started | undefined
  for (;;) {
    const answer = await connect(client)
    if (answer instanceof pg.Client) return answer
    if (answer === 'starting') deadline = Date.now() + PATIENCE_MS
    else started = await ensureStarted(started, server)
    if (Date.now() > deadline) throw new DatabaseRefused('database.start_failed', NO_ANSWER)
    await sleep(PAUSE_MS)
  }
}

async function ensureStarted(started: Started | undefined, server: Server): Promise<Started> {
  if (started === undefined) return start(server)
  if (!hasEnded(started.process)) return started
  await judge(started, server)
  return start(server)
}

/** A connection, `starting` while the server recovers, or `absent`. */
async function connect(config: ClientConfig): Promise<Client | 'starting' | 'absent'> {
  const client = new pg.Client(config)
  // An error after the connection is made is for who holds the client; here it must only not be fatal.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    if (errorCode(error) === '57P03') return 'starting'
    if (isOutage(error)) return 'absent'
    throw error
  }
}

type Started = { readonly process: ChildProcess; readonly log: string; readonly logOffset: number }

/**
 * Starts a server in its own session: a Ctrl-C in the terminal reaches us, and we end it in order.
 */
async function start({ account, dataDirectory, socketDirectory }: Server): Promise<Started> {
  const log = join(account.home, 'postgres.log')
  const logOffset = await makeRoom(log)
  const quoted = `"${socketDirectory.replaceAll('"', '""')}"`
  const settings = { ...SETTINGS, unix_socket_directories: quoted }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...args] = [
    ...account.prefix,
    join(account.binaries.directory, 'bin', 'postgres'),
    '-D',
    dataDirectory,
    ...options,
  ]
  const output = await open(log, 'a', 0o600)
  try {
    const child = spawn(program, args, {
      cwd: account.home,
      env: BARE_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      ...account.identity,
    })
    child.on('error', () => undefined)
    child.unref()
    return { process: child, log, logOffset }
  } finally {
    await output.close()
  }
}

/** Starts a new log when the old one is long; returns where the next line will stand. */
async function makeRoom(log: string): Promise<number> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  )
  if (size <= MAX_LOG_BYTES) return size
  await rm(log)
  return 0
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

/** Decides whether a server that ended at its start is worth another try. */
async function judge(child: Started, server: Server): Promise<void> {
  const words = (await readFile(child.log)).subarray(child.logOffset).toString().trim()
  if (!PASSING.test(words)) {
    const reason = words.split('\n').slice(-5).join('\n') || 'it said nothing'
    throw new DatabaseRefused('database.start_failed', `PostgreSQL did not start: ${reason}`)
  }
  await removeStaleLock(server)
}

/**
 * PostgreSQL takes any process of our account with the id in its lock file for a server that lives. Shared
 * memory still protects the data after the file is gone: it is found by the directory, and refused while used.
 */
async function removeStaleLock({ dataDirectory }: Server): Promise<void> {
  const path = join(dataDirectory, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return
  const kind = await identify(pid, dataDirectory)
  if (kind === 'zombie') await sleep(ZOMBIE_PAUSE_MS)
  if (kind === 'stranger' || (kind === 'zombie' && (await identify(pid, dataDirectory)) === 'zombie')) {
    await rm(path, { force: true })
  }
}

/** Makes the home, open to its owner alone. */
export async function makeHome(account: Account): Promise<void> {
  await mkdir(account.home, { mode: 0o700, recursive: true })
}
