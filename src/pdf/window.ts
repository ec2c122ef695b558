import type { Bytes } from '../std/bytes.ts'
import type { Budget } from './budget.ts'
import { CUT_OFF } from './lexer.ts'
import { damaged, overLimit, PdfError } from './pdf-error.ts'
import type { Source } from './source.ts'

const FIRST_WINDOW = 2048
/** In memory a window costs nothing, and one that holds a whole signature saves a second look. */
const FIRST_WINDOW_IN_MEMORY = 1 << 15
const GROWTH = 8
/** A reference is told from a number by what follows: the value must not end this near to the window's end. */
const LOOK_AHEAD = 64

/** Reads from a window; `isLast` says that the file ends with it. */
type Parse<T> = (bytes: Bytes, isLast: boolean) => Parsed<T>

/** What was read from a window, and where in the window it ended. */
type Parsed<T> = { readonly value: T; readonly end: number }

/**
 * Reads something of unknown length at `offset`: in a small window first, in larger ones while it is cut off.
 * Throws what `parse` throws, and `pdf.limit` for something larger than an object may be, or when the document has
 * been looked at too often.
 */
export function readWindow<T>(source: Source, offset: number, budget: Budget, parse: Parse<T>): T {
  if (offset < 0 || offset >= source.size) damaged('offset', 'an offset points outside the file')
  const { objectBytes } = budget.limits
  const first = source.isMemory ? FIRST_WINDOW_IN_MEMORY : FIRST_WINDOW
  for (let length = Math.min(first, objectBytes); ; length = Math.min(length * GROWTH, objectBytes)) {
    const window = source.read(offset, length)
    const last = offset + window.length >= source.size
    const parsed = tryParse(window, last, parse)
    budget.spend('windowBytes', parsed?.end ?? window.length)
    if (parsed && (last || parsed.end + LOOK_AHEAD <= window.length)) return parsed.value
    if (length >= objectBytes) overLimit('object_bytes', objectBytes)
  }
}

function tryParse<T>(window: Bytes, last: boolean, parse: Parse<T>): Parsed<T> | undefined {
  try {
    return parse(window, last)
  } catch (error) {
    if (!last && error instanceof PdfError && error.details['what'] === CUT_OFF) return undefined
    throw error
  }
}
