import type { World } from './world.ts'

/** One thing to be measured. */
export type Case = {
  readonly work: () => unknown
  /** Puts back what the work changed, outside of the measured time. */
  readonly reset?: () => unknown
  /** How many things one call of `work` does; one unless told. */
  readonly count?: number
}

/** The cases of a contender by their names. */
export type Cases = Readonly<Record<string, Case>>

export type Contender = (world: World) => Cases | Promise<Cases>

export const contenders = [
  'bare-keys',
  'levels',
  'libpdf',
  'signpdf',
  'documents',
  'kept-prefix',
  'in-place',
  'plain-hash',
] as const
export type ContenderName = (typeof contenders)[number]

/** Told to a measured process, one at a time. */
export type Order =
  | { readonly do: 'set up'; readonly name: ContenderName; readonly world: World }
  | { readonly do: 'round'; readonly name: string; readonly forMs: number }
  | { readonly do: 'weigh' }

/** Resident memory of a process in bytes: when everything was loaded and nothing done, and the most so far. */
export type Weight = { readonly loaded: number; readonly peak: number }

/**
 * Does the work until as much time went into it as it is told, at least once.
 * @returns how much was done per second of work
 */
export async function workFor(forMs: number, { work, reset, count = 1 }: Case): Promise<number> {
  let done = 0
  let spentMs = 0
  do {
    const begun = performance.now()
    await work()
    spentMs += performance.now() - begun
    done += count
    if (reset) await reset()
  } while (spentMs < forMs)
  return (done * 1000) / spentMs
}
