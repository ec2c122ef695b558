import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'
import type { JobDeclaration } from '../db/jobs.ts'
import { CodedError } from '../std/error.ts'

/** What a handler is told of the job beside its payload. */
export type JobContext = {
  readonly jobId: string
  /** 1 for the first run. */
  readonly attempt: number
  readonly maxAttempts: number
  /** Aborted when the worker stops: finish soon, or throw and be run again later. */
  readonly signal: AbortSignal
  /**
   * Proves inside a transaction that the job is still ours, and keeps it so until the transaction ends. A worker
   * that slept through its lease has lost its job to another one: there the late commit must fail.
   *
   * @throws JobLost
   */
  fence<Schema>(tx: Tx<Schema>): Promise<void>
}

/** Does a job. May run more than once for the same job, also after it succeeded: effects are idempotent. */
export type JobHandler = (payload: unknown, context: JobContext) => Promise<void>

/** Handlers by the name of the declaration. */
export type JobHandlers = Readonly<Record<string, JobHandler>>

/** The job was given to another worker while this one was away. */
export class JobLost extends CodedError<'job.lost'> {
  constructor(jobId: string) {
    super('job.lost', 'The job belongs to another worker by now.', { jobId })
  }
}

/** Joins a declaration with the code that does it: `{ ...handles(sendMail, run), ...handles(…) }`. */
export function handles<Payload>(
  declaration: JobDeclaration<Payload>,
  run: (payload: Payload, context: JobContext) => Promise<void>,
): JobHandlers {
  return { [declaration.name]: (payload, context) => run(declaration.payload.parse(payload), context) }
}

/** The identity of one run of a job: the pool that took it, and the count of runs. */
export type Lease = { readonly jobId: string; readonly workerId: string; readonly attempt: number }

/** See `JobContext.fence`. The shared lock on the row makes who would take the job away wait. */
export async function fence<Schema>(tx: Tx<Schema>, { jobId, workerId, attempt }: Lease): Promise<void> {
  const { rows } = await sql`
    select 1 from graphile_worker._private_jobs
    where id = ${jobId}::bigint and locked_by = ${workerId} and attempts = ${attempt}::int
    for share`.execute(tx)
  if (rows.length === 0) throw new JobLost(jobId)
}
