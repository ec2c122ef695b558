import { Worker } from 'node:worker_threads'
import { FileError } from '../../core/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { HashAnswer, HashJob } from './hash-thread-main.ts'

type Waiting = {
  readonly path: string
  readonly resolve: (digest: Bytes) => void
  readonly reject: (error: Error) => void
}

/**
 * Hashes large parts of files on a thread of its own, one job after the other, so that the event loop goes on. The
 * thread starts with the first job; while it has none, it keeps no process alive and need not be closed.
 */
export class HashThread {
  #worker: Worker | undefined
  #count = 0
  readonly #waiting = new Map<number, Waiting>()

  /** The digest of the parts of a file followed by further bytes. Rejects with `files.corrupt` when a part is missing. */
  digest(job: HashJob): Promise<Bytes> {
    const { promise, resolve, reject } = Promise.withResolvers<Bytes>()
    const worker = this.#started()
    const id = this.#count++
    this.#waiting.set(id, { path: job.path, resolve, reject })
    worker.ref()
    worker.postMessage({ id, job })
    return promise
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./hash-thread-main.ts', import.meta.url))
    worker.on('message', ({ id, answer }: { id: number; answer: HashAnswer }) => this.#settle(id, answer))
    // Of whatever it died: who waits is told, and the next job gets a new one.
    worker.on('error', (error) => this.#end(worker, error))
    worker.on('exit', () => this.#end(worker, new Error('the thread that hashes has ended')))
    this.#worker = worker
    return worker
  }

  #settle(id: number, answer: HashAnswer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) this.#worker?.unref()
    if ('digest' in answer) waiting?.resolve(answer.digest)
    else if ('missing' in answer) waiting?.reject(new FileError('files.corrupt'))
    else waiting?.reject(new Error('a file could not be hashed', { cause: answer.failure }))
  }

  #end(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    const cause = error instanceof Error ? error : new Error('the thread that hashes failed', { cause: error })
    for (const { reject } of this.#waiting.values()) reject(cause)
    this.#waiting.clear()
  }
}
