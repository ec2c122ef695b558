import type { Bytes } from '../../std/bytes.ts'
import { CUT_OFF, skipSpace, skipValue } from '../lexer.ts'
import type { Limits } from '../limits.ts'
import { overLimit, PdfError } from '../pdf-error.ts'
import { type Frame, readFrame } from './frame.ts'
import type { ScanWindow } from './scan-window.ts'

const FIRST_VIEW = 4096
const GROWTH = 8
/** A reference is told from a number by what follows: the value must not end this near to the end of the view. */
const LOOK_AHEAD = 64

/** The value of an object and what follows it; the frame counts from where the measuring started. */
export type Measured = { readonly value: Bytes; readonly frame: Frame }

/**
 * Measures the value that follows the keyword `obj`: `cut_off` when the file ends inside it, `unreadable` when it is
 * not a value. Throws `pdf.limit`.
 */
export function measureObject(window: ScanWindow, start: number, limits: Limits): Measured | 'cut_off' | 'unreadable' {
  const { objectBytes } = limits
  for (let length = FIRST_VIEW; ; length = Math.min(length * GROWTH, objectBytes)) {
    const view = window.view(start, length)
    const isLast = start + view.length >= window.source.size
    const measured = tryMeasure(view, isLast)
    if (typeof measured === 'object' && (isLast || measured.frame.end + LOOK_AHEAD <= view.length)) {
      window.spend(measured.frame.end)
      return measured
    }
    window.spend(view.length)
    if (measured === 'unreadable' || (measured === 'cut_off' && isLast)) return measured
    if (length >= objectBytes) overLimit('object_bytes', objectBytes)
  }
}

function tryMeasure(view: Bytes, isLast: boolean): Measured | 'cut_off' | 'unreadable' {
  try {
    const start = skipSpace(view, 0)
    const end = skipValue(view, start)
    return { value: view.subarray(start, end), frame: readFrame(view, end, isLast) }
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    return error.details['what'] === CUT_OFF ? 'cut_off' : 'unreadable'
  }
}
