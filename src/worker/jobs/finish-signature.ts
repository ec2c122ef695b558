import { DomainError, finishSignature, finishSignatureJob, type IntentId, type Platform } from '../../core/index.ts'
import { handles, type JobHandlers } from '../handler.ts'
import { contextOfJob } from './job-context.ts'

export function finishingSignatures(platform: Platform): JobHandlers {
  return handles(finishSignatureJob, async ({ tenantId, intentId }, job) => {
    const context = await contextOfJob(platform, tenantId, finishSignatureJob.name, job)
    try {
      await finishSignature(context, intentId as IntentId)
    } catch (error) {
      // Given up for good: the intent says why, and trying again would change nothing.
      if (!(error instanceof DomainError) || error.code !== 'signing.failed') throw error
    }
  })
}
