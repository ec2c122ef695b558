import type { Bytes } from '../std/bytes.ts'
import type { Budget } from './budget.ts'
import { CUT_OFF, isSpace, matches, skipDigits, skipSpace, skipValue } from './lexer.ts'
import { measureDict } from './measured-dict.ts'
import { damaged } from './pdf-error.ts'
import type { Source } from './source.ts'
import { type Dict, digitsAt, type Ref } from './values.ts'
import { readWindow } from './window.ts'

/** The value of an indirect object. */
export type PdfObject = {
  readonly ref: Ref
  /** The value, without a stream that may follow; in an encrypted file with its strings open. */
  readonly value: Bytes
  /** The value as it stands in the file: the same slice as `value` unless strings of it are encrypted. */
  readonly stored: Bytes
  /** Where the value starts in the file; undefined for an object inside an object stream. */
  readonly offset?: number
  /** Where the data of its stream starts in the file, when it has one. */
  readonly streamOffset?: number
  /** The entries of `stored`, where they were found on the way. */
  readonly entries?: Dict
}

/** How objects are read where they stand. */
export type ObjectReading = {
  /** The object at an offset. Throws `pdf.damaged` when there is none, and `pdf.limit`. */
  object(source: Source, offset: number, budget: Budget): PdfObject
  /** The data of an object's stream, still packed; `length` gives its /Length. Throws `pdf.damaged`. */
  streamBytes(source: Source, object: PdfObject, length: () => number): Bytes
}

/** Takes a file at its word and refuses what is not as it says. */
export const strictReading: ObjectReading = {
  object: readIndirectObject,
  streamBytes: (source, { streamOffset }, length) =>
    readStreamBytes(source, streamOffset ?? damaged('stream', 'the object has no stream'), length()),
}

/** What follows a value in a window: where the data of a stream starts, and where it ends itself. */
type Frame = { readonly data?: number; readonly end: number }
type FrameReader = (window: Bytes, valueEnd: number, isLast: boolean) => Frame

/** Reads `n g obj …` at an offset. Throws `pdf.damaged` when no object stands there, and `pdf.limit`. */
export function readIndirectObject(
  source: Source,
  offset: number,
  budget: Budget,
  readFrame: FrameReader = strictFrame,
): PdfObject {
  return readWindow(source, offset, budget, (window, isLast) => {
    const numberEnd = skipDigits(window, 0)
    const generationStart = skipSpace(window, numberEnd)
    const generationEnd = skipDigits(window, generationStart)
    const keyword = skipSpace(window, generationEnd)
    if (keyword + 3 >= window.length) damaged(CUT_OFF, 'an object is cut off')
    if (numberEnd === 0 || generationEnd === generationStart || !matches(window, keyword, 'obj'))
      damaged('object', 'no object stands where the cross-reference table says')
    const ref = {
      number: digitsAt(window, 0, numberEnd),
      generation: digitsAt(window, generationStart, generationEnd),
    }
    const start = skipSpace(window, keyword + 3)
    const { end, entries } = measure(source, window, start)
    const frame = readFrame(window, end, isLast)
    const value = source.isMemory ? window.subarray(start, end) : detach(window, start, end)
    const object = { ref, value, stored: value, offset: offset + start, ...(entries && { entries }) }
    return {
      value: frame.data === undefined ? object : { ...object, streamOffset: offset + frame.data },
      end: frame.end,
    }
  })
}

/** Where a value ends; with the entries of a dictionary when the window, of which they are views, is kept anyway. */
function measure({ isMemory }: Source, window: Bytes, start: number): { end: number; entries?: Dict } {
  return isMemory && matches(window, start, '<<') ? measureDict(window, start) : { end: skipValue(window, start) }
}

/** A slice that does not keep alive a window much larger than itself: values are kept as long as the document is. */
function detach(window: Bytes, start: number, end: number): Bytes {
  const slice = window.subarray(start, end)
  return slice.length * 4 < window.length ? new Uint8Array(slice) : slice
}

/** What follows the value: `endobj`, or `stream` and an end of line (ISO 32000-2 7.3.8.1). */
function strictFrame(window: Bytes, valueEnd: number): Frame {
  const keyword = skipSpace(window, valueEnd)
  if (matches(window, keyword, 'endobj')) return { end: keyword + 6 }
  if (keyword + 8 > window.length) damaged(CUT_OFF, 'an object is cut off')
  if (!matches(window, keyword, 'stream')) damaged('object', 'an object does not end with endobj')
  const eol = keyword + 6
  if (window[eol] === 10) return { data: eol + 1, end: eol + 1 }
  if (window[eol] === 13 && window[eol + 1] === 10) return { data: eol + 2, end: eol + 2 }
  return damaged('stream', 'no end of line follows the keyword stream')
}

/** The bytes of a stream, still packed. Throws `pdf.damaged` when `endstream` does not follow where it must. */
export function readStreamBytes(source: Source, offset: number, length: number): Bytes {
  if (length < 0 || offset + length > source.size) damaged('stream', 'the length of a stream is wrong')
  const after = source.read(offset + length, 16)
  let at = 0
  while (at < 2 && isSpace(after[at])) at++
  if (!matches(after, at, 'endstream')) damaged('stream', 'the length of a stream is wrong')
  return source.read(offset, length)
}
