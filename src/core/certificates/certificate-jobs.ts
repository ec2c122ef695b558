import { z } from 'zod'
import { declareJob } from '../../db/index.ts'

/** Issues the certificate of a person whose identity was proven. */
export const issueCertificateJob = declareJob(
  'certificate.issue',
  z.object({ tenantId: z.string(), personId: z.string() }),
)
