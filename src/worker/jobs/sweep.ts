import { type Platform, sweep, sweepJob } from '../../core/index.ts'
import { handles, type JobHandlers } from '../handler.ts'

export function sweeping(platform: Platform): JobHandlers {
  return handles(sweepJob, () => sweep(platform))
}
