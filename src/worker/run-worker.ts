import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Log } from '../db/log.ts'
import type { JobHandlers } from './handler.ts'
import { releaseAll, releaseDead } from './locks.ts'
import { type Session, startSession } from './session.ts'

export type WorkerOptions = {
  /** `Database.pool`. Needs three connections more than jobs run at once, those of the handlers not counted. */
  readonly pool: Pool
  readonly handlers: JobHandlers
  /** Jobs at once. */
  readonly concurrency: number
  /**
   * True where nobody else can be working, as under the lock of an embedded database's server: jobs that were
   * running when the last process was killed then start again at once, not half a minute later.
   */
  readonly alone: boolean
  readonly log: Log
}

export type RunningWorker = {
  /** Takes no more jobs and waits for those that run; their signal is aborted after five seconds. */
  stop(): Promise<void>
}

const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 2000

/** Works on jobs until it is stopped, through every restart of the database. Returns at once and never throws. */
export function runWorker(options: WorkerOptions): RunningWorker {
  const stopping = new AbortController()
  const working = work(options, stopping.signal)
  return {
    stop() {
      stopping.abort()
      return working
    },
  }
}

async function work(options: WorkerOptions, stopping: AbortSignal): Promise<void> {
  const ended = new Set<Promise<void>>()
  const stopped = new Promise<void>((resolve) => {
    stopping.addEventListener('abort', () => resolve(), { once: true })
  })
  let freed = false
  let backoffMs = FIRST_BACKOFF_MS
  while (!stopping.aborted) {
    try {
      if (!freed) await (options.alone ? releaseAll(options.pool) : releaseDead(options.pool))
      freed = true
      const session = await startSession(options)
      backoffMs = FIRST_BACKOFF_MS
      await Promise.race([session.broken, stopped])
      retire(session, ended)
    } catch (error) {
      options.log.warn(`The worker waits for the database: ${error instanceof Error ? error.message : String(error)}`)
      await Promise.race([sleep(backoffMs), stopped])
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    }
  }
  await Promise.all(ended)
}

/** The old session finishes its jobs, and reports them when the database is back, while the next one works. */
function retire(session: Session, ended: Set<Promise<void>>): void {
  const ending = session.end().finally(() => ended.delete(ending))
  ended.add(ending)
}
