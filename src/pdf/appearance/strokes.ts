import { decimal } from '../decimal.ts'
import { PdfError } from '../pdf-error.ts'
import type { Drawing } from './drawing.ts'
import type { Box } from './text-block.ts'

/** A point of a drawn line; y grows downwards, as screens have it. `pressure` is between 0 and 1. */
export type StrokePoint = { readonly x: number; readonly y: number; readonly pressure?: number }
/** A line that was drawn without lifting the pen. */
export type Stroke = readonly StrokePoint[]

const MAX_POINTS = 20_000
/** The pen without pressure, as a part of the height of the drawing. */
const PEN = 0.02
/** The widest and the narrowest pen, in points. */
const WIDEST = 2.5
const NARROWEST = 0.4
/** Black in gray, which every document can show: PDF/A ties other colours to an output intent. */
const INK = '0 G'

/** Draws strokes into a box, as large as they fit, with smooth curves. Throws `pdf.strokes`. */
export function drawStrokes(drawing: Drawing, strokes: readonly Stroke[], box: Box): void {
  const place = placement(strokes, box)
  drawing.add('q', INK, '1 J 1 j')
  for (const stroke of strokes) drawing.add(...curveOf(stroke.map(place)))
  drawing.add('Q')
}

type Placed = { readonly x: number; readonly y: number; readonly width: number }

/** Maps the drawing into the middle of the box and keeps its proportions. */
function placement(strokes: readonly Stroke[], [left, bottom, width, height]: Box): (point: StrokePoint) => Placed {
  const points = strokes.flat()
  if (points.length === 0 || points.length > MAX_POINTS || points.some((point) => !isSound(point)))
    throw new PdfError('pdf.strokes', 'the drawing has no points, too many, or points that are not on a plane')
  const [minX, maxX] = rangeOf(points.map(({ x }) => x))
  const [minY, maxY] = rangeOf(points.map(({ y }) => y))
  const scale = Math.min(width / Math.max(maxX - minX, 1e-6), height / Math.max(maxY - minY, 1e-6))
  const fitted = Number.isFinite(scale) ? Math.min(scale, 1e6) : 1
  const [middleX, middleY] = [left + width / 2, bottom + height / 2]
  const pen = Math.min(WIDEST, Math.max(NARROWEST, PEN * height))
  return ({ x, y, pressure = 0.5 }) => ({
    x: middleX + (x - (minX + maxX) / 2) * fitted,
    y: middleY - (y - (minY + maxY) / 2) * fitted,
    width: pen * (0.5 + pressure),
  })
}

function isSound({ x, y, pressure = 0.5 }: StrokePoint): boolean {
  return (
    Number.isFinite(x) && Number.isFinite(y) && Math.abs(x) < 1e6 && Math.abs(y) < 1e6 && pressure >= 0 && pressure <= 1
  )
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

/** A curve through all points (Catmull-Rom as Bézier curves); a new path begins where the pen changes its width. */
function curveOf(points: readonly Placed[]): string[] {
  const operators: string[] = []
  let pen = -1
  points.forEach((to, i) => {
    const from = points[i - 1]
    if (!from) {
      // A point alone is a dot: a line of no length with round ends.
      if (points.length === 1) operators.push(`${decimal(to.width)} w ${at(to)} m ${at(to)} l S`)
      return
    }
    const width = Math.round(((from.width + to.width) / 2) * 10) / 10
    if (width !== pen) {
      if (pen >= 0) operators.push('S')
      operators.push(`${decimal(width)} w ${at(from)} m`)
      pen = width
    }
    const [before, after] = [points[i - 2] ?? from, points[i + 1] ?? to]
    const first = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 }
    const second = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 }
    operators.push(`${at(first)} ${at(second)} ${at(to)} c`)
  })
  return pen >= 0 ? [...operators, 'S'] : operators
}

function at({ x, y }: { readonly x: number; readonly y: number }): string {
  return `${decimal(x)} ${decimal(y)}`
}
