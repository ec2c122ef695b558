import { sectionsOf, type XrefEntry, type XrefRevision } from './xref-section.ts'

/** Up to here it is cheaper to ask each revision than to keep an index. */
const FEW_REVISIONS = 8
/** Entries of a revision that are listed one by one; a larger one is asked each time. */
const LISTED_ENTRIES = 4096
/** Entries of all revisions that are listed. */
const LISTED_IN_ALL = 1_000_000

const NONE: readonly number[] = []

/**
 * Finds the entry of an object among the revisions of a file. Most revisions after the first say something about a
 * few objects only: which those are is listed once, so that a lookup costs the same behind the hundredth signature.
 */
export class XrefIndex {
  readonly #revisions: readonly XrefRevision[]
  /** Positions of the revisions that have to be asked about every object, ascending. */
  readonly #wide: number[] = []
  #listed: Map<number, number[]> | undefined

  /** Revisions newest first. */
  constructor(revisions: readonly XrefRevision[]) {
    this.#revisions = revisions
  }

  /** Where an object is after the revision at `position`, the newest being 0; undefined when it is not there. */
  find(number: number, position: number): XrefEntry | undefined {
    const listed = this.#list().get(number) ?? NONE
    let [i, j] = [0, 0]
    for (;;) {
      const next = Math.min(listed[i] ?? Infinity, this.#wide[j] ?? Infinity)
      if (next === listed[i]) i++
      else j++
      const revision = this.#revisions[next]
      if (!revision) return undefined
      const entry = next < position ? undefined : entryIn(revision, number)
      if (entry) return entry.kind === 'free' ? undefined : entry
    }
  }

  #list(): Map<number, number[]> {
    if (this.#listed) return this.#listed
    const listed = new Map<number, number[]>()
    let left = this.#revisions.length > FEW_REVISIONS ? LISTED_IN_ALL : 0
    for (const [position, revision] of this.#revisions.entries()) {
      const ranges = sectionsOf([revision]).flatMap((section) => section.ranges)
      const count = ranges.reduce((sum, range) => sum + range[1], 0)
      if (count > Math.min(left, LISTED_ENTRIES)) this.#wide.push(position)
      else {
        left -= count
        listRanges(listed, ranges, position)
      }
    }
    this.#listed = listed
    return listed
  }
}

function listRanges(
  listed: Map<number, number[]>,
  ranges: readonly (readonly [first: number, count: number])[],
  position: number,
): void {
  for (const [first, count] of ranges) {
    for (let number = first; number < first + count; number++) {
      const positions = listed.get(number)
      if (!positions) listed.set(number, [position])
      else if (positions.at(-1) !== position) positions.push(position)
    }
  }
}

/** What one revision says about an object. */
function entryIn({ section, hidden }: XrefRevision, number: number): XrefEntry | undefined {
  const own = section.entry(number)
  // In a hybrid file the table calls free what only the stream may show.
  return hidden && (own === undefined || own.kind === 'free') ? (hidden.entry(number) ?? own) : own
}
