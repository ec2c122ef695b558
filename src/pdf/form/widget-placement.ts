import type { PdfDocument } from '../document.ts'
import { type Edges, readEdges } from '../page-geometry.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { type Dict, NULL, type Ref, readDict, readInteger, readName, readNumber, readRef } from '../values.ts'

/** An appearance and the matrix that puts it where its annotation is. */
export type Placement = { readonly form: Ref; readonly matrix: readonly number[] }

/** Hidden and NoView (ISO 32000-2 table 167). */
const UNSEEN = (1 << 1) | (1 << 5)

/**
 * How the widget is shown as the revision leaves it (ISO 32000-2 12.5.5, algorithm 8.1); undefined when it shows
 * nothing.
 */
export function placementOf(document: PdfDocument, writer: RevisionWriter, widget: Ref): Placement | undefined {
  const dict = readDict(writer.current(widget) ?? NULL)
  const form = dict && normalAppearance(document, writer, dict)
  if (!dict || !form || ((readInteger(document.resolve(dict.get('F') ?? NULL)) ?? 0) & UNSEEN) !== 0) return undefined
  const rectangle = readEdges(document, dict.get('Rect'))
  const entries = readDict(writer.current(form) ?? NULL)
  const box = readEdges(document, entries?.get('BBox'))
  if (!rectangle || !box) return undefined
  const from = turnedBox(box, matrixOf(document, entries))
  const [width, height] = [from[2] - from[0], from[3] - from[1]]
  if (width <= 0 || height <= 0) return undefined
  const [x, y] = [(rectangle[2] - rectangle[0]) / width, (rectangle[3] - rectangle[1]) / height]
  return { form, matrix: [x, 0, 0, y, rectangle[0] - from[0] * x, rectangle[1] - from[1] * y] }
}

/** The stream of /AP /N, by the state where there are several. */
function normalAppearance(document: PdfDocument, writer: RevisionWriter, widget: Dict): Ref | undefined {
  const current = (value: Uint8Array | undefined) => {
    const ref = readRef(value ?? NULL)
    return { ref, value: ref ? (writer.current(ref) ?? NULL) : (value ?? NULL) }
  }
  const appearances = readDict(current(widget.get('AP')).value)
  const normal = current(appearances?.get('N'))
  const dict = readDict(normal.value)
  if (dict?.has('BBox')) return normal.ref
  const state = readName(document.resolve(widget.get('AS') ?? NULL))
  return state === undefined ? undefined : readRef(dict?.get(state) ?? NULL)
}

function matrixOf(document: PdfDocument, entries: Dict | undefined): readonly number[] {
  const numbers = (document.array(entries?.get('Matrix')) ?? []).map((item) => readNumber(document.resolve(item)))
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = numbers
  return [a, b, c, d, e, f]
}

/** The smallest upright box around a box after a matrix. */
function turnedBox([left, bottom, right, top]: Edges, matrix: readonly number[]): Edges {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = matrix
  const corners = [
    [left, bottom],
    [right, bottom],
    [left, top],
    [right, top],
  ] as const
  const xs = corners.map(([x, y]) => a * x + c * y + e)
  const ys = corners.map(([x, y]) => b * x + d * y + f)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
