import { chmod, chown, mkdir, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg, { type PoolConfig } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { chooseAccount } from '../../src/db/embedded/account.ts'
import { findBinaries } from '../../src/db/embedded/binaries.ts'
import { administrator, shutDown } from '../../src/db/embedded/clients.ts'
import { ensureCluster } from '../../src/db/embedded/cluster.ts'
import { type EmbeddedPostgres, openEmbedded } from '../../src/db/embedded/embedded-postgres.ts'
import { makeHome, reach } from '../../src/db/embedded/launch.ts'
import { socketDirectory } from '../../src/db/embedded/socket.ts'
import { DatabaseUnavailable } from '../../src/db/errors.ts'
import { quietLog } from '../support/quiet-log.ts'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts'
import { type Holder, hold } from './hold.ts'
import { killServer, serverPid } from './kill-server.ts'

type Schema = { acknowledged: { id: number } }

let temporary: TemporaryDirectory
let directory: string
let opened: EmbeddedPostgres[]
let holders: Holder[]

beforeEach(async () => {
  temporary = await makeTemporaryDirectory('crash')
  directory = temporary.path
  opened = []
  holders = []
})

afterEach(async () => {
  for (const holder of holders) await holder.stop()
  for (const postgres of opened) await postgres.stop()
  await temporary.remove()
})

async function open(at = directory): Promise<EmbeddedPostgres> {
  const postgres = await openEmbedded({ dataDirectory: at, log: quietLog })
  opened.push(postgres)
  return postgres
}

async function start(...args: Parameters<typeof hold>): Promise<Holder> {
  const holder = await hold(...args)
  holders.push(holder)
  return holder
}

async function ask<Row extends pg.QueryResultRow>(connection: PoolConfig, text: string): Promise<Row | undefined> {
  const client = new pg.Client({ ...connection, statement_timeout: 5000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows[0]
  } finally {
    await client.end()
  }
}

const lockFile = (): string => join(directory, 'postgres', 'data', 'postmaster.pid')
const isStopped = async (): Promise<boolean> =>
  stat(lockFile()).then(
    () => false,
    () => true,
  )

async function until(condition: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it did not come to pass within ${withinMs} ms`)
    await sleep(50)
  }
}

/** Inserts rows until told to stop; keeps the numbers of those whose commit was acknowledged. */
async function insertUntil(
  stop: AbortSignal,
  db: Database<Schema>,
  first: number,
  acknowledged: Set<number>,
): Promise<void> {
  for (let id = first; !stop.aborted; id++) {
    try {
      await db.platform.transaction((tx) => tx.insertInto('acknowledged').values({ id }).execute())
      acknowledged.add(id)
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      await sleep(10)
    }
  }
}

describe('when PostgreSQL is killed', () => {
  test('no acknowledged row is lost, and the same handle works on', async () => {
    const KILLS = 8
    const postgres = await open()
    const db = openDatabase<Schema>({ connection: postgres.connection, log: quietLog })
    await db.pool.query('create table acknowledged (id bigint primary key)')
    const acknowledged = new Set<number>()
    const stop = new AbortController()
    const writers = [1, 2, 3, 4].map((n) => insertUntil(stop.signal, db, n * 1_000_000, acknowledged))
    for (let kill = 1; kill <= KILLS; kill++) {
      await sleep(100 + Math.random() * 200)
      await killServer(directory)
      const before = acknowledged.size
      await until(async () => acknowledged.size > before + 20, 10_000)
    }
    stop.abort()
    await Promise.all(writers)
    const { rows } = await db.pool.query<{ id: number }>('select id from acknowledged')
    const found = new Set(rows.map((row) => row.id))
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([])
    await db.close()
  }, 60_000)

  test('and we stop at that moment, no server is left behind', async () => {
    const postgres = await open()
    process.kill(await serverPid(directory), 'SIGKILL')
    await sleep(60)
    await postgres.stop()
    expect(await isStopped()).toBe(true)
  })

  test('a server that was adopted is started again too, and the server lock is taken again', async () => {
    const first = await start(directory, 'command')
    const postgres = await open()
    await postgres.lockServer(() => undefined)
    await first.kill()
    const killed = await serverPid(directory)
    process.kill(killed, 'SIGKILL')
    await until(async () => (await ask(postgres.connection, 'select 1').catch(() => undefined)) !== undefined, 10_000)
    expect(await serverPid(directory)).not.toBe(killed)
    await until(async () => {
      const row = await ask<{ n: number }>(
        postgres.administrator,
        `select count(*)::int as n from pg_locks where locktype = 'advisory'`,
      )
      return row?.n === 1
    }, 5000)
    expect((await start(directory, 'server')).said).toEqual({ refused: 'database.server_running' })
  }, 30_000)
})

describe('when our process is killed', () => {
  test('the next one adopts the running server, its rows and the server lock', async () => {
    const killed = await start(directory, 'server')
    const pid = await serverPid(directory)
    await ask({ host: killed.said.host, user: 'chancery', database: 'chancery' }, 'create table kept ()')
    await killed.kill()
    const postgres = await open()
    await postgres.lockServer(() => undefined)
    expect(await serverPid(directory)).toBe(pid)
    expect(await ask(postgres.connection, `select to_regclass('kept')::text as name`)).toEqual({ name: 'kept' })
  }, 30_000)

  test('and no other comes, the server is stopped', async () => {
    const killed = await start(directory, 'server')
    await killed.kill()
    await until(isStopped, 20_000)
  }, 30_000)

  test('while another one uses the server, the server stays', async () => {
    const killed = await start(directory, 'server')
    const postgres = await open()
    const pid = await serverPid(directory)
    await killed.kill()
    await sleep(6500)
    expect(await ask(postgres.connection, 'select 1 as one')).toEqual({ one: 1 })
    expect(await serverPid(directory)).toBe(pid)
  }, 30_000)
})

describe('two processes on one directory', () => {
  test('a second server is refused with a sentence', async () => {
    const first = await open()
    await first.lockServer(() => undefined)
    const second = await open()
    await expect(second.lockServer(() => undefined)).rejects.toMatchObject({
      code: 'database.server_running',
      message: expect.stringContaining('Another server already uses this data directory'),
    })
  })

  test('a command works beside the server, and its end leaves the server running', async () => {
    const server = await start(directory, 'server')
    const command = await open()
    expect(await ask(command.connection, 'select current_user::text as who')).toEqual({ who: 'chancery' })
    await command.stop()
    expect(await isStopped()).toBe(false)
    await server.stop()
    expect(await isStopped()).toBe(true)
  })

  test('four that start at once on an empty directory share one server', async () => {
    const hosts = await Promise.all([1, 2, 3, 4].map(() => start(directory, 'command')))
    expect(hosts.map((holder) => holder.said.ready)).toEqual([true, true, true, true])
    for (const holder of hosts) await holder.stop()
    expect(await isStopped()).toBe(true)
  }, 30_000)
})

describe('the cluster', () => {
  test('keeps what it acknowledges, has no port, and binds the application by row-level security', async () => {
    const postgres = await open()
    const row = await ask(
      postgres.connection,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
              current_setting('full_page_writes') as full_page_writes, current_setting('data_checksums') as data_checksums,
              current_setting('listen_addresses') as listen_addresses, rolsuper, rolbypassrls
       from pg_roles where rolname = current_user`,
    )
    expect(row).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      listen_addresses: '',
      rolsuper: false,
      rolbypassrls: false,
    })
  })

  test('is open to its owner alone', async () => {
    const { connection } = await open()
    const folder = await stat(connection.host ?? '')
    const socket = await stat(join(connection.host ?? '', '.s.PGSQL.5432'))
    expect([folder.mode & 0o777, socket.mode & 0o777]).toEqual([0o700, 0o700])
  })

  test('starts although its lock names a process that is not a server, as after the restart of a container', async () => {
    await (await open()).stop()
    await writeFile(lockFile(), `${process.pid}\n${directory}/postgres/data\n0\n5432\n\n\n0 0\nready\n`)
    const postgres = await open()
    expect(await ask(postgres.connection, 'select 1 as one')).toEqual({ one: 1 })
  })

  test('is refused with its own words when its files are of another version', async () => {
    await (await open()).stop()
    await writeFile(join(directory, 'postgres', 'data', 'PG_VERSION'), '9\n')
    await expect(open()).rejects.toMatchObject({
      code: 'database.start_failed',
      message: expect.stringContaining('not compatible'),
    })
  })

  test('is reached below a path too long for a socket, also by a second process', async () => {
    const deep = join(directory, 'd'.repeat(60), 'e'.repeat(60))
    await mkdir(deep, { recursive: true })
    const postgres = await open(deep)
    expect(Buffer.byteLength(postgres.connection.host ?? '')).toBeLessThan(90)
    const command = await start(deep, 'command')
    expect(command.said.host).toBe(postgres.connection.host)
    await command.stop()
    await postgres.stop()
    // Only an empty folder can be removed this way.
    await rmdir(postgres.connection.host ?? '')
  })

  test('that was half made when the power went is made again', async () => {
    await mkdir(join(directory, 'postgres', 'data.new-999999999'), { recursive: true })
    const postgres = await open()
    expect(await ask(postgres.connection, 'select 1 as one')).toEqual({ one: 1 })
    await expect(stat(join(directory, 'postgres', 'data.new-999999999'))).rejects.toThrow('ENOENT')
  })
})

