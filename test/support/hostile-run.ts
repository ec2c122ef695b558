import { expect } from 'vitest'
import { CodedError } from '../../src/std/error.ts'
import { type Chance, chanceOf } from './hostile-mutations.ts'

/** Whether the long runs were asked for. */
export const isLong = process.env['CHANCERY_TEST_LONG'] === '1'

/** How long one case may take; one that another process held up is tried again. */
const CASE_MS = 1000
const SEED = 20_261_121

export type Run = {
  readonly name: string
  /** How many cases there are, and how many when the long run was asked for. */
  readonly count: number
  readonly long: number
  /** Does one case; gives a word that says what came of it. Refusals of the engine may be thrown. */
  readonly one: (chance: Chance) => string | Promise<string>
}

/**
 * Runs so many cases, each from a seed of its own that a failure names, and prints what came of them. A case fails by
 * an error that is none of the engine's, by taking longer than a second, or by an expectation of its own.
 */
export async function runCases({ name, count, long, one }: Run): Promise<Readonly<Record<string, number>>> {
  const outcomes: Record<string, number> = {}
  const total = isLong ? long : count
  const start = performance.now()
  for (let i = 0; i < total; i++) {
    const outcome = await timed(`${name}, seed ${SEED + i}`, () => one(chanceOf(SEED + i)))
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  const took = Math.round(performance.now() - start)
  process.stdout.write(`fuzz ${name}: ${total} cases from seed ${SEED} in ${took} ms, ${JSON.stringify(outcomes)}\n`)
  return outcomes
}

async function timed(name: string, work: () => string | Promise<string>): Promise<string> {
  for (let tries = 1; ; tries++) {
    const start = performance.now()
    const outcome = await codeOr(name, work)
    const took = performance.now() - start
    if (took < CASE_MS) return outcome
    if (tries === 3) expect.fail(`${name}: took ${Math.round(took)} ms`)
  }
}

async function codeOr(name: string, work: () => string | Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CodedError) return error.code
    throw new Error(`${name}: not an error of the engine`, { cause: error })
  }
}
