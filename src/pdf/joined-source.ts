import { asBuffer, type Bytes, concat } from '../std/bytes.ts'
import type { Source } from './source.ts'

/** A document with a revision that is not written yet. Nothing is copied but a read that spans both. */
export function joinedSource(base: Source, tail: Bytes): Source {
  const end = asBuffer(tail)
  return {
    size: base.size + end.length,
    ...(base.isMemory && { isMemory: true }),
    ...(base.digest && { digest: digestOver(base.size, base.digest, end) }),
    read(offset, length) {
      const inTail = (from: number, count: number) => end.subarray(from, from + Math.max(0, count))
      if (offset >= base.size) return inTail(offset - base.size, length)
      const first = base.read(offset, Math.min(length, base.size - offset))
      const missing = offset + length - base.size
      return missing > 0 ? concat(first, inTail(0, missing)) : first
    },
  }
}

type Digest = NonNullable<Source['digest']>

/** The base's own way of hashing, with what lies in the tail behind it: ranges come in their order. */
function digestOver(size: number, digest: Digest, tail: Bytes): Digest {
  return (algorithm, ranges, after) => {
    const inBase = ranges.filter(([from]) => from < size).map(([from, to]) => [from, Math.min(to, size)] as const)
    const inTail = ranges
      .filter(([, to]) => to > size)
      .map(([from, to]) => tail.subarray(Math.max(from, size) - size, to - size))
    return digest(algorithm, inBase, [...inTail, ...after])
  }
}
