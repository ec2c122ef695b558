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
  /** Bytes of one object without its stream. */
  readonly objectBytes: number
  /** Cross-reference sections. */
  readonly sections: number
  /** Nodes of the page tree, fields, or annotations of a page. */
  readonly nodes: number
}

export const defaultLimits: Limits = {
  objectNumber: 8_388_607,
  depth: 64,
  filters: 4,
  decodedBytes: 200_000_000,
  objectBytes: 16_000_000,
  sections: 1024,
  nodes: 100_000,
}
