import { issueCertificate, issueCertificateJob, type PersonId, type Platform } from '../../core/index.ts'
import { handles, type JobHandlers } from '../handler.ts'
import { contextOfJob } from './job-context.ts'

export function issuingCertificates(platform: Platform): JobHandlers {
  return handles(issueCertificateJob, async ({ tenantId, personId }, job) => {
    const context = await contextOfJob(platform, tenantId, issueCertificateJob.name, job)
    await issueCertificate(context, personId as PersonId)
  })
}
