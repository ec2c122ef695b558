import type { Limits } from './limits.ts'
import { overLimit } from './pdf-error.ts'

/** Limits that count over a whole document, whatever its parts are. */
export type Spendable = 'decodedBytes' | 'windowBytes' | 'packedObjects' | 'runs'

const NAMES: Readonly<Record<Spendable, string>> = {
  decodedBytes: 'decoded_bytes',
  windowBytes: 'window_bytes',
  packedObjects: 'packed_objects',
  runs: 'xref_runs',
}

/**
 * What reading a document has cost so far. Parts of a file can overlap, so that each is small and all together are
 * not: only a count over the whole document holds the work down.
 */
export class Budget {
  readonly limits: Limits
  readonly #spent: Record<Spendable, number>

  constructor(limits: Limits, spent?: Readonly<Record<Spendable, number>>) {
    this.limits = limits
    this.#spent = { decodedBytes: 0, windowBytes: 0, packedObjects: 0, runs: 0, ...spent }
  }

  /** How much of it is left. */
  left(what: Spendable): number {
    return this.limits[what] - this.#spent[what]
  }

  /** Counts before the work is done. Throws `pdf.limit`. */
  spend(what: Spendable, amount: number): void {
    this.#spent[what] += amount
    if (this.#spent[what] > this.limits[what]) overLimit(NAMES[what], this.limits[what])
  }

  /** A budget that goes on from here by itself. */
  fork(): Budget {
    return new Budget(this.limits, this.#spent)
  }
}
