import type { Bytes } from '../std/bytes.ts'
import type { PdfDocument } from './document.ts'
import { overLimit } from './pdf-error.ts'
import { type Dict, isNull, NULL, readInteger, readNumber } from './values.ts'

/** Left, bottom, right, top in points. */
export type Edges = readonly [left: number, bottom: number, right: number, top: number]

/** An entry of a page, or of the nearest node above it that has it (ISO 32000-2 7.7.3.4). Throws `pdf.limit`. */
export function inheritedEntry(document: PdfDocument, page: Dict, key: string): Bytes | undefined {
  let node: Dict | undefined = page
  for (let depth = 0; node; depth++) {
    if (depth > document.limits.depth) overLimit('depth', document.limits.depth)
    const value: Bytes | undefined = node.get(key)
    if (value !== undefined && !isNull(document.resolve(value))) return value
    node = document.dict(node.get('Parent'))
  }
  return undefined
}

/** How far the page is turned when it is shown, clockwise in degrees. */
export function pageRotation(document: PdfDocument, page: Dict): 0 | 90 | 180 | 270 {
  const degrees = readInteger(document.resolve(inheritedEntry(document, page, 'Rotate') ?? NULL)) ?? 0
  const turn = ((degrees % 360) + 360) % 360
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0
}

/** The part of the page that is shown: the crop box inside the media box; a sheet of letter paper where both lack. */
export function visibleBox(document: PdfDocument, page: Dict): Edges {
  const media = readEdges(document, inheritedEntry(document, page, 'MediaBox')) ?? [0, 0, 612, 792]
  const crop = readEdges(document, inheritedEntry(document, page, 'CropBox')) ?? media
  return [
    Math.max(crop[0], media[0]),
    Math.max(crop[1], media[1]),
    Math.min(crop[2], media[2]),
    Math.min(crop[3], media[3]),
  ]
}

/** A rectangle with its corners in order, or undefined when the value is none. */
export function readEdges(document: PdfDocument, value: Bytes | undefined): Edges | undefined {
  const [a, b, c, d] = (document.array(value) ?? []).map((item) => readNumber(document.resolve(item)))
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
}
