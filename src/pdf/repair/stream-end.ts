import { isSpace, matches } from '../lexer.ts'
import { latin1 } from '../values.ts'
import type { ScanWindow } from './scan-window.ts'

const KEYWORD = 'endstream'
const END_OF_OBJECT = /^[\0\t\n\f\r ]*endobj/

/** Where the data of a stream ends, and where the keyword behind it does. */
export type StreamEnd = { readonly data: number; readonly after: number }

/** The end that /Length says, or undefined when `endstream` does not follow there (ISO 32000-2 7.3.8.1). */
export function endByLength({ source }: ScanWindow, data: number, length: number): StreamEnd | undefined {
  const end = data + length
  if (length < 0 || end > source.size) return undefined
  const behind = source.read(end, 16)
  let at = 0
  while (at < 2 && isSpace(behind[at])) at++
  return matches(behind, at, KEYWORD) ? { data: end, after: end + at + KEYWORD.length } : undefined
}

/** The end that /Length says when only `endobj` follows there, and no `endstream`. */
export function unendedByLength({ source }: ScanWindow, data: number, length: number): StreamEnd | undefined {
  const end = data + length
  if (length < 0 || end > source.size || !END_OF_OBJECT.test(latin1(source.read(end, 16)))) return undefined
  return { data: end, after: end }
}

/** What may follow an object: the words that end one can stand in the data of a stream as well. */
const BEHIND = /^[\0\t\n\f\r ]*(?:\d+[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+obj|xref|trailer|startxref|$)/

/**
 * The end of a stream whose /Length is not known: in front of the first `endstream` that something follows which may
 * follow a stream, or else of the first one. Undefined when there is none. Throws `pdf.limit`.
 */
export function endByKeyword(window: ScanWindow, data: number): StreamEnd | undefined {
  let first: StreamEnd | undefined
  for (let from = data; ; ) {
    const found = window.find(KEYWORD, from)
    if (found === undefined) return first
    const after = found + KEYWORD.length
    const end = { data: withoutLineEnd(window, data, found), after }
    const behind = latin1(window.view(after, 64))
    if (END_OF_OBJECT.test(behind) || BEHIND.test(behind)) return end
    first ??= end
    from = after
  }
}

/**
 * The end of a stream that has no `endstream` of its own, as its object ends in front of `limit`: before the first
 * `endobj` that something follows which may follow an object. Undefined when there is none. Throws `pdf.limit`.
 */
export function endOfObject(window: ScanWindow, data: number, limit: number): StreamEnd | undefined {
  for (let from = data; ; ) {
    const found = window.find('endobj', from)
    if (found === undefined || found >= limit) return undefined
    if (BEHIND.test(latin1(window.view(found + 6, 64))))
      return { data: withoutLineEnd(window, data, found), after: found }
    from = found + 6
  }
}

/** The end of line in front of `endstream` is none of the data. */
function withoutLineEnd(window: ScanWindow, data: number, end: number): number {
  const before = window.view(Math.max(data, end - 2), Math.min(2, end - data))
  const last = before[before.length - 1]
  if (last === 10) return end - (before[before.length - 2] === 13 ? 2 : 1)
  return last === 13 ? end - 1 : end
}
