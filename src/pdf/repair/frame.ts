import type { Bytes } from '../../std/bytes.ts'
import { CUT_OFF, isSpace, matches, skipSpace } from '../lexer.ts'
import { damaged } from '../pdf-error.ts'
import type { FindingCode } from './finding.ts'

/** What follows the value of an object. */
export type Frame = {
  /** Where the data of a stream starts. */
  readonly data?: number
  /** Behind `endobj` or the end of line after `stream`; behind the value when neither is there. */
  readonly end: number
  readonly fault?: FindingCode
}

/**
 * Reads what follows a value as viewers do: `endobj` may be missing, and blanks or a lone carriage return may follow
 * `stream`. `isLast` says that the file ends with the window. Throws `pdf.damaged` when the window ends too early.
 */
export function readFrame(window: Bytes, valueEnd: number, isLast: boolean): Frame {
  const keyword = skipSpace(window, valueEnd)
  if (keyword + 16 > window.length && !isLast) damaged(CUT_OFF, 'an object is cut off')
  if (matches(window, keyword, 'endobj')) return { end: keyword + 6 }
  if (!matches(window, keyword, 'stream')) return { end: valueEnd, fault: 'repair.object_end' }
  return streamStart(window, keyword + 6)
}

function streamStart(window: Bytes, start: number): Frame {
  const at = (end: number, fault?: FindingCode) => ({ data: end, end, ...(fault ? { fault } : {}) })
  if (window[start] === 10) return at(start + 1)
  if (window[start] === 13 && window[start + 1] === 10) return at(start + 2)
  const blank = skipBlanks(window, start)
  if (window[blank] === 10) return at(blank + 1, 'repair.stream_start')
  if (window[blank] === 13) return at(blank + (window[blank + 1] === 10 ? 2 : 1), 'repair.stream_start')
  return at(start, 'repair.stream_start')
}

/** Behind at most eight blanks. */
function skipBlanks(window: Bytes, start: number): number {
  let at = start
  while (at < start + 8 && isSpace(window[at]) && window[at] !== 10 && window[at] !== 13) at++
  return at
}
