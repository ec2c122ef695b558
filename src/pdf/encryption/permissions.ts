/** What the author lets those do who open the document as a user (ISO 32000-2 table 22). */
export type AccessPermissions = {
  /** In any quality that {@link AccessPermissions.printHighQuality} does not reserve. */
  readonly print: boolean
  /** Other changes than those named below. */
  readonly modify: boolean
  readonly copy: boolean
  readonly annotate: boolean
  /** Fill and sign fields that are there, even where annotating is not allowed. */
  readonly fillForms: boolean
  /** For people with disabilities. ISO 32000-2 asks readers to treat it as allowed. */
  readonly extract: boolean
  /** Insert, rotate and delete pages, bookmarks and thumbnails. */
  readonly assemble: boolean
  readonly printHighQuality: boolean
}

/** Reads /P. Revision 2 knows four bits only; they stand for what later ones told apart. */
export function readPermissions(bits: number, revision: number): AccessPermissions {
  const bit = (position: number) => (bits & (1 << (position - 1))) !== 0
  const finer = (position: number, coarse: number) => bit(revision === 2 ? coarse : position)
  return {
    print: bit(3),
    modify: bit(4),
    copy: bit(5),
    annotate: bit(6),
    fillForms: finer(9, 6),
    extract: finer(10, 5),
    assemble: finer(11, 4),
    printHighQuality: finer(12, 3),
  }
}
