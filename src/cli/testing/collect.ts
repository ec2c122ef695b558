import { Writable } from 'node:stream'
import type { ListedCommand } from '../command.ts'
import { NotOpened } from '../errors.ts'
import type { ExitCode } from '../exit-code.ts'
import { run } from '../run.ts'
import type { Tools } from '../tools.ts'

const nowhere = async (): Promise<never> => {
  throw new NotOpened('data.missing', 'There is nothing to open here.')
}

/** Tools of a machine without an installation. */
export const noTools: Tools = {
  installation: async () => ({
    dataDirectory: '/nowhere',
    embedded: true,
    masterKeyFile: '/nowhere/master.key',
    exists: false,
    address: undefined,
    publicUrl: 'http://localhost',
  }),
  open: nowhere,
  serve: nowhere,
  facades: async () => ['sponsored'],
  describe: async (name) => (name === 'sponsored' ? { openapi: '3.1.0' } : undefined),
  samples: { contract: '/nowhere/contract.pdf' },
  migrations: '/nowhere',
  version: '1.2.3',
  isDebugging: async () => false,
}

export type Ran = { readonly exitCode: ExitCode; readonly stdout: string; readonly stderr: string }

/** Runs a command line and keeps what it printed. */
export async function collect(
  commands: readonly ListedCommand[],
  words: readonly string[],
  tools = noTools,
): Promise<Ran> {
  const [stdout, stderr] = [new Collector(), new Collector()]
  const exitCode = await run(commands, tools, words, { stdout, stderr })
  return { exitCode, stdout: stdout.text, stderr: stderr.text }
}

class Collector extends Writable {
  text = ''

  override _write(piece: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += piece.toString('utf8')
    done()
  }
}
