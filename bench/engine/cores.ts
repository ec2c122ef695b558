import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** One core is measured; time-stamp authority and responder work on the others, where there are others. */
const MEASURED = '0'

/** False where processes cannot be pinned; then the figures are of all cores. */
export const isPinned = spawnSync('taskset', ['-c', MEASURED, 'true']).status === 0

/** The command that runs a program on the measured core alone. */
export function onMeasuredCore(program: string): readonly [string, ...string[]] {
  return isPinned ? ['taskset', '-c', MEASURED, program] : [program]
}

/** Keeps this process, and the processes that it starts from now on, off the measured core. */
export function leaveMeasuredCore(): void {
  const last = availableParallelism() - 1
  if (isPinned && last > 0) keepTo(`1-${last}`)
}

/** Lets this process run anywhere again. */
export function returnToAllCores(cores: number): void {
  if (isPinned) keepTo(`0-${cores - 1}`)
}

function keepTo(cores: string): void {
  spawnSync('taskset', ['-a', '-p', '-c', cores, String(process.pid)])
}
