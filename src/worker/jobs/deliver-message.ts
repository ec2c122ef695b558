import { deliverMessage, deliverMessageJob, type Platform } from '../../core/index.ts'
import { handles, type JobHandlers } from '../handler.ts'
import { contextOfJob } from './job-context.ts'

export function deliveringMessages(platform: Platform): JobHandlers {
  return handles(deliverMessageJob, async ({ tenantId, messageId }, job) => {
    await deliverMessage(await contextOfJob(platform, tenantId, deliverMessageJob.name, job), messageId)
  })
}
