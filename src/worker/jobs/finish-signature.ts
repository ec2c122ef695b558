import {
  DomainError,
  type ErrorCode,
  finishSignature,
  finishSignatureJob,
  type IntentId,
  type Platform,
} from '../../core/index.ts'
import { handles, type JobHandlers } from '../handler.ts'
import { contextOfJob } from './job-context.ts'

/** How a signature that was given up answers. */
const GIVEN_UP: ReadonlySet<ErrorCode> = new Set(['signing.failed', 'certificate.not_active'])

export function finishingSignatures(platform: Platform): JobHandlers {
  return handles(finishSignatureJob, async ({ tenantId, intentId }, job) => {
    const context = await contextOfJob(platform, tenantId, finishSignatureJob.name, job)
    try {
      await finishSignature(context, intentId as IntentId)
    } catch (error) {
      // Given up for good: the intent says why, and trying again would change nothing.
      if (!(error instanceof DomainError) || !GIVEN_UP.has(error.code)) throw error
    }
  })
}
