import { sql } from 'kysely'
import type { ZodType } from 'zod'
import type { Tx } from './database.ts'

/** A kind of job: its name in the queue and what it carries. Declared apart from the code that does it. */
export type JobDeclaration<Payload> = {
  readonly name: string
  readonly payload: ZodType<Payload>
}

/** Declares a kind of job. The name is stored with waiting jobs: renaming one loses them. */
export function declareJob<Payload>(name: string, payload: ZodType<Payload>): JobDeclaration<Payload> {
  return { name, payload }
}

export type NewJob<Payload> = {
  readonly task: JobDeclaration<Payload>
  /** Stored as JSON, readable to who reads the database: identifiers, never secrets or personal data. */
  readonly payload: Payload
  /** Not before this moment; at once when missing. */
  readonly runAt?: Date
  /** A waiting job with the same key is replaced by this one. */
  readonly jobKey?: string
  /** Runs at most, the first included; 5 when missing. Waits e, e², e³ … seconds between them. */
  readonly maxAttempts?: number
}

const DEFAULT_ATTEMPTS = 5

/** Adds a job that becomes visible when the transaction commits, and never if it does not. */
export async function enqueue<Schema, Payload>(tx: Tx<Schema>, job: NewJob<Payload>): Promise<void> {
  const payload = JSON.stringify(job.task.payload.parse(job.payload))
  await sql`
    select graphile_worker.add_job(
      identifier => ${job.task.name}::text,
      payload => ${payload}::json,
      run_at => ${job.runAt ?? null}::timestamptz,
      job_key => ${job.jobKey ?? null}::text,
      max_attempts => ${job.maxAttempts ?? DEFAULT_ATTEMPTS}::smallint
    )`.execute(tx)
}
