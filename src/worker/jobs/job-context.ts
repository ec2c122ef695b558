import { type Context, openTenant, type Platform } from '../../core/index.ts'
import type { JobContext } from '../handler.ts'

/** The context in which a job calls a use case: the company that it was enqueued for, and the job as actor. */
export async function contextOfJob(
  platform: Platform,
  tenantId: string,
  task: string,
  job: JobContext,
): Promise<Context> {
  return await openTenant(platform, tenantId, {
    actor: { kind: 'system', id: task },
    facade: 'job',
    requestId: `job-${job.jobId}-${job.attempt}`,
  })
}
