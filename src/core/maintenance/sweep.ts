import { sql } from 'kysely'
import { enqueue } from '../../db/index.ts'
import { DAY_MS, later, MINUTE_MS } from '../../std/time.ts'
import type { Platform, Tx } from '../context.ts'
import { sweepJob } from './maintenance-jobs.ts'

const EVERY_MS = 10 * MINUTE_MS
/** Longer than any limit looks back. */
const CODES_KEPT_MS = 2 * DAY_MS
const MESSAGES_KEPT_MS = 30 * DAY_MS
const LINKS_KEPT_MS = DAY_MS

/** Sees to it that a sweep is due; the key makes sure that there is one only. */
export async function ensureSweeping(platform: Platform): Promise<void> {
  await platform.database.platform.transaction((tx) => enqueueSweep(tx, platform.clock.now()))
}

/**
 * Removes expired codes, limits, links and stored answers of every company, and what broken uploads left. What a
 * signature or an audit row points to stays: challenges that activated a key are evidence.
 */
export async function sweep(platform: Platform): Promise<void> {
  const now = platform.clock.now()
  await platform.database.platform.transaction(async (tx) => {
    await tx.deleteFrom('limits').where('expires_at', '<', now).execute()
    await tx.deleteFrom('idempotency').where('expires_at', '<', now).execute()
    await tx.deleteFrom('downloads').where('expires_at', '<', later(now, -LINKS_KEPT_MS)).execute()
    await tx.deleteFrom('messages').where('created_at', '<', later(now, -MESSAGES_KEPT_MS)).execute()
    await tx
      .deleteFrom('messages')
      .where('person_id', 'is', null)
      .where('created_at', '<', later(now, -CODES_KEPT_MS))
      .execute()
    // A message whose job was given up: nobody is to read the code in it later.
    await tx
      .updateTable('messages')
      .set({ status: 'expired', sealed: null, finished_at: now })
      .where('status', '=', 'queued')
      .where('expires_at', '<', now)
      .execute()
    await sql`
      delete from challenges c
      where c.created_at < ${later(now, -CODES_KEPT_MS)} and c.purpose <> 'activation'
        and not exists (select from messages m where m.challenge_id = c.id)
    `.execute(tx)
    await forgetDeadSweeps(tx)
    await enqueueSweep(tx, later(now, EVERY_MS))
  })
  await platform.files.sweepTemporary()
}

/** A process that was killed while it swept leaves a job that the queue gave up when the next one took its key. */
async function forgetDeadSweeps(tx: Tx): Promise<void> {
  await sql`
    select graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs
      where task_identifier = ${sweepJob.name} and attempts >= max_attempts and locked_at is null
    ))
  `.execute(tx)
}

async function enqueueSweep(tx: Tx, runAt: Date): Promise<void> {
  await enqueue(tx, { task: sweepJob, payload: {}, runAt, jobKey: 'maintenance', maxAttempts: 25 })
}
