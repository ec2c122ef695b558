import { ConfinedChild } from './confined-child.ts'
import type { Confined, JobInput, JobResult, JobTable } from './job-table.ts'

export type ConfinementOptions = {
  /** The main module of the processes, which calls `serveJobs`. */
  readonly main: URL
  /** How many jobs may run at a time. */
  readonly workers?: number
  /** How long a job may take, in milliseconds. */
  readonly timeMs?: number
  /** How much memory a process may have, in bytes. */
  readonly memoryBytes?: number
}

export type RunOptions = { readonly timeMs?: number }

const DEFAULTS = { workers: 1, timeMs: 3000, memoryBytes: 512 << 20 }

/**
 * Does work on files that nobody trusts in processes of their own: a file that takes all the time or memory there is,
 * or that breaks the engine, costs one process and nothing else. Processes are started when they are needed and kept
 * for the next job.
 */
export class Confinement<Jobs extends JobTable> {
  readonly #options: Required<ConfinementOptions>
  readonly #idle: ConfinedChild[] = []
  readonly #busy = new Set<ConfinedChild>()
  readonly #waiting: (() => void)[] = []
  #isClosed = false

  constructor(options: ConfinementOptions) {
    this.#options = { ...DEFAULTS, ...options }
  }

  /** Does a job, after those that were asked for before. Rejects only when the confinement is closed. */
  async run<Name extends keyof Jobs & string>(
    job: Name,
    input: JobInput<Jobs[Name]>,
    { timeMs = this.#options.timeMs }: RunOptions = {},
  ): Promise<Confined<JobResult<Jobs[Name]>>> {
    const child = await this.#take()
    try {
      return (await child.run({ job, input }, timeMs)) as Confined<JobResult<Jobs[Name]>>
    } finally {
      this.#giveBack(child)
    }
  }

  /** Ends all processes, and with them the jobs that run. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const wake of this.#waiting.splice(0)) wake()
    await Promise.all([...this.#idle, ...this.#busy].map((child) => child.kill()))
  }

  async #take(): Promise<ConfinedChild> {
    while (this.#busy.size >= this.#options.workers && !this.#isClosed) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      await promise
    }
    if (this.#isClosed) throw new Error('the confinement is closed')
    let child = this.#idle.pop()
    while (child?.isSpent) child = this.#idle.pop()
    const taken = child ?? new ConfinedChild(this.#options)
    this.#busy.add(taken)
    return taken
  }

  #giveBack(child: ConfinedChild): void {
    this.#busy.delete(child)
    if (!child.isSpent) this.#idle.push(child)
    this.#waiting.shift()?.()
  }
}
