import { concludeProofing, concludeProofingJob, type Platform, type ProofingId } from '../../core/index.ts'
import { handles, type JobHandlers } from '../handler.ts'
import { contextOfJob } from './job-context.ts'

export function concludingProofings(platform: Platform): JobHandlers {
  return handles(concludeProofingJob, async ({ tenantId, proofingId }, job) => {
    const context = await contextOfJob(platform, tenantId, concludeProofingJob.name, job)
    await concludeProofing(context, proofingId as ProofingId)
  })
}
