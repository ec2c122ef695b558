import { type Ref, readArray, readDict, readRef } from '../pdf/index.ts'
import type { Bytes } from '../std/bytes.ts'

/** All references inside a value, at any depth. */
export function referencesIn(value: Bytes): Ref[] {
  const ref = readRef(value)
  if (ref) return [ref]
  const items = readArray(value) ?? [...(readDict(value)?.values() ?? [])]
  return items.flatMap(referencesIn)
}
