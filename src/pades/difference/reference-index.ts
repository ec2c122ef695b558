import { type Dict, latin1, readArray, readDict, readRef } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'

/** A referrer that is no object: a trailer. */
export const TRAILER = 0

/** All numbers that a value refers to, at any depth. */
export function referencesIn(value: Bytes): number[] {
  const ref = readRef(value)
  if (ref) return [ref.number]
  const items = readArray(value) ?? [...(readDict(value)?.values() ?? [])]
  return items.flatMap(referencesIn)
}

/** Which objects refer to those that later revisions define, as the past of the document has it. */
export type References = {
  /** Numbers of the objects that refer, or ever referred, to this one; {@link TRAILER} for a trailer. */
  referrers(number: number): ReadonlySet<number>
}

const NOBODY: ReadonlySet<number> = new Set()

/**
 * Remembers who refers to the watched numbers. It grows with the revisions and forgets nothing: what an object said
 * in any revision counts, which errs on the strict side.
 */
export class ReferenceIndex implements References {
  readonly #watched: ReadonlySet<number>
  readonly #referrers = new Map<number, Set<number>>()

  constructor(watched: ReadonlySet<number>) {
    this.#watched = watched
  }

  referrers(number: number): ReadonlySet<number> {
    return this.#referrers.get(number) ?? NOBODY
  }

  add(referrer: number, value: Bytes): void {
    for (const number of roughReferencesIn(value)) if (this.#watched.has(number)) this.#note(number, referrer)
  }

  addTrailer(trailer: Dict): void {
    for (const value of trailer.values()) this.add(TRAILER, value)
  }

  #note(number: number, referrer: number): void {
    const known = this.#referrers.get(number)
    if (known) known.add(referrer)
    else this.#referrers.set(number, new Set([referrer]))
  }
}

const ROUGH = /(\d+)[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+R/g
const LETTER_R = 0x52
const PERCENT = 0x25

/**
 * At least all numbers that a value refers to. What looks like a reference inside a string counts too: that is ten
 * times as fast as taking the value apart, and errs on the strict side. A comment may stand between the parts of a
 * reference, so that a value with a percent sign is taken apart.
 */
function roughReferencesIn(value: Bytes): number[] {
  if (!value.includes(LETTER_R)) return []
  if (value.includes(PERCENT)) return referencesIn(value)
  return Array.from(latin1(value).matchAll(ROUGH), ([, number]) => Number(number))
}
