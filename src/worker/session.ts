import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Runner, run, type Task, type TaskList, type WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import { jobLogger } from '../db/job-logger.ts'
import type { Log } from '../db/log.ts'
import { fence, type JobHandler, type JobHandlers } from './handler.ts'
import { beat, releaseDead, releaseOwn } from './locks.ts'

export type SessionOptions = {
  readonly pool: Pool
  readonly handlers: JobHandlers
  readonly concurrency: number
  readonly log: Log
}

/** One pool of workers under one identity, from its start to the first trouble with the database. */
export type Session = {
  /** Resolves when the session should be replaced: its connection broke, or it ended by itself. Never rejects. */
  readonly broken: Promise<void>
  /** Takes no more jobs, waits for those that run, frees what is left. Never rejects. */
  end(): Promise<void>
}

const POLL_INTERVAL_MS = 1000
const HEARTBEAT_MS = 5000
const FAREWELL_MS = 3000
const RELEASE_ATTEMPTS = 30
const RELEASE_PAUSE_MS = 200

/**
 * Starts a session. Its identity is new each time, because of one gap: when the answer to "give me a job" is lost
 * with the connection, the job is locked by this pool and the pool does not know. So a pool whose connection broke
 * is ended and its identity with it, and whatever that identity still holds is freed.
 *
 * @throws what `pg` throws when the database does not answer.
 */
export async function startSession({ pool, handlers, concurrency, log }: SessionOptions): Promise<Session> {
  const events: WorkerEvents = new EventEmitter()
  const identity = new Promise<string>((resolve) => {
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id))
  })
  const trouble = new Promise<void>((resolve) => {
    for (const name of ['worker:getJob:error', 'pool:listen:error', 'pool:fatalError'] as const) {
      events.on(name, () => resolve())
    }
  })
  const running = new Set<Promise<void>>()
  const runner = await run({
    pgPool: pool,
    taskList: tasks(handlers, running),
    concurrency,
    events,
    logger: jobLogger(log),
    pollInterval: POLL_INTERVAL_MS,
    noHandleSignals: true,
    // Without batches a completion that fails is retried by nobody and rejects into the void, ending the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  })
  const workerId = await identity
  const stopBeating = keepBeating(pool, workerId, log)
  return {
    broken: Promise.race([trouble, settled(runner.promise)]),
    async end() {
      await stopRunner(runner, running, log)
      stopBeating()
      await freeOwn(pool, workerId, log)
    },
  }
}

function tasks(handlers: JobHandlers, running: Set<Promise<void>>): TaskList {
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, task(handler, running)]))
}

function task(handler: JobHandler, running: Set<Promise<void>>): Task {
  return async (payload, { job, abortSignal }) => {
    const lease = { jobId: String(job.id), workerId: job.locked_by ?? '', attempt: job.attempts }
    const work = handler(payload, {
      jobId: lease.jobId,
      attempt: job.attempts,
      maxAttempts: job.max_attempts,
      signal: abortSignal,
      fence: (tx) => fence(tx, lease),
    })
    running.add(work)
    try {
      await work
    } finally {
      running.delete(work)
    }
  }
}

/** Beats at once and then regularly; each beat also looks for the dead. */
function keepBeating(pool: Pool, workerId: string, log: Log): () => void {
  const once = (): void => {
    beat(pool, workerId)
      .then(() => releaseDead(pool))
      .catch((error: unknown) => log.warn(`A worker's heartbeat was not written: ${String(error)}`))
  }
  once()
  const timer = setInterval(once, HEARTBEAT_MS)
  return () => clearInterval(timer)
}

/** Tries for a while, because the usual reason to be here is a database that is away; then leaves it to the lease. */
async function freeOwn(pool: Pool, workerId: string, log: Log): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await releaseOwn(pool, workerId)
    } catch (error) {
      if (attempt === RELEASE_ATTEMPTS) return log.warn(`The jobs of an ended worker are freed later: ${String(error)}`)
    }
    await sleep(RELEASE_PAUSE_MS)
  }
}

/**
 * Waits for the handlers without a limit, and for the queue's own farewell only so long: after a completion that
 * failed with its connection it never ends. What it did not report is run again, as any job may be.
 */
async function stopRunner(runner: Runner, running: ReadonlySet<Promise<void>>, log: Log): Promise<void> {
  const stopped = runner.stop().catch((error: unknown) => {
    // It may have stopped by itself, which it reports as an error of the second stop.
    log.warn(`A worker did not end cleanly: ${String(error)}`)
  })
  await Promise.allSettled(running)
  const farewell = stopped.then(() => settled(runner.promise))
  await Promise.race([farewell, sleep(FAREWELL_MS, undefined, { ref: false })])
}

async function settled(promise: Promise<void>): Promise<void> {
  await promise.catch(() => undefined)
}
