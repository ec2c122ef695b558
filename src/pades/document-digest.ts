import { createHash, type Hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Source } from '../pdf/index.ts'
import type { DigestAlgorithm } from '../pki/index.ts'

/** Hashed at a stretch: about 2 ms, which other requests can wait. */
const CHUNK_BYTES = 1 << 22

/**
 * The state of a digest after the first `size` bytes of a document, which are the same for every signature to come:
 * keep it, and the document is never read again. Gives way to other work between chunks.
 */
export async function hashPrefix(source: Source, algorithm: DigestAlgorithm, size = source.size): Promise<Hash> {
  const hash = createHash(algorithm)
  await hashRange(hash, source, 0, size)
  return hash
}

/** Adds the bytes from `start` to `end`. */
export async function hashRange(hash: Hash, source: Source, start: number, end: number): Promise<void> {
  for (let at = start; at < end; at += CHUNK_BYTES) {
    if (at > start) await setImmediate()
    hash.update(source.read(at, Math.min(CHUNK_BYTES, end - at)))
  }
}
