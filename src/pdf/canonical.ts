import type { Bytes } from '../std/bytes.ts'
import { readString } from './string-value.ts'
import { isNull, latin1, readArray, readDict, readName, readNumber, readRef, writeRef } from './values.ts'

/**
 * A text that is the same for two values that say the same, however they are written: white space, the order of
 * keys, kinds of strings. References stay references. Entries that are null count as absent (ISO 32000-2 7.3.7).
 */
export function canonicalText(value: Bytes): string {
  const dict = readDict(value)
  if (dict) {
    const entries = [...dict].filter(([, item]) => !isNull(item)).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `<<${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join()}>>`
  }
  const array = readArray(value)
  return array ? `[${array.map(canonicalText).join()}]` : canonicalScalar(value)
}

function canonicalScalar(value: Bytes): string {
  const name = readName(value)
  if (name !== undefined) return `/${JSON.stringify(name)}`
  const text = readString(value)
  if (text) return `(${text.toString('hex')})`
  const ref = readRef(value)
  return ref ? writeRef(ref) : String(readNumber(value) ?? latin1(value))
}

/** True when two entries of a dictionary say the same; an absent one is like null. */
export function sameEntry(a: Bytes | undefined, b: Bytes | undefined): boolean {
  const text = (value: Bytes | undefined) => (value === undefined ? 'null' : canonicalText(value))
  return text(a) === text(b)
}
