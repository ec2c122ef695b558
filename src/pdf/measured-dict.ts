import type { Bytes } from '../std/bytes.ts'
import { skipDict } from './lexer.ts'
import { type Dict, nameAt } from './values.ts'

const ESCAPE = 0x23

/**
 * Measures a dictionary where it stands, and splits it on the way: a signature of many kilobytes is gone through once
 * instead of twice. What only a reader may refuse, a key twice or an escaped one, is left to it: then there are no
 * entries here. Throws `pdf.damaged` and `pdf.limit`.
 */
export function measureDict(bytes: Bytes, start: number): { readonly end: number; readonly entries?: Dict } {
  const entries = new Map<string, Bytes>()
  let isPlain = true
  const end = skipDict(bytes, start, 0, (at, keyEnd, value, valueEnd) => {
    if (!isPlain) return
    const key = bytes.subarray(at, keyEnd).includes(ESCAPE) ? undefined : nameAt(bytes, at, keyEnd)
    isPlain = key !== undefined && !entries.has(key)
    if (key !== undefined && isPlain) entries.set(key, bytes.subarray(value, valueEnd))
  })
  return isPlain ? { end, entries } : { end }
}
