import type { Platform } from '../../core/index.ts'
import { ulid } from '../../std/ids.ts'

/** Chance is drawn for this many ids at once: a draw costs more than all the rest of an id. */
const IDS_PER_DRAW = 512
const BYTES_PER_ID = 10

/** Gives each request an id that sorts by time. It tells requests apart and is no secret. */
export function requestIds({ clock, random }: Pick<Platform, 'clock' | 'random'>): () => string {
  let drawn: Uint8Array = Buffer.alloc(0)
  const next = (count: number): Uint8Array => {
    if (drawn.length < count) drawn = random.bytes(IDS_PER_DRAW * BYTES_PER_ID)
    const bytes = drawn.subarray(0, count)
    drawn = drawn.subarray(count)
    return bytes
  }
  return () => ulid(clock.now().getTime(), next)
}
