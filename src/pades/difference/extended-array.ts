import { canonicalText, readRef } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { Comparison } from './comparison.ts'

/**
 * The number of the object that holds an array, if the revision put it there, when the array is the old one followed
 * by references that are accepted. It stands in `owner` itself, or in an object of its own that nothing else uses.
 * Undefined when it is anything else.
 */
export function extendedArray(
  comparison: Comparison,
  was: Bytes | undefined,
  is: Bytes | undefined,
  owner: number,
  accepts: (number: number) => boolean,
): number[] | undefined {
  const held = newHolder(comparison, was, is, owner)
  if (held === undefined) return undefined
  const old = (comparison.before.array(was) ?? []).map(canonicalText)
  const items = comparison.after.array(is) ?? []
  const texts = items.slice(0, old.length).map(canonicalText)
  const isAccepted = items.slice(old.length).every((item) => {
    const ref = readRef(item)
    return ref !== undefined && ref.generation === 0 && accepts(ref.number)
  })
  if (!isAccepted || old.some((item, i) => texts[i] !== item)) return undefined
  return held
}

/** The object that holds the array, when the revision wrote it; none when it did not; undefined when it may not. */
function newHolder(
  comparison: Comparison,
  was: Bytes | undefined,
  is: Bytes | undefined,
  owner: number,
): number[] | undefined {
  const holder = is && readRef(is)?.number
  if (holder === undefined) return []
  // An array in another place is a new object: an old one could be changed by whoever else has it.
  if (!comparison.isNew(holder) && holder !== (was && readRef(was)?.number)) return undefined
  if (!comparison.changed.has(holder)) return []
  return comparison.belongsTo(holder, [owner]) ? [holder] : undefined
}
