import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Confined, JobReply, JobRequest } from './job-table.ts'

const MEBIBYTE = 1 << 20
/** A process that does not come up in this time never will. */
const START_MS = 15_000
const SAID_BYTES = 4096

export type ChildOptions = {
  /** The main module of the process, which calls `serveJobs`. */
  readonly main: URL
  /** The most memory that the process may have, in bytes. */
  readonly memoryBytes: number
}

/** A process that does one job at a time, and that can be ended at any moment without harm to anybody else. */
export class ConfinedChild {
  readonly #process: ChildProcess
  readonly #memoryBytes: number
  readonly #ready: Promise<unknown>
  #said = ''
  #isOver = false
  #isLate = false
  #isUnwanted = false
  #settle: ((reply: JobReply | undefined) => void) | undefined

  constructor({ main, memoryBytes }: ChildOptions) {
    this.#memoryBytes = memoryBytes
    this.#process = fork(main, [String(memoryBytes)], {
      // It reads files and computes: no other variable, file or process is any of its business.
      env: {},
      execArgv: [
        `--max-old-space-size=${Math.ceil(memoryBytes / MEBIBYTE)}`,
        ...['--permission', '--allow-fs-read=*', '--allow-worker', '--no-warnings'],
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#process.stderr?.on('data', (text) => {
      this.#said = (this.#said + String(text)).slice(-SAID_BYTES)
    })
    this.#process.on('message', (reply) => this.#settle?.(reply as JobReply))
    // After `close` everything that it said has been read.
    this.#process.on('close', () => this.#end())
    this.#process.on('error', () => this.#end())
    this.#ready = this.#reply(START_MS)
  }

  /** True when the process has ended. */
  get isSpent(): boolean {
    return this.#isOver
  }

  /**
   * Does a job; ends the process when it takes longer than `timeMs`, counted from when it can start. Rejects when
   * somebody else ends it.
   */
  async run(request: JobRequest, timeMs: number): Promise<Confined<unknown>> {
    this.#hold()
    await this.#ready
    const reply = await this.#reply(timeMs, request)
    this.#release()
    if (reply === undefined && this.#isUnwanted) throw new Error('the confinement was closed')
    if (reply === undefined) return { killed: this.#causeOfDeath() }
    if (reply.kind === 'ready') throw new Error('a child answered twice')
    // What one job left behind must not be counted against the next.
    if (reply.rssBytes > this.#memoryBytes / 2) await this.kill()
    return reply.kind === 'ok' ? { ok: reply.result } : { refused: reply.code, details: reply.details }
  }

  /** Ends the process; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#isOver) return
    this.#isUnwanted = true
    const gone = once(this.#process, 'close')
    this.#process.kill('SIGKILL')
    await gone
  }

  /** The next message, or undefined when the process ends first, which it does after `timeMs` at the latest. */
  #reply(timeMs: number, request?: JobRequest): Promise<JobReply | undefined> {
    if (this.#isOver) return Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<JobReply | undefined>()
    const timer = setTimeout(() => {
      this.#isLate = true
      this.#process.kill('SIGKILL')
    }, timeMs)
    this.#settle = (reply) => {
      this.#settle = undefined
      clearTimeout(timer)
      resolve(reply)
    }
    // The answer to a failure to send is that the process has ended.
    if (request) this.#process.send(request, () => undefined)
    return promise
  }

  #end(): void {
    this.#isOver = true
    this.#settle?.(undefined)
  }

  #causeOfDeath(): 'time' | 'memory' | 'crash' {
    if (this.#isLate) return 'time'
    // The watch in the child, and the system when it has no more, end it like this.
    if (this.#process.signalCode === 'SIGKILL') return 'memory'
    return /heap out of memory|Array buffer allocation failed/.test(this.#said) ? 'memory' : 'crash'
  }

  /** A process that has something to do keeps this one alive. */
  #hold(): void {
    this.#process.ref()
    this.#process.channel?.ref()
  }

  #release(): void {
    this.#process.unref()
    this.#process.channel?.unref()
  }
}
