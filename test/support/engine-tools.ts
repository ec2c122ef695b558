import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Bytes } from '../../src/std/bytes.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'

export type Tool = 'pdfsig' | 'qpdf' | 'openssl' | 'pdftotext' | 'pdftoppm'

const flags: Readonly<Record<Tool, string>> = {
  pdfsig: '-v',
  qpdf: '--version',
  openssl: 'version',
  pdftotext: '-v',
  pdftoppm: '-v',
}

/** The tools that this machine lacks. */
const missing = new Set(Object.entries(flags).flatMap(([tool, flag]) => (spawnSync(tool, [flag]).error ? [tool] : [])))

export function hasTool(tool: Tool): boolean {
  return !missing.has(tool)
}

/** For the name of a test: which of these tools are not there and so did not judge. */
export function skippedTools(...tools: readonly Tool[]): string {
  const gone = tools.filter((tool) => !hasTool(tool))
  return gone.length === 0 ? '' : ` (skipped: there is no ${gone.join(', no ')})`
}

export type Said = { readonly code: number; readonly out: Buffer; readonly text: string }

/** Runs a tool to its end. `text` is all that it says, on both channels. */
export async function run(tool: Tool, args: readonly string[]): Promise<Said> {
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, problems, [code]] = await Promise.all([buffer(child.stdout), buffer(child.stderr), once(child, 'exit')])
  return { code: Number(code), out, text: `${out.toString('utf8')}${problems.toString('utf8')}` }
}

/** A folder in which files get names of their own. */
export type Desk = {
  /** Writes a file and gives its path. */
  put(bytes: Bytes | string, ending: string): Promise<string>
  remove(): Promise<void>
}

export async function openDesk(): Promise<Desk> {
  const folder = await makeTemporaryDirectory('engine')
  let count = 0
  return {
    async put(bytes, ending) {
      const path = join(folder.path, `${++count}.${ending}`)
      await writeFile(path, bytes)
      return path
    },
    remove: () => folder.remove(),
  }
}
