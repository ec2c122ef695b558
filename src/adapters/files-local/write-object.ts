import { createHash } from 'node:crypto'
import { chmod, type FileHandle, open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { FileError } from '../../core/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { KeptState } from './kept-states.ts'
import { pieces } from './open-object.ts'
import type { ResumableSha256, Sha256State } from './sha256-state.ts'

/** Hashed at a stretch: about 2 ms. */
const CHUNK_BYTES = 1 << 20

/**
 * Writes a stream to a new file and waits until it is on the disk. Throws `files.too_large` as soon as the limit is
 * passed, and what the stream throws.
 */
export async function writeObject(
  path: string,
  stream: AsyncIterable<Bytes>,
  maxBytes: number,
  hash: ResumableSha256,
): Promise<KeptState> {
  const handle = await open(path, 'wx', 0o600)
  try {
    const digest = new CheckedSha256(hash)
    for await (const piece of stream) {
      digest.update(piece)
      if (digest.size > maxBytes) throw new FileError('files.too_large', { maxBytes })
      await handle.writeFile(piece)
    }
    await handle.sync()
    return digest.end()
  } finally {
    await handle.close()
  }
}

/**
 * Adds a tail to the copy of a stored file and waits until it is on the disk. Gives the states of the base with that
 * of the whole. With a state of the base its bytes are not read: what became of them on the disk is found by whoever
 * reads the result. Without one they are, and `files.corrupt` is thrown when they are not those of the name.
 */
export async function extendObject(
  path: string,
  base: string,
  tail: Bytes,
  { hash, states }: { readonly hash: ResumableSha256; readonly states: readonly KeptState[] },
): Promise<readonly KeptState[]> {
  // The copy has the mode of the base, which nobody may write to.
  await chmod(path, 0o600)
  const handle = await open(path, 'r+')
  try {
    const { size } = await handle.stat()
    const known = states.length > 0 ? states : [await readThrough(handle, size, hash)]
    const last = known.at(-1)
    if (last?.sha256 !== base || last.size !== size) throw new FileError('files.corrupt', { sha256: base })
    await writeAt(handle, tail, size)
    await handle.sync()
    const state = await continued(hash, last.state, tail)
    return [...known, { size: size + tail.length, sha256: hash.digest(state), state }]
  } finally {
    await handle.close()
  }
}

async function readThrough(handle: FileHandle, size: number, hash: ResumableSha256): Promise<KeptState> {
  const digest = new CheckedSha256(hash)
  for await (const piece of pieces(handle, 0, size)) digest.update(piece)
  return digest.end()
}

/** Gives way to other work between chunks. */
async function continued(hash: ResumableSha256, from: Sha256State, tail: Bytes): Promise<Sha256State> {
  let state = from
  for (let at = 0; at < tail.length; at += CHUNK_BYTES) {
    if (at > 0) await setImmediate()
    state = hash.after(state, tail.subarray(at, at + CHUNK_BYTES))
  }
  return state
}

async function writeAt(handle: FileHandle, bytes: Bytes, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** A digest whose state is kept, computed twice: what signatures are built upon rests on no single implementation. */
class CheckedSha256 {
  readonly #hash: ResumableSha256
  readonly #second = createHash('sha256')
  #state: Sha256State
  #size = 0

  constructor(hash: ResumableSha256) {
    this.#hash = hash
    this.#state = hash.start
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size
  }

  update(piece: Bytes): void {
    this.#size += piece.length
    this.#second.update(piece)
    this.#state = this.#hash.after(this.#state, piece)
  }

  end(): KeptState {
    const sha256 = this.#hash.digest(this.#state)
    if (this.#second.digest('hex') !== sha256) throw new Error('two implementations of SHA-256 disagree')
    return { size: this.#size, sha256, state: this.#state }
  }
}
