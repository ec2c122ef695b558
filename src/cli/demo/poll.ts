import { setTimeout as sleep } from 'node:timers/promises'
import { Refused } from '../errors.ts'

const PATIENCE_MS = 30_000
const PAUSE_MS = 50

/** Asks again until there is an answer. `what` names it in the message when none comes. @throws Refused */
export async function poll<Result>(what: string, ask: () => Promise<Result | undefined>): Promise<Result> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const result = await ask()
    if (result !== undefined) return result
    await sleep(PAUSE_MS)
  }
  throw new Refused('demo.too_slow', `${what} did not come within ${PATIENCE_MS / 1000} seconds.`)
}
