import type { PdfDocument, Ref, RevisionWriter } from '../pdf/index.ts'
import { asBuffer, type Bytes } from '../std/bytes.ts'
import { refuse } from './pades-error.ts'
import type { ByteRange, Prepared } from './prepared.ts'

/** A revision with a hole where a container goes. */
export type HollowRevision = Pick<Prepared, 'tail' | 'hole' | 'byteRange'>

/** The widest /ByteRange: three numbers of 13 digits. */
const BYTE_RANGE_WIDTH = 48

/**
 * Writes the revision with a signature dictionary as its last entry of work: `head` are the entries before /ByteRange
 * and /Contents, `room` the bytes of the container. `seed` tells this revision from others.
 */
export function hollowRevision(
  document: PdfDocument,
  writer: RevisionWriter,
  value: { readonly ref: Ref; readonly head: string; readonly room: number; readonly seed: string },
): HollowRevision {
  const { ref, head, room } = value
  const beforeRange = `<<${head}/ByteRange`
  const beforeDigits = `${beforeRange}${' '.repeat(BYTE_RANGE_WIDTH)}/Contents<`
  // The strings are encrypted by who composed them, and /Contents never is (ISO 32000-2 7.6.2).
  writer.put(ref, `${beforeDigits}${'0'.repeat(2 * room)}>>>`, { encrypted: true })
  const { tail, valueOffsets } = writer.finish(Buffer.from(`${document.source.size} ${value.seed}`))
  const start = valueOffsets.get(ref.number)
  if (start === undefined) throw new Error('the signature is not where it was written')
  const hole = { start: start + beforeDigits.length, bytes: room }
  const byteRange = rangeAround(document.source.size, tail.length, hole)
  const text = `[${byteRange.join(' ')}]`.padEnd(BYTE_RANGE_WIDTH)
  asBuffer(tail).write(text, start + beforeRange.length, 'latin1')
  return { tail, hole, byteRange }
}

function rangeAround(sourceSize: number, tailLength: number, hole: Prepared['hole']): ByteRange {
  const before = sourceSize + hole.start - 1
  const after = sourceSize + hole.start + 2 * hole.bytes + 1
  return [0, before, after, sourceSize + tailLength - after]
}

/** The tail before and after the hole; the angle brackets belong to the hole. */
export function aroundHole({ tail, hole }: Pick<HollowRevision, 'tail' | 'hole'>): readonly [Bytes, Bytes] {
  return [tail.subarray(0, hole.start - 1), tail.subarray(hole.start + 2 * hole.bytes + 1)]
}

/**
 * The tail with the container in its hole. What the container leaves of the hole stays zero (ISO 32000-2 12.8.1).
 * Throws `pades.container_too_large`.
 */
export function fillHole({ tail, hole }: Pick<HollowRevision, 'tail' | 'hole'>, container: Bytes): Buffer {
  requireRoom(hole, container)
  const out = Buffer.from(tail)
  out.write(asBuffer(container).toString('hex'), hole.start, 'latin1')
  return out
}

/** Throws `pades.container_too_large`. */
export function requireRoom(hole: Prepared['hole'], container: Bytes): void {
  const [bytes, room] = [container.length, hole.bytes]
  if (bytes <= room) return
  const message = 'the container does not fit the room that was measured for it; measure again and prepare again'
  refuse('pades.container_too_large', message, { bytes, room })
}
