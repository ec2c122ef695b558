import type { Pool } from 'pg'

/** A pool of workers that has not been seen for this long is dead, and its jobs are free. */
const LEASE_SECONDS = 30

/** Writes that a pool of workers is alive. */
export async function beat(pool: Pool, workerId: string): Promise<void> {
  await pool.query(
    `insert into worker_heartbeats (worker_id) values ($1)
     on conflict (worker_id) do update set seen_at = now()`,
    [workerId],
  )
}

/**
 * Frees the jobs of dead workers. The age of the lock counts too: a pool may take its first job a moment before
 * its first heartbeat is written.
 */
export async function releaseDead(pool: Pool): Promise<void> {
  await pool.query(
    `with locks as (
       select locked_by, locked_at from graphile_worker._private_jobs where locked_by is not null
       union all
       select locked_by, locked_at from graphile_worker._private_job_queues where locked_by is not null
     ), dead as (
       select locked_by from locks
       where locked_at < now() - make_interval(secs => $1)
         and not exists (
           select from worker_heartbeats
           where worker_id = locked_by and seen_at > now() - make_interval(secs => $1)
         )
     )
     select graphile_worker.force_unlock_workers(array_agg(locked_by)) from dead`,
    [LEASE_SECONDS],
  )
  await pool.query(`delete from worker_heartbeats where seen_at < now() - interval '1 day'`)
}

/** Frees every job. Only right where nobody else can be working. */
export async function releaseAll(pool: Pool): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array_agg(locked_by)) from (
       select locked_by from graphile_worker._private_jobs where locked_by is not null
       union
       select locked_by from graphile_worker._private_job_queues where locked_by is not null
     ) locks`,
  )
  await pool.query('delete from worker_heartbeats')
}

/** Frees what a pool of workers still holds after it ended. */
export async function releaseOwn(pool: Pool, workerId: string): Promise<void> {
  await pool.query('select graphile_worker.force_unlock_workers(array[$1::text])', [workerId])
  await pool.query('delete from worker_heartbeats where worker_id = $1', [workerId])
}