describe('an ordinary account', () => {
  const NOBODY = 65_534

  test('starts the database in a directory that it owns', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('every other test here runs as an ordinary account already')
    await chown(directory, NOBODY, NOBODY)
    const readable = await hold('/dev/null/nowhere', 'command', { uid: NOBODY, gid: NOBODY })
    if (readable.said.refused === undefined) skip('nobody may not read this checkout')
    const holder = await start(directory, 'server', { uid: NOBODY, gid: NOBODY })
    expect(holder.said).toMatchObject({
      ready: true,
      sentences: ['PostgreSQL runs under the account of this process.'],
    })
    expect((await stat(lockFile())).uid).toBe(NOBODY)
  })

  test('is what root drops to where user namespaces are not allowed', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root drops')
    await chmod(directory, 0o711)
    const closed = join(directory, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const account = await withoutNamespaces(async () =>
      chooseAccount(await findBinaries(closed), closed, join(directory, 'reachable')),
    )
    expect(account.sentence).toMatch(/^PostgreSQL runs as nobody/)
    await makeHome(account)
    await ensureCluster(account)
    const socket = socketDirectory(account.home)
    const server = { account, dataDirectory: join(account.home, 'data'), socketDirectory: socket }
    const client = await reach(server, administrator(socket, 'test'))
    expect((await stat(join(server.dataDirectory, 'postmaster.pid'))).uid).toBe(NOBODY)
    await shutDown(client)
    const later = await chooseAccount(await findBinaries(closed), closed, join(directory, 'reachable'))
    expect(later.home).toBe(account.home)
  }, 30_000)

  /** An `unshare` that fails stands before the real one, as on a machine that does not allow user namespaces. */
  async function withoutNamespaces<Result>(work: () => Promise<Result>): Promise<Result> {
    const programs = join(directory, 'programs')
    await mkdir(programs)
    await writeFile(join(programs, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const path = process.env['PATH'] ?? ''
    process.env['PATH'] = `${programs}:${path}`
    try {
      return await work()
    } finally {
      process.env['PATH'] = path
    }
  }
})
