import type { Bytes } from '../std/bytes.ts'
import { cutOff, skipSpace, skipValue } from './lexer.ts'
import { damaged } from './pdf-error.ts'
import { type Dict, nameAt } from './values.ts'

/**
 * Measures a dictionary where it stands, as `skipValue` does, and splits it on the way: a signature of many kilobytes
 * is gone through once instead of twice. What only a reader may refuse, a key twice or an escaped one, is left to it:
 * then there are no entries here. Throws `pdf.damaged` and `pdf.limit`.
 */
export function measureDict(bytes: Bytes, start: number): { readonly end: number; readonly entries?: Dict } {
  const entries = new Map<string, Bytes>()
  let isPlain = true
  let at = skipSpace(bytes, start + 2)
  while (bytes[at] !== CLOSE) {
    if (at >= bytes.length) cutOff()
    if (bytes[at] !== SLASH) damaged('dictionary', 'a key of a dictionary is not a name')
    const keyEnd = skipValue(bytes, at)
    const value = skipSpace(bytes, keyEnd)
    const end = skipValue(bytes, value, 1)
    isPlain &&= takeEntry(entries, bytes, [at, keyEnd, value, end])
    at = skipSpace(bytes, end)
  }
  if (at + 1 >= bytes.length) cutOff()
  if (bytes[at + 1] !== CLOSE) damaged('dictionary', 'a dictionary is not closed')
  return isPlain ? { end: at + 2, entries } : { end: at + 2 }
}

const CLOSE = 0x3e
const SLASH = 0x2f
const ESCAPE = 0x23

type Places = readonly [key: number, keyEnd: number, value: number, end: number]

/** False when the key stands there already or has an escape. */
function takeEntry(entries: Map<string, Bytes>, bytes: Bytes, [at, keyEnd, value, end]: Places): boolean {
  for (let i = at; i < keyEnd; i++) if (bytes[i] === ESCAPE) return false
  const key = nameAt(bytes, at, keyEnd)
  if (entries.has(key)) return false
  entries.set(key, bytes.subarray(value, end))
  return true
}
