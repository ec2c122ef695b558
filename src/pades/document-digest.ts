import { createHash, type Hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Source } from '../pdf/index.ts'
import type { DigestAlgorithm } from '../pki/index.ts'
import type { Bytes } from '../std/bytes.ts'

/** A digest that may be fed further, and copied at any point. `Hash` of node is one. */
export type RunningDigest = {
  update(data: Bytes): unknown
  digest(): Bytes
  copy(): RunningDigest
}

/** The state of a digest after the bytes of a document: each copy goes on from there. */
export type PrefixDigest = Pick<RunningDigest, 'copy'>

/** Hashed at a stretch: about 2 ms, which other requests can wait. */
const CHUNK_BYTES = 1 << 22
/** Read at a time: small enough to lie in the cache of the processor when it is hashed. */
const BUFFER_BYTES = 1 << 18

/**
 * The state of a digest after the first `size` bytes of a document, which are the same for every signature to come:
 * keep it, and the document is never read again. Gives way to other work between chunks.
 */
export async function hashPrefix(source: Source, algorithm: DigestAlgorithm, size = source.size): Promise<Hash> {
  const hash = createHash(algorithm)
  await hashRange(hash, source, 0, size)
  return hash
}

/** The digest of parts of a document, followed by further bytes. */
export async function digestOf(
  source: Source,
  algorithm: DigestAlgorithm,
  ranges: readonly (readonly [from: number, to: number])[],
  after: readonly Bytes[] = [],
): Promise<Bytes> {
  if (source.digest) return await source.digest(algorithm, ranges, after)
  const hash = createHash(algorithm)
  for (const [from, to] of ranges) await hashRange(hash, source, from, to)
  for (const bytes of after) hash.update(bytes)
  return hash.digest()
}

/** The digest of the whole document followed by further bytes; `prefix` is its state after the document. */
export async function digestAfter(
  source: Source,
  algorithm: DigestAlgorithm,
  after: readonly Bytes[],
  prefix?: PrefixDigest,
): Promise<Bytes> {
  if (!prefix) return await digestOf(source, algorithm, [[0, source.size]], after)
  const hash = prefix.copy()
  for (const bytes of after) hash.update(bytes)
  return hash.digest()
}

/** Adds the bytes from `start` to `end`, or to the end of the document. */
async function hashRange(hash: Hash, source: Source, start: number, end: number): Promise<void> {
  const last = Math.min(end, source.size)
  const read = readerOf(source)
  for (let at = start; at < last; at += CHUNK_BYTES) {
    if (at > start) await setImmediate()
    const stop = Math.min(at + CHUNK_BYTES, last)
    for (let from = at; from < stop; from += BUFFER_BYTES) hash.update(read(from, Math.min(BUFFER_BYTES, stop - from)))
  }
}

/** The memory that all documents are read into for a digest: nothing waits between reading and hashing. */
let readBuffer: Buffer | undefined

function readerOf(source: Source): Source['read'] {
  if (!source.readInto) return (offset, length) => source.read(offset, length)
  readBuffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES)
  const buffer = readBuffer
  return (offset, length) => {
    const wanted = buffer.subarray(0, length)
    source.readInto?.(wanted, offset)
    return wanted
  }
}
