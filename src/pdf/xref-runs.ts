import type { Budget } from './budget.ts'
import { damaged, overLimit } from './pdf-error.ts'

/** Entries of neighbouring objects; `at` is where the first of them starts and `width` how long each is, in bytes. */
export type Run = { readonly first: number; readonly count: number; readonly at: number; readonly width: number }

/** The runs of one cross-reference section while it is read. */
export class XrefRuns {
  readonly #budget: Budget
  readonly #runs: Run[] = []
  #sorted: readonly Run[] | undefined

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Adds a run; an empty one costs like any other and says nothing. Throws `pdf.limit`. */
  add(run: Run): void {
    const { objectNumber } = this.#budget.limits
    if (run.first + run.count > objectNumber + 1) overLimit('object_number', objectNumber)
    this.#budget.spend('runs', 1)
    if (run.count > 0) this.#runs.push(run)
  }

  /** First number and count of each run, in the order of the file. */
  get ranges(): (readonly [first: number, count: number])[] {
    return this.#runs.map(({ first, count }) => [first, count] as const)
  }

  /**
   * No more runs follow. Throws `pdf.damaged` when an object has two entries (ISO 32000-2 7.5.4): readers would
   * disagree on which of them counts.
   */
  close(): void {
    const sorted = this.#runs.toSorted((a, b) => a.first - b.first)
    let free = 0
    for (const { first, count } of sorted) {
      if (first < free) damaged('xref', 'a cross-reference section has an object twice')
      free = first + count
    }
    this.#sorted = sorted
  }

  /** The run that has the entry of an object, found by halving. */
  find(number: number): Run | undefined {
    const sorted = this.#sorted ?? []
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle]?.first ?? 0) <= number) low = middle + 1
      else high = middle
    }
    const run = sorted[low - 1]
    return run && number < run.first + run.count ? run : undefined
  }
}
