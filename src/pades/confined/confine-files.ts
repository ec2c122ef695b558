import { Confinement, type ConfinementOptions } from './confinement.ts'
import type { jobs } from './jobs.ts'

/** Looks at files from outside, each in a process that can be ended. */
export type FileConfinement = Confinement<typeof jobs>

/** The processes start with the first job; `close` ends them. */
export function confineFiles(options: Omit<ConfinementOptions, 'main'> = {}): FileConfinement {
  return new Confinement({ ...options, main: new URL('./file-jobs-main.ts', import.meta.url) })
}
