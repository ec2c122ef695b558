import { asBuffer, type Bytes } from '../std/bytes.ts'

/** Where the bytes of a document are: in memory, in a file. Read at random places, never as a whole. */
export type Source = {
  /** Bytes in the document. Does not change. */
  readonly size: number
  /** At most `length` bytes from `offset`; fewer only at the end. The result is not written to. */
  read(offset: number, length: number): Bytes
  /** True when what is read are views of memory that is kept anyway, so that a small one holds nothing large alive. */
  readonly isMemory?: true
  /**
   * Where reading takes memory: fills the caller's from `offset`, so that reading all of a large document takes no
   * more than that. Throws when the document ends before it is full.
   */
  readonly readInto?: (target: Uint8Array, offset: number) => void
  /**
   * Where a source can do that better than by being read, in another thread or from a state that was kept: the digest
   * of parts of it (from, to; in their order), followed by further bytes.
   */
  readonly digest?: (
    algorithm: 'sha256' | 'sha384' | 'sha512',
    ranges: readonly (readonly [from: number, to: number])[],
    after: readonly Bytes[],
  ) => Promise<Bytes>
}

/** A document in memory. Nothing is copied. */
export function bytesSource(bytes: Bytes): Source {
  const buffer = asBuffer(bytes)
  return { size: buffer.length, isMemory: true, read: (offset, length) => buffer.subarray(offset, offset + length) }
}

/** The first `size` bytes of a document: what it was before later revisions. */
export function firstBytes(source: Source, size: number): Source {
  const end = Math.min(size, source.size)
  const read = (offset: number, length: number) => source.read(offset, Math.max(0, Math.min(length, end - offset)))
  return {
    size: end,
    read,
    ...(source.isMemory && { isMemory: true }),
    ...(source.digest && { digest: source.digest }),
  }
}

/** A document without its first `start` bytes. */
export function shiftedSource(source: Source, start: number): Source {
  if (start === 0) return source
  return { size: source.size - start, read: (offset, length) => source.read(offset + start, length) }
}
