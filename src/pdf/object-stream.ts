import type { Bytes } from '../std/bytes.ts'
import { isSpace, skipDigits, skipSpace, skipValue } from './lexer.ts'
import { damaged } from './pdf-error.ts'
import { latin1 } from './values.ts'

/** The values inside an unpacked object stream by their object numbers (ISO 32000-2 7.5.7). Throws `pdf.damaged`. */
export function readPack(data: Bytes, count: number, first: number): ReadonlyMap<number, Bytes> {
  const found = new Map<number, Bytes>()
  let at = 0
  for (let i = 0; i < count; i++) {
    const [number, numberEnd] = readHeaderNumber(data, at)
    const [offset, offsetEnd] = readHeaderNumber(data, numberEnd)
    at = offsetEnd
    const start = skipSpace(data, first + offset)
    if (found.has(number)) damaged('object_stream', 'an object stands twice in an object stream')
    found.set(number, data.subarray(start, skipValue(data, start)))
  }
  return found
}

function readHeaderNumber(data: Bytes, at: number): [value: number, end: number] {
  let start = at
  while (isSpace(data[start])) start++
  const end = skipDigits(data, start)
  if (end === start || end - start > 10) damaged('object_stream', 'the header of an object stream is malformed')
  return [Number(latin1(data.subarray(start, end))), end]
}
