import { createHash } from 'node:crypto'
import { FileError } from '../../core/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { HashThread } from './hash-thread.ts'
import type { HashJob } from './hash-thread-main.ts'
import { type KeptState, readKeptStates } from './kept-states.ts'
import { type OpenObject, pieces, statesPathOf } from './open-object.ts'
import type { ResumableSha256 } from './sha256-state.ts'

type Ranges = HashJob['ranges']

/** More than this is not read between two requests, but on the thread. */
const MOST_READ_HERE_BYTES = 1 << 20

/** Digests of parts of one stored file: from the states that were kept where they help, else by reading. */
export class RangeDigest {
  readonly #file: OpenObject
  readonly #hash: ResumableSha256
  readonly #thread: HashThread
  #states: Promise<readonly KeptState[]> | undefined
  /** Sizes of the earlier states that were found to lead to this file. */
  readonly #proved = new Set<number>()

  constructor(file: OpenObject, hash: ResumableSha256, thread: HashThread) {
    this.#file = file
    this.#hash = hash
    this.#thread = thread
  }

  /** As `Source.digest`. Rejects with `files.corrupt` when a part of the file is missing. */
  async of(algorithm: HashJob['algorithm'], ranges: Ranges, after: readonly Bytes[]): Promise<Bytes> {
    const kept = algorithm === 'sha256' ? await this.#stateBefore(ranges) : undefined
    if (kept) return await this.#fromState(kept, ranges, after)
    const length = ranges.reduce((sum, [from, to]) => sum + to - from, 0)
    if (length > MOST_READ_HERE_BYTES)
      return await this.#thread.digest({ path: this.#file.path, algorithm, ranges, after })
    const hash = createHash(algorithm)
    for (const [from, to] of ranges) for await (const piece of this.#bytes(from, to)) hash.update(piece)
    for (const bytes of after) hash.update(bytes)
    return hash.digest()
  }

  /** The last state inside the first range from which little is left to read. */
  async #stateBefore([first]: Ranges): Promise<KeptState | undefined> {
    if (first?.[0] !== 0) return undefined
    const { path, size } = this.#file
    this.#states ??= readKeptStates(statesPathOf(path), this.#file, this.#hash)
    const kept = (await this.#states).findLast((state) => state.size <= first[1])
    if (!kept || size - kept.size > MOST_READ_HERE_BYTES) return undefined
    return (await this.#leadsHere(kept)) ? kept : undefined
  }

  /** True when the state, gone on with over the rest of the file, ends with the file's name: it is of these bytes. */
  async #leadsHere(kept: KeptState): Promise<boolean> {
    if (kept.size === this.#file.size || this.#proved.has(kept.size)) return true
    let { state } = kept
    for await (const piece of this.#bytes(kept.size, this.#file.size)) state = this.#hash.after(state, piece)
    if (this.#hash.digest(state) !== this.#file.sha256) return false
    this.#proved.add(kept.size)
    return true
  }

  async #fromState(kept: KeptState, [first, ...rest]: Ranges, after: readonly Bytes[]): Promise<Bytes> {
    let { state } = kept
    const left: Ranges = first ? [[kept.size, first[1]], ...rest] : rest
    for (const [from, to] of left)
      for await (const piece of this.#bytes(from, to)) state = this.#hash.after(state, piece)
    for (const bytes of after) state = this.#hash.after(state, bytes)
    return Buffer.from(this.#hash.digest(state), 'hex')
  }

  async *#bytes(from: number, to: number): AsyncGenerator<Buffer> {
    let at = from
    for await (const piece of pieces(this.#file.handle, from, to - from)) {
      yield piece
      at += piece.length
    }
    if (at < to) throw new FileError('files.corrupt', { sha256: this.#file.sha256 })
  }
}
