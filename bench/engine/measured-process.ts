import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Contestant } from '../measure.ts'
import type { ContenderName, Order, Weight } from './contender.ts'
import { onMeasuredCore } from './cores.ts'
import type { Stand } from './stand.ts'
import type { World } from './world.ts'

const PROGRAM = fileURLToPath(new URL('../contender-main.ts', import.meta.url))

/** A contender in a process of its own, on the core that is measured. */
export type MeasuredProcess = {
  readonly cases: readonly string[]
  /** The rate of one case; `label` is what tables call it. */
  contestant(name: string, label?: string): Contestant
  weigh(): Promise<Weight>
  stop(): Promise<void>
}

/** Starts a contender and waits until it is ready. */
export async function startContender(
  name: ContenderName,
  world: World,
  { codeCache }: Pick<Stand, 'codeCache'>,
): Promise<MeasuredProcess> {
  const [program, ...before] = onMeasuredCore(process.execPath)
  const child = spawn(program, [...before, PROGRAM], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_COMPILE_CACHE: codeCache },
  })
  const cases = (await ask(child, { do: 'set up', name, world })) as readonly string[]
  return {
    cases,
    contestant: (wanted, label = `${name}: ${wanted}`) => ({
      name: label,
      round: async (forMs) => (await ask(child, { do: 'round', name: wanted, forMs })) as number,
    }),
    weigh: async () => (await ask(child, { do: 'weigh' })) as Weight,
    async stop() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

async function ask(child: ChildProcess, order: Order): Promise<unknown> {
  child.send(order)
  const died = new AbortController()
  const end = () => died.abort(new Error('a measured process ended before its answer'))
  child.once('exit', end)
  try {
    const [{ answer }] = (await once(child, 'message', { signal: died.signal })) as [{ readonly answer: unknown }]
    return answer
  } finally {
    child.off('exit', end)
  }
}
