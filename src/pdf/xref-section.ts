import { type Dict, NULL, readInteger } from './values.ts'

/** Where an object is. */
export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number }

/** One cross-reference section: a table with its trailer, or a stream (ISO 32000-2 7.5.4, 7.5.8). */
export type XrefSection = {
  readonly style: 'table' | 'stream'
  /** Where it starts in the file. */
  readonly offset: number
  readonly trailer: Dict
  /** First number and count of each run of entries. */
  readonly ranges: readonly (readonly [first: number, count: number])[]
  /** The entry of an object, or undefined when this section says nothing about it. Throws `pdf.damaged`. */
  entry(number: number): XrefEntry | undefined
}

/** A cross-reference section, with the stream that belongs to it in a hybrid file (ISO 32000-2 7.5.8.4). */
export type XrefRevision = { readonly section: XrefSection; readonly hidden?: XrefSection }

/** All sections, newest first; the stream of a hybrid file follows its table. */
export function sectionsOf(revisions: readonly XrefRevision[]): XrefSection[] {
  return revisions.flatMap(({ section, hidden }) => (hidden ? [section, hidden] : [section]))
}

/** A number that no object has: above every /Size and every run of entries, as a /Size can be too small. */
export function firstFreeNumber(revisions: readonly XrefRevision[]): number {
  let free = 1
  for (const { trailer, ranges } of sectionsOf(revisions)) {
    free = Math.max(free, readInteger(trailer.get('Size') ?? NULL) ?? 0)
    for (const [first, count] of ranges) free = Math.max(free, first + count)
  }
  return free
}
