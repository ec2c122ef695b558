import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { Bytes } from '../../std/bytes.ts'

/* The main module of the thread that hashes. */

/** Parts of a file (from, to), and the bytes that follow them. */
export type HashJob = {
  readonly path: string
  readonly algorithm: 'sha256' | 'sha384' | 'sha512'
  readonly ranges: readonly (readonly [from: number, to: number])[]
  readonly after: readonly Bytes[]
}

export type HashAnswer = { readonly digest: Bytes } | { readonly missing: true } | { readonly failure: unknown }

const CHUNK_BYTES = 1 << 20

parentPort?.on('message', ({ id, job }: { id: number; job: HashJob }) => {
  parentPort?.postMessage({ id, answer: answerTo(job) })
})

function answerTo(job: HashJob): HashAnswer {
  try {
    return hashed(job)
  } catch (failure) {
    return { failure }
  }
}

function hashed({ path, algorithm, ranges, after }: HashJob): HashAnswer {
  const file = openSync(path, 'r')
  try {
    const hash = createHash(algorithm)
    for (const [from, to] of ranges) if (!addRange(hash, file, from, to)) return { missing: true }
    for (const bytes of after) hash.update(bytes)
    return { digest: hash.digest() }
  } finally {
    closeSync(file)
  }
}

/** False when the file ends before the range does. */
function addRange(hash: Hash, file: number, from: number, to: number): boolean {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = from; at < to; ) {
    const count = readSync(file, buffer, 0, Math.min(CHUNK_BYTES, to - at), at)
    if (count === 0) return false
    hash.update(buffer.subarray(0, count))
    at += count
  }
  return true
}
