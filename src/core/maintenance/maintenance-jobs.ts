import { z } from 'zod'
import { declareJob } from '../../db/index.ts'

/** Removes what has had its day, and asks for itself again. */
export const sweepJob = declareJob('maintenance.sweep', z.object({}))
