import { z } from 'zod'
import { declareJob } from '../../db/index.ts'

/** Sends one queued message. */
export const deliverMessageJob = declareJob(
  'message.deliver',
  z.object({ tenantId: z.string(), messageId: z.string() }),
)
