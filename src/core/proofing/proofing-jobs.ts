import { z } from 'zod'
import { declareJob } from '../../db/index.ts'

/** Asks the provider how a session stands and, when it has ended, decides. */
export const concludeProofingJob = declareJob(
  'proofing.conclude',
  z.object({ tenantId: z.string(), proofingId: z.string() }),
)
