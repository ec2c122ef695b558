import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Company, Insight, Row } from './serving-insight.ts'

const PROGRAM = fileURLToPath(new URL('./serving-process-main.ts', import.meta.url))

/** What a parent asks its server. */
export type Question = { readonly id: number } & (
  | { readonly ask: 'company'; readonly name: string }
  | { readonly ask: 'code'; readonly company: Company; readonly to: string }
  | { readonly ask: 'rows'; readonly text: string }
)

export type Said =
  | { readonly address: string }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: string }

type Asked = Question extends infer Each ? (Each extends Question ? Omit<Each, 'id'> : never) : never

/** The whole server as a process of its own. */
export type ServingProcess = {
  readonly address: string
  readonly insight: Insight
  makeCompany(name: string): Promise<Company>
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** The end of what it logged: warnings and errors. */
  log(): string
}

const KEPT_LOG = 20_000

/** Starts one and waits until it listens. @throws with its log when it ends instead */
export async function serveInProcess(dataDirectory: string, port: number): Promise<ServingProcess> {
  const child = fork(PROGRAM, [dataDirectory, String(port)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const log = collect(child)
  const ended = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), ended])
  const { address } = first[0] !== null && typeof first[0] === 'object' ? first[0] : { address: undefined }
  if (typeof address !== 'string') throw new Error(`the server did not start:\n${log()}`)
  const ask = questioner(child)
  return {
    address,
    log,
    insight: {
      codeSentTo: async (company, to) => (await ask({ ask: 'code', company, to })) as string,
      rows: async (text) => (await ask({ ask: 'rows', text })) as readonly Row[],
    },
    makeCompany: async (name) => (await ask({ ask: 'company', name })) as Company,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  const add = (part: Buffer): void => {
    text = (text + part.toString('utf8')).slice(-KEPT_LOG)
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return () => text
}

/** Asks and waits for the answer with the same number; a process that ends answers nothing more. */
function questioner(child: ChildProcess): (question: Asked) => Promise<unknown> {
  const waiting = new Map<number, (said: Said) => void>()
  let next = 0
  child.on('message', (said: Said) => {
    if ('id' in said) waiting.get(said.id)?.(said)
  })
  child.once('exit', () => {
    for (const [id, tell] of waiting) tell({ id, failure: 'the server ended' })
  })
  return async (question) => {
    const id = next++
    const { promise, resolve } = Promise.withResolvers<Said>()
    waiting.set(id, resolve)
    if (child.connected) child.send({ ...question, id })
    else resolve({ id, failure: 'the server ended' })
    const said = await promise
    waiting.delete(id)
    if ('result' in said) return said.result
    throw new Error('failure' in said ? said.failure : 'the server answered nothing')
  }
}
