import { decimal } from '../decimal.ts'
import type { FontBook } from '../text/font-book.ts'
import { type Direction, type GlyphRun, widthOf } from '../text/typesetter.ts'
import type { Drawing } from './drawing.ts'
import { Breakable } from './line-breaks.ts'

export type Alignment = 'left' | 'centre' | 'right'

/** Left, bottom, width and height in points. */
export type Box = readonly [left: number, bottom: number, width: number, height: number]

export type TextBlock = {
  /** Paragraphs: each starts a new line. */
  readonly lines: readonly string[]
  readonly direction?: Direction
  /** The side on which reading starts when none is given. */
  readonly align?: Alignment
  /** In points; as large as fits, up to `largest`, when none is given. */
  readonly size?: number
  readonly largest?: number
  /** False keeps each paragraph on one line. */
  readonly wrap?: boolean
  readonly vertical?: 'top' | 'middle'
  /** Operators that set the colour. */
  readonly colour?: string
}

type SetLine = { readonly runs: readonly GlyphRun[]; readonly width: number; readonly direction: Direction }
type Metrics = { readonly ascent: number; readonly lineHeight: number }

const LARGEST = 12
const SMALLEST = 4
/** Halvings of the range in which the size is looked for: the last is a few thousandths of a point. */
const STEPS = 12

/** Some faces leave room for stacks of marks that hardly a text has; lines would stand far apart. In thousandths. */
const HIGHEST = 1100
const DEEPEST = -450

/** Sets text into a box and clips it there. Throws `pdf.text` for a character that cannot be shown. */
export function drawText(drawing: Drawing, book: FontBook, block: TextBlock, box: Box): void {
  const [left, bottom, width, height] = box
  const paragraphs = block.lines.map((line) => new Breakable(book.paragraph(line, block.direction)))
  const metrics = metricsOf(book, paragraphs)
  const size = block.size ?? fittingSize(paragraphs, metrics, block, box)
  const lines = paragraphs.flatMap((one) => setLines(one, placesOf(one, block, width / size)))
  const free = height - lines.length * metrics.lineHeight * size
  // A single line that is too high loses as much above as below.
  const spare = block.vertical === 'middle' ? (block.wrap === false ? free : Math.max(0, free)) / 2 : 0
  drawing.add('q', `${[left, bottom, width, height].map(decimal).join(' ')} re W n`, 'BT', block.colour ?? '0 g')
  lines.forEach((line, i) => {
    const y = bottom + height - spare - (metrics.ascent + i * metrics.lineHeight) * size
    const x = left + indent(line, block.align, width, size)
    // A line below the box is clipped away as a whole: its glyphs need not be in the font.
    if (y > bottom - metrics.ascent * size) drawing.line(book, line.runs, { x, y, size })
  })
  drawing.add('ET', 'Q')
}

/** The highest and deepest letters of the faces that occur, in font sizes. */
function metricsOf(book: FontBook, paragraphs: readonly Breakable[]): Metrics {
  const faces = new Set(
    paragraphs.flatMap(({ paragraph }) => paragraph.line(0, paragraph.text.length).map(({ face }) => face)),
  )
  const facts = [...faces].map((face) => book.facts(face))
  const ascent = Math.min(HIGHEST, Math.max(800, ...facts.map((fact) => fact.ascent))) / 1000
  const descent = Math.max(DEEPEST, Math.min(-200, ...facts.map((fact) => fact.descent))) / 1000
  return { ascent, lineHeight: ascent - descent }
}

function placesOf(paragraph: Breakable, { wrap = true }: TextBlock, width: number): number[] {
  return wrap ? paragraph.places(width) : [paragraph.paragraph.text.length]
}

/** The largest size at which all lines fit, or the smallest that can be read. */
function fittingSize(paragraphs: readonly Breakable[], metrics: Metrics, block: TextBlock, box: Box): number {
  const [, , width, height] = box
  const fits = (size: number) => {
    let lines = 0
    for (const paragraph of paragraphs) {
      const widest = block.wrap === false ? paragraph.width(0, paragraph.paragraph.text.length) : paragraph.widestPart
      if (widest * size > width + 0.01) return false
      lines += placesOf(paragraph, block, width / size).length
    }
    return lines * metrics.lineHeight * size <= height
  }
  let high = Math.max(0.1, Math.min(block.largest ?? LARGEST, height / metrics.lineHeight))
  if (high <= SMALLEST || fits(high)) return high
  let low = SMALLEST
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}

function setLines({ paragraph }: Breakable, places: readonly number[]): SetLine[] {
  return places.map((end, i) => {
    const runs = paragraph.line(places[i - 1] ?? 0, end)
    return { runs, width: widthOf(runs), direction: paragraph.direction }
  })
}

function indent(line: SetLine, align: Alignment | undefined, width: number, size: number): number {
  const side = align ?? (line.direction === 'rtl' ? 'right' : 'left')
  const free = width - line.width * size
  return side === 'left' ? 0 : side === 'centre' ? free / 2 : free
}
