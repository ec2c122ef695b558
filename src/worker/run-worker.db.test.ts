import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { quietLog } from '../../test/support/quiet-log.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { declareJob, enqueue } from '../db/jobs.ts'
import { handles, type JobContext, type JobHandlers, JobLost } from './handler.ts'
import { type RunningWorker, runWorker } from './run-worker.ts'

const greet = declareJob('greet', z.object({ name: z.string() }))

let db: TestDatabase<unknown>
let workers: RunningWorker[] = []

beforeAll(async () => {
  db = await createTestDatabase()
})

beforeEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  workers = []
  await db.administer('truncate graphile_worker._private_jobs, worker_heartbeats')
})

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await db.close()
})

function start(handlers: JobHandlers, alone = false): RunningWorker {
  const worker = runWorker({ pool: db.database.pool, handlers, concurrency: 2, alone, log: quietLog })
  workers.push(worker)
  return worker
}

function add(name: string, options: { runAt?: Date; jobKey?: string; maxAttempts?: number } = {}): Promise<void> {
  return db.database.tenant('ada').transaction((tx) => enqueue(tx, { task: greet, payload: { name }, ...options }))
}

async function waitingJobs(): Promise<number> {
  const rows = await db.administer<{ n: number }>('select count(*)::int as n from graphile_worker._private_jobs')
  return rows[0]?.n ?? -1
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass within 10 s')
    await sleep(20)
  }
}

test('a job whose payload does not fit its declaration is not enqueued', async () => {
  const attempt = db.database.platform.transaction((tx) =>
    enqueue(tx, { task: greet, payload: JSON.parse('{"name":1}') as { name: string } }),
  )
  await expect(attempt).rejects.toBeInstanceOf(z.ZodError)
  expect(await waitingJobs()).toBe(0)
})

test('a job is gone when its transaction is rolled back', async () => {
  await expect(
    db.database.tenant('ada').transaction(async (tx) => {
      await enqueue(tx, { task: greet, payload: { name: 'nobody' } })
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await waitingJobs()).toBe(0)
})

test('of two jobs with one key the later one stays', async () => {
  await add('first', { jobKey: 'one' })
  await add('second', { jobKey: 'one' })
  const done: string[] = []
  start(handles(greet, async ({ name }) => void done.push(name)))
  await until(async () => (await waitingJobs()) === 0)
  expect(done).toEqual(['second'])
})

test('a job that is due later waits', async () => {
  const done: string[] = []
  start(handles(greet, async ({ name }) => void done.push(name)))
  await add('later', { runAt: new Date(Date.now() + 60_000) })
  await add('now')
  await until(() => done.length > 0)
  expect(done).toEqual(['now'])
  expect(await waitingJobs()).toBe(1)
})

test('a job that always fails does not keep others from running', async () => {
  const done: string[] = []
  start(
    handles(greet, async ({ name }) => {
      if (name === 'poison') throw new Error('I never work')
      done.push(name)
    }),
  )
  await add('poison', { maxAttempts: 1 })
  await add('well')
  await until(() => done.length > 0)
  await until(async () => {
    const rows = await db.administer(
      'select 1 from graphile_worker._private_jobs where attempts = max_attempts and locked_at is null',
    )
    return rows.length === 1
  })
})

test('stopping waits for the job that runs', async () => {
  let finished = false
  let begun = false
  const worker = start(
    handles(greet, async () => {
      begun = true
      await sleep(300)
      finished = true
    }),
  )
  await add('slow')
  await until(() => begun)
  await worker.stop()
  expect(finished).toBe(true)
  expect(await waitingJobs()).toBe(0)
})

test('the job of a dead worker is taken over, the job of a living one is not', async () => {
  await add('orphan', { jobKey: 'orphan' })
  await add('busy', { jobKey: 'busy' })
  await db.administer(
    `update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now() - interval '31 seconds' where key = 'orphan'`,
  )
  await db.administer(
    `update graphile_worker._private_jobs set locked_by = 'alive', locked_at = now() - interval '31 seconds' where key = 'busy'`,
  )
  await db.administer(`insert into worker_heartbeats values ('alive', now())`)
  const done: string[] = []
  start(handles(greet, async ({ name }) => void done.push(name)))
  await until(() => done.length > 0)
  expect(done).toEqual(['orphan'])
})

test('a worker that is alone frees every job at its start', async () => {
  await add('interrupted')
  await db.administer(`update graphile_worker._private_jobs set locked_by = 'killed', locked_at = now(), attempts = 1`)
  const done: string[] = []
  start(
    handles(greet, async ({ name }) => void done.push(name)),
    true,
  )
  await until(() => done.length > 0)
  expect(done).toEqual(['interrupted'])
})

test('a worker that slept through its lease cannot commit, and the other result stands', async () => {
  await db.database.pool.query('create table if not exists results (who text)')
  const contexts: JobContext[] = []
  const work = async (who: string, context: JobContext): Promise<void> => {
    await db.database.platform.transaction(async (tx) => {
      await sql`insert into results values (${who})`.execute(tx)
      await context.fence(tx)
    })
  }
  let wake = (): void => undefined
  const asleep = new Promise<void>((resolve) => {
    wake = resolve
  })
  let late: unknown
  const first = start(
    handles(greet, async (_payload, context) => {
      contexts.push(context)
      if (contexts.length > 1) return work('second', context)
      await asleep
      late = await work('first', context).catch((error: unknown) => error)
      throw late
    }),
  )
  await add('contested')
  await until(() => contexts.length === 1)
  await db.administer(`update graphile_worker._private_jobs set locked_by = null, locked_at = null`)
  await until(() => contexts.length === 2)
  await until(async () => (await waitingJobs()) === 0)
  wake()
  await until(() => late !== undefined)
  await first.stop()
  expect(late).toBeInstanceOf(JobLost)
  expect((await db.database.pool.query('select who from results')).rows).toEqual([{ who: 'second' }])
})

test('a worker goes on after its connections were cut, and no job is lost', async () => {
  const done = new Set<string>()
  start(handles(greet, async ({ name }) => void done.add(name)))
  for (let i = 0; i < 60; i++) {
    await add(`job ${i}`)
    if (i % 20 === 10) {
      await db.administer(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
      await sleep(50)
    }
  }
  await until(async () => (await waitingJobs()) === 0)
  expect(done.size).toBe(60)
})
