import type { Bytes } from '../../std/bytes.ts'
import { Drawing, type Turn } from '../appearance/drawing.ts'
import type { Box } from '../appearance/text-block.ts'
import { decimal } from '../decimal.ts'
import type { PdfDocument } from '../document.ts'
import { readEdges } from '../page-geometry.ts'
import { type Dict, NULL, readInteger, readNumber } from '../values.ts'

/** The box of a widget as its content is read, with background and border drawn. */
export type Frame = {
  readonly drawing: Drawing
  readonly width: number
  readonly height: number
  readonly turn: Turn
  readonly border: number
}

const FILL = ['', 'g', '', 'rg', 'k']
const STROKE = ['', 'G', '', 'RG', 'K']

/** Starts the appearance of a widget by its /MK and /BS (ISO 32000-2 tables 168 and 192). */
export function startFrame(document: PdfDocument, widget: Dict): Frame {
  const [left, bottom, right, top] = readEdges(document, widget.get('Rect')) ?? [0, 0, 0, 0]
  const look = document.dict(widget.get('MK'))
  const turn = turnOf(readInteger(document.resolve(look?.get('R') ?? NULL)) ?? 0)
  const isLying = turn === 90 || turn === 270
  const [width, height] = isLying ? [top - bottom, right - left] : [right - left, top - bottom]
  const drawing = new Drawing()
  const background = colour(document, look?.get('BG'), FILL)
  if (background) drawing.add('q', background, `0 0 ${decimal(width)} ${decimal(height)} re f`, 'Q')
  const line = colour(document, look?.get('BC'), STROKE)
  const border = line ? borderWidth(document, widget) : 0
  if (line && border > 0) {
    const box = [border / 2, border / 2, Math.max(0, width - border), Math.max(0, height - border)]
    drawing.add('q', line, `${decimal(border)} w`, `${box.map(decimal).join(' ')} re S`, 'Q')
  }
  return { drawing, width, height, turn, border }
}

/** The part of the frame that its content may fill. */
export function insideOf({ width, height, border }: Frame, padding: number): Box {
  const edge = border + padding
  return [edge, edge, Math.max(0.1, width - 2 * edge), Math.max(0.1, height - 2 * edge)]
}

function turnOf(degrees: number): Turn {
  const turn = ((degrees % 360) + 360) % 360
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0
}

function borderWidth(document: PdfDocument, widget: Dict): number {
  const width = readNumber(document.resolve(document.dict(widget.get('BS'))?.get('W') ?? NULL)) ?? 1
  return Math.min(Math.max(width, 0), 10)
}

/** The operator that sets a colour of one, three or four numbers; undefined for no colour. */
function colour(document: PdfDocument, value: Bytes | undefined, operators: readonly string[]): string | undefined {
  const numbers = (document.array(value) ?? []).map((item) => readNumber(document.resolve(item)) ?? 0)
  const operator = operators[numbers.length]
  return operator ? `${numbers.map(decimal).join(' ')} ${operator}` : undefined
}
