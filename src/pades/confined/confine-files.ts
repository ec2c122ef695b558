import { Confinement, type ConfinementOptions } from './confinement.ts'
import type { jobs } from './jobs.ts'

/** Looks at files from outside, each in a process that can be ended. */
export type FileConfinement = Confinement<typeof jobs>

/** The processes start with the first job; `close` ends them. */
export function confineFiles(options: Omit<ConfinementOptions, 'jobs'> = {}): FileConfinement {
  return new Confinement({ ...options, jobs: new URL('./jobs.ts', import.meta.url) })
}
