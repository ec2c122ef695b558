import { z } from 'zod'
import { declareJob } from '../../db/index.ts'

/** Finishes a signature that was authorised, if whoever began it did not. */
export const finishSignatureJob = declareJob('signing.finish', z.object({ tenantId: z.string(), intentId: z.string() }))
