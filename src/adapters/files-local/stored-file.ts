import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { FileError, type StoredFile } from '../../core/index.ts'
import { type OpenObject, pieces } from './open-object.ts'
import type { RangeDigest } from './range-digest.ts'

/** A stored file behind an open handle. */
export function storedFile({ handle, path, size, sha256 }: OpenObject, digests: RangeDigest): StoredFile {
  return {
    size,
    path,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)))
      let done = 0
      while (done < bytes.length) {
        const count = readSync(handle.fd, bytes, done, bytes.length - done, offset + done)
        if (count === 0) throw new FileError('files.corrupt', { sha256 })
        done += count
      }
      return bytes
    },
    digest: (algorithm, ranges, after) => digests.of(algorithm, ranges, after),
    stream(range) {
      if (!range) return verified(handle, size, sha256)
      requireInside(size, range.offset, range.length)
      return pieces(handle, range.offset, range.length)
    },
    close: () => handle.close(),
  }
}

function requireInside(size: number, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
  if (!whole || offset + length > size) throw new RangeError(`bytes ${offset} + ${length} of a file of ${size}`)
}

async function* verified(handle: FileHandle, size: number, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let held: Buffer | undefined
  for await (const piece of pieces(handle, 0, size)) {
    hash.update(piece)
    if (held) yield held
    held = piece
  }
  if (hash.digest('hex') !== sha256) throw new FileError('files.corrupt', { sha256 })
  if (held) yield held
}
