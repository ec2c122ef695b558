import type { Limits } from './limits.ts'
import { overLimit } from './pdf-error.ts'

/** Limits that count over a whole document, whatever its parts are. */
export type Spendable = 'decodedBytes' | 'windowBytes' | 'packedObjects' | 'runs'

const NOTHING: Readonly<Record<Spendable, number>> = { decodedBytes: 0, windowBytes: 0, packedObjects: 0, runs: 0 }

const NAMES: Readonly<Record<Spendable, string>> = {
  decodedBytes: 'decoded_bytes',
  windowBytes: 'window_bytes',
  packedObjects: 'packed_objects',
  runs: 'xref_runs',
}

type Amounts = Record<Spendable, number>

/**
 * How often the limits may be spent by all states of one file together. Each state of a document that was signed many
 * times is read by itself, and a file may have a thousand of them.
 */
const STATES = 10

/**
 * What reading a document has cost so far. Parts of a file can overlap, so that each is small and all together are
 * not: only a count over the whole document holds the work down.
 */
export class Budget {
  readonly limits: Limits
  readonly #spent: Amounts
  /** Shared by all budgets that were forked from one. */
  readonly #spentByAll: Amounts

  constructor(limits: Limits, before?: { readonly spent: Readonly<Amounts>; readonly spentByAll: Amounts }) {
    this.limits = limits
    this.#spent = { ...NOTHING, ...before?.spent }
    this.#spentByAll = before?.spentByAll ?? { ...NOTHING }
  }

  /** How much of it is left. */
  left(what: Spendable): number {
    return this.limits[what] - this.#spent[what]
  }

  /** Counts before the work is done. Throws `pdf.limit`. */
  spend(what: Spendable, amount: number): void {
    this.#spent[what] += amount
    this.#spentByAll[what] += amount
    const limit = this.limits[what]
    if (this.#spent[what] > limit || this.#spentByAll[what] > STATES * limit) overLimit(NAMES[what], limit)
  }

  /** The budget of another state of the file: it goes on from here by itself, up to what all of them may spend. */
  fork(): Budget {
    return new Budget(this.limits, { spent: this.#spent, spentByAll: this.#spentByAll })
  }
}
