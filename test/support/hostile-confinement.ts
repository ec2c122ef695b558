import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { Confinement } from '../../src/pades/index.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import type { looks, Seen } from './hostile-looks.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** The most memory that a process may have that looks at a hostile file. */
const MEMORY_BYTES = 512 << 20
/** How long one look may take, unless a test says otherwise. */
const TIME_MS = 3000

type Looks = typeof looks
type Input<Look extends keyof Looks> = Omit<Parameters<Looks[Look]>[0], 'path'>
type Result<Look extends keyof Looks> = Awaited<ReturnType<Looks[Look]>>['result']

/** The dearest of all looks so far. */
export type Dearest = { tookMs: number; peakBytes: number }

export type HostileFiles = {
  /** Writes the bytes to a file and has a process of its own look at it, which must end well and in time. */
  look<Look extends keyof Looks>(look: Look, file: Bytes, input: Input<Look>, timeMs?: number): Promise<Result<Look>>
  readonly dearest: Dearest
}

/** For the top of a test file: everything is put away after its tests. */
export async function hostileFiles(name: string): Promise<HostileFiles> {
  const folder = await makeTemporaryDirectory(`hostile-${name}`)
  const main = new URL('hostile-looks.ts', import.meta.url)
  const confinement = new Confinement<Looks>({ main, timeMs: TIME_MS, memoryBytes: MEMORY_BYTES })
  const dearest: Dearest = { tookMs: 0, peakBytes: 0 }
  afterAll(async () => {
    await confinement.close()
    await folder.remove()
    const peak = Math.round(dearest.peakBytes / (1 << 20))
    process.stdout.write(`hostile ${name}: at most ${Math.round(dearest.tookMs)} ms and ${peak} MiB\n`)
  })
  let count = 0
  return {
    dearest,
    async look(look, file, input, timeMs = TIME_MS) {
      const path = join(folder.path, `${++count}.pdf`)
      writeFileSync(path, file)
      const ended = await confinement.run(look, { ...input, path } as never, { timeMs })
      if (!('ok' in ended)) throw new Error(`the process did not end well: ${JSON.stringify(ended)}`)
      const seen = ended.ok as Seen<unknown>
      dearest.tookMs = Math.max(dearest.tookMs, seen.tookMs)
      dearest.peakBytes = Math.max(dearest.peakBytes, seen.peakBytes)
      expect(seen.tookMs).toBeLessThan(timeMs)
      expect(seen.peakBytes).toBeLessThan(MEMORY_BYTES)
      return seen.result as Result<typeof look>
    },
  }
}
