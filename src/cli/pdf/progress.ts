import type { Source } from '../../pdf/index.ts'
import type { Stream } from '../output.ts'

/** Below this, reading is over before anybody wonders. */
const LARGE_BYTES = 200_000_000
/** Reads of at least this are those of a digest: in order, from the start to the end. */
const STRETCH_BYTES = 1 << 20
const BETWEEN_LINES_MS = 200
const MEGABYTE = 1_000_000

export type Watched = {
  readonly source: Source
  /** Takes the line off the terminal. */
  end(): void
}

type Watch = {
  readonly errors: Stream
  /** Tells also where the stream is no terminal, line by line. */
  readonly always: boolean
  /** Milliseconds that only grow. */
  readonly clock?: () => number
}

/**
 * Tells how far a large document is read, at most five times a second. The source loses what it may know better than
 * by being read: nobody could see how far that is.
 */
export function watched(source: Source, { errors, always, clock = () => performance.now() }: Watch): Watched {
  const isTerminal = 'isTTY' in errors && errors.isTTY === true
  if (source.size < LARGE_BYTES || !(isTerminal || always)) return { source, end: () => undefined }
  let toldAt = Number.NEGATIVE_INFINITY
  const tell = (position: number) => {
    if (clock() - toldAt < BETWEEN_LINES_MS) return
    toldAt = clock()
    const text = `reading: ${megabytes(position)} of ${megabytes(source.size)} MB`
    errors.write(isTerminal ? `\r${text} ` : `${text}\n`)
  }
  return {
    source: {
      size: source.size,
      read(offset, length) {
        const bytes = source.read(offset, length)
        if (bytes.length >= STRETCH_BYTES) tell(offset + bytes.length)
        return bytes
      },
    },
    end: () => {
      if (isTerminal && Number.isFinite(toldAt)) errors.write('\r\u001b[K')
    },
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MEGABYTE)
}
