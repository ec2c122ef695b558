/** How much of a document is read before it is refused. Counts, and bytes where it says so. */
export type Limits = {
  /** The highest object number (ISO 32000-2 annex C). */
  readonly objectNumber: number
  /** Arrays and dictionaries inside each other, and nodes of a tree above each other. */
  readonly depth: number
  /** Filters of one stream. */
  readonly filters: number
  /** Bytes that all decoded streams of a document have together. */
  readonly decodedBytes: number
  /** Bytes that are looked at to find where objects and trailers end, over the whole document. */
  readonly windowBytes: number
  /** Objects that the object streams list which are opened, over the whole document. */
  readonly packedObjects: number
  /** Bytes of one object without its stream. */
  readonly objectBytes: number
  /** Cross-reference sections. */
  readonly sections: number
  /** Runs of entries that all cross-reference sections have together. */
  readonly runs: number
  /** Values of one array. */
  readonly items: number
  /** Nodes of the page tree, fields, or annotations of a page. */
  readonly nodes: number
}

export const defaultLimits: Limits = {
  objectNumber: 8_388_607,
  depth: 64,
  filters: 4,
  decodedBytes: 200_000_000,
  windowBytes: 500_000_000,
  packedObjects: 1_000_000,
  objectBytes: 16_000_000,
  sections: 1024,
  runs: 100_000,
  items: 1_000_000,
  nodes: 100_000,
}
