import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { openEmbedded } from '../../src/db/embedded/embedded-postgres.ts'
import { DatabaseUnavailable } from '../../src/db/errors.ts'
import { declareJob, enqueue } from '../../src/db/jobs.ts'
import { migrate } from '../../src/db/migrate.ts'
import { handles } from '../../src/worker/handler.ts'
import { runWorker } from '../../src/worker/run-worker.ts'
import { quietLog } from '../support/quiet-log.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'
import { killServer } from './kill-server.ts'

const MIGRATIONS = join(import.meta.dirname, '../../src/db/migrations')
const count = declareJob('count', z.object({ id: z.number() }))

/** True when the commit was acknowledged. */
async function add(db: Database<unknown>, id: number): Promise<boolean> {
  try {
    await db.platform.transaction((tx) => enqueue(tx, { task: count, payload: { id }, maxAttempts: 25 }))
    return true
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error
    return false
  }
}

test('every acknowledged job is done although PostgreSQL is killed again and again', async () => {
  const KILLS = 4
  const directory = await makeTemporaryDirectory('crash')
  const postgres = await openEmbedded({ dataDirectory: directory.path, log: quietLog })
  const db = openDatabase<unknown>({ connection: postgres.connection, log: quietLog, maxConnections: 10 })
  await migrate(db, MIGRATIONS)
  const done = new Set<number>()
  const handlers = handles(count, async ({ id }) => void done.add(id))
  const worker = runWorker({ pool: db.pool, handlers, concurrency: 4, alone: true, log: quietLog })
  const acknowledged: number[] = []
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      for (let n = 0; n < 100; n++) if (await add(db, kill * 1000 + n)) acknowledged.push(kill * 1000 + n)
      await killServer(directory.path)
      while (!(await add(db, -1))) await sleep(50)
    }
    const deadline = Date.now() + 20_000
    while (acknowledged.some((id) => !done.has(id)) && Date.now() < deadline) await sleep(50)
    expect(acknowledged.filter((id) => !done.has(id))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(200)
  } finally {
    await worker.stop()
    await db.close()
    await postgres.stop()
    await directory.remove()
  }
}, 60_000)
