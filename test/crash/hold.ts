import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const PROGRAM = fileURLToPath(new URL('./holder.ts', import.meta.url))

const Words = z.object({
  ready: z.boolean().optional(),
  refused: z.string().optional(),
  host: z.string().optional(),
  sentences: z.array(z.string()).optional(),
})

/** A process that holds a database open, and what it said of it. */
export type Holder = {
  readonly process: ChildProcess
  readonly said: z.infer<typeof Words>
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Starts one and waits until it is ready or refused. */
export async function hold(
  directory: string,
  role: 'server' | 'command',
  options: Pick<SpawnOptions, 'uid' | 'gid' | 'env'> = {},
): Promise<Holder> {
  const child = spawn(process.execPath, [PROGRAM, directory, role], { stdio: ['pipe', 'pipe', 'inherit'], ...options })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = await Promise.race([once(lines, 'line'), ended.then(() => ['{}'])])
  return {
    process: child,
    said: Words.parse(JSON.parse(String(line))),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
