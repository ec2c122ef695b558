import { createSHA256 } from 'hash-wasm'
import type { Bytes } from '../../std/bytes.ts'

/**
 * Where a SHA-256 stands after some bytes. Plain bytes: it can be kept, and gone on from as often as one likes.
 * It may hold up to 63 of the hashed bytes, so it is as confidential as they are.
 */
export type Sha256State = Bytes

/** A SHA-256 whose state can be taken out and put back, which that of Node cannot. */
export type ResumableSha256 = {
  /** The state before the first byte. */
  readonly start: Sha256State
  /** The state after further bytes; the one that is given stays good. Throws for what is no state of this build. */
  after(state: Sha256State, bytes: Bytes): Sha256State
  /** Lower-case hexadecimal. Throws for what is no state of this build. */
  digest(state: Sha256State): string
}

let loading: Promise<ResumableSha256> | undefined

/** The one of this process, compiled by the first call. */
export function resumableSha256(): Promise<ResumableSha256> {
  loading ??= load()
  return loading
}

/** Every call puts its state in and takes it out in one go, so that all can share one instance. */
async function load(): Promise<ResumableSha256> {
  const hasher = await createSHA256()
  return {
    start: hasher.init().save(),
    after: (state, bytes) => hasher.load(state).update(bytes).save(),
    digest: (state) => hasher.load(state).digest(),
  }
}
