import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const LAUNCHER = fileURLToPath(new URL('../../chancery', import.meta.url))

export type Ended = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }

export type Running = {
  readonly child: ChildProcess
  /** What it has written to stdout up to now. */
  stdout(): string
  readonly ended: Promise<Ended>
}

/** Starts the command line as an operator does, with the settings given and no others of ours. */
export function startChancery(words: readonly string[], settings: Readonly<Record<string, string>> = {}): Running {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:CHANCERY_|DATABASE_URL|VITEST|NODE_OPTIONS|FORCE_COLOR)/.test(name),
  )
  const child = spawn(LAUNCHER, words, {
    env: { ...Object.fromEntries(own), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode, stdout, stderr }))
  return { child, stdout: () => stdout, ended }
}

/** Runs a command to its end. */
export async function chancery(words: readonly string[], settings?: Readonly<Record<string, string>>): Promise<Ended> {
  return await startChancery(words, settings).ended
}
