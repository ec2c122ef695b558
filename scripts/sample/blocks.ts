import { ACCENT, type Face, INK, type Ink, LINE, PAGE, type PageCanvas, SHADE, SOFT } from './page-canvas.ts'

/** What a page is made of, from the top down. */
export type Block =
  | { readonly kind: 'title'; readonly title: string; readonly subtitle: string }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'clause'; readonly number?: string; readonly text: string; readonly depth?: 1 }
  | { readonly kind: 'parties'; readonly parties: readonly (readonly string[])[] }
  | Table

export type Table = {
  readonly kind: 'table'
  /** Shares of the width. */
  readonly columns: readonly number[]
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Whether the last row is a sum. */
  readonly total?: true
}

/** A heading and how high on its page it stands, for the outline. */
export type Landmark = { readonly text: string; readonly y: number }

const WIDTH = PAGE.right - PAGE.left
const BODY: Ink = { face: 'regular', size: 10.4, colour: INK }
const LEADING = 15.6
const INDENT = 28

const ink = (face: Face, size: number, colour = INK): Ink => ({ face, size, colour })

/** Draws the blocks and answers with the headings and with where the last one ended. Throws when the page is too short. */
export function drawBlocks(canvas: PageCanvas, blocks: readonly Block[]): { landmarks: Landmark[]; end: number } {
  const landmarks: Landmark[] = []
  let y: number = PAGE.top
  for (const block of blocks) {
    if (block.kind === 'heading') landmarks.push({ text: block.text, y })
    y = drawBlock(canvas, block, y)
  }
  if (y < PAGE.bottom) throw new Error(`The text of a page ends ${PAGE.bottom - y} points too low.`)
  return { landmarks, end: y }
}

/** Draws below `y`, and answers where the next block begins. */
function drawBlock(canvas: PageCanvas, block: Block, y: number): number {
  switch (block.kind) {
    case 'title':
      canvas.text(block.title, PAGE.left, y - 24, ink('bold', 25, ACCENT))
      canvas.text(block.subtitle, PAGE.left, y - 44, ink('regular', 10.5, SOFT))
      return y - 68
    case 'heading':
      canvas.text(block.text, PAGE.left, y - 24, ink('bold', 12.5, ACCENT))
      return y - 31
    case 'clause':
      return drawClause(canvas, block, y)
    case 'parties':
      return drawParties(canvas, block.parties, y)
    case 'table':
      return drawTable(canvas, block, y)
  }
}

function drawClause(canvas: PageCanvas, block: Extract<Block, { kind: 'clause' }>, y: number): number {
  const label = PAGE.left + (block.depth ?? 0) * INDENT
  const left = block.number === undefined ? label : label + INDENT
  if (block.number !== undefined) canvas.text(block.number, label, y - LEADING, ink('regular', BODY.size, SOFT))
  return drawParagraph(canvas, block.text, left, y, PAGE.right - left) - 6
}

function drawParagraph(canvas: PageCanvas, text: string, x: number, top: number, width: number): number {
  const lines = breakLines(canvas, text, width)
  let y = top
  for (const [i, words] of lines.entries()) {
    y -= LEADING
    if (i < lines.length - 1) canvas.justified(words, x, y, width, BODY)
    else canvas.text(words.join(' '), x, y, BODY)
  }
  return y
}

function breakLines(canvas: PageCanvas, text: string, width: number): string[][] {
  const lines: string[][] = [[]]
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? []
    if (line.length > 0 && canvas.widthOf([...line, word].join(' '), BODY) > width) lines.push([word])
    else line.push(word)
  }
  return lines
}

/** Side by side, each with its role, its name and the lines that tell where it is. */
function drawParties(canvas: PageCanvas, parties: readonly (readonly string[])[], y: number): number {
  const gap = 16
  const width = (WIDTH - gap * (parties.length - 1)) / parties.length
  const height = 25 + 13 * Math.max(...parties.map((lines) => lines.length))
  for (const [i, [role = '', name = '', ...lines]] of parties.entries()) {
    const x = PAGE.left + i * (width + gap)
    canvas.box(x, y - height, width, height, { fill: SHADE })
    canvas.box(x, y - height, 2.5, height, { fill: ACCENT })
    canvas.text(role.toUpperCase(), x + 14, y - 18, ink('bold', 7.5, ACCENT))
    canvas.text(name, x + 14, y - 34, ink('bold', 11))
    for (const [row, line] of lines.entries()) canvas.text(line, x + 14, y - 49 - 13 * row, ink('regular', 9, SOFT))
  }
  return y - height - 12
}

const ROW_HEIGHT = 21

function drawTable(canvas: PageCanvas, table: Table, top: number): number {
  let y = top - 8
  canvas.box(PAGE.left, y - ROW_HEIGHT, WIDTH, ROW_HEIGHT, { fill: ACCENT })
  drawRow(canvas, table, table.header, y, ink('bold', 8.8, [1, 1, 1]))
  for (const [i, row] of table.rows.entries()) {
    y -= ROW_HEIGHT
    const isTotal = table.total === true && i === table.rows.length - 1
    if (isTotal) canvas.box(PAGE.left, y - ROW_HEIGHT, WIDTH, ROW_HEIGHT, { fill: SHADE })
    drawRow(canvas, table, row, y, ink(isTotal ? 'bold' : 'regular', 9.2))
    canvas.rule(PAGE.left, y - ROW_HEIGHT, WIDTH, LINE)
  }
  return y - ROW_HEIGHT - 12
}

/** The first column begins at its left, the last one, which holds figures, ends at its right. */
function drawRow(canvas: PageCanvas, table: Table, cells: readonly string[], y: number, style: Ink): void {
  const sum = table.columns.reduce((a, b) => a + b, 0)
  let x: number = PAGE.left
  for (const [i, cell] of cells.entries()) {
    const width = (WIDTH * (table.columns[i] ?? 0)) / sum
    if (i === table.columns.length - 1) canvas.textEndingAt(cell, x + width - 8, y - 14, style)
    else canvas.text(cell, x + 8, y - 14, style)
    x += width
  }
}
