import { type Alignment, drawText } from '../appearance/text-block.ts'
import { decimal } from '../decimal.ts'
import type { PdfDocument } from '../document.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import type { FontBook } from '../text/font-book.ts'
import { widthOf } from '../text/typesetter.ts'
import type { Dict, Ref } from '../values.ts'
import type { Field } from './acro-form.ts'
import { readTextStyle } from './default-appearance.ts'
import { FLAG, fieldEntry, integerOf, variableTextEntry } from './field-entries.ts'
import { refuseField } from './form-refusal.ts'
import { type Frame, insideOf, startFrame } from './widget-frame.ts'

/** What all widgets of one revision are drawn with. */
export type Studio = { readonly document: PdfDocument; readonly writer: RevisionWriter; readonly book: FontBook }

const PADDING = 2
/** The size of text that fits itself: in several lines as in a letter, in one line by the height of the field. */
const LARGEST_IN_LINES = 12
const PART_OF_HEIGHT = 0.7
const ALIGNMENTS: readonly (Alignment | undefined)[] = [undefined, 'centre', 'right']
/** The part of a cell that a character may fill in height. */
const PART_OF_CELL = 0.75

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Draws the widget of a text field or combo box with this text. Throws `pdf.text` and `pdf.form`. */
export function drawTextWidget(studio: Studio, field: Field, widget: Dict, text: string, flags: number): Ref {
  const { document, writer } = studio
  const frame = startFrame(document, widget)
  frame.drawing.add('/Tx BMC')
  const cells = integerOf(document, fieldEntry(document, field, 'MaxLen')) ?? 0
  if (text !== '' && (flags & FLAG.comb) !== 0 && cells > 0) drawCells(studio, field, widget, text, frame, cells)
  else if (text !== '') drawLines(studio, field, widget, text, frame, (flags & FLAG.multiline) !== 0)
  frame.drawing.add('EMC')
  return frame.drawing.write(writer, [frame.width, frame.height], frame.turn)
}

function drawLines(studio: Studio, field: Field, widget: Dict, text: string, frame: Frame, isMultiline: boolean): void {
  const { document, book } = studio
  const style = readTextStyle(document, variableTextEntry(document, field, widget, 'DA'))
  const align = ALIGNMENTS[integerOf(document, variableTextEntry(document, field, widget, 'Q')) ?? 0]
  const block = {
    lines: text.split('\n'),
    wrap: isMultiline,
    vertical: isMultiline ? ('top' as const) : ('middle' as const),
    largest: isMultiline ? LARGEST_IN_LINES : frame.height * PART_OF_HEIGHT,
    colour: style.colour,
    ...(align ? { align } : {}),
    ...(style.size > 0 ? { size: style.size } : {}),
  }
  drawText(frame.drawing, book, block, insideOf(frame, isMultiline ? PADDING : PADDING / 2))
}

/** One character in the middle of each cell; where the text reads from the right, so do the cells. */
function drawCells(studio: Studio, field: Field, widget: Dict, text: string, frame: Frame, cells: number): void {
  const { document, book } = studio
  const style = readTextStyle(document, variableTextEntry(document, field, widget, 'DA'))
  const characters = [...graphemes.segment(text)].map(({ segment }) => segment)
  if (characters.length > cells) refuseField(field.name, 'too_long', 'the text has more characters than the field')
  const isRightToLeft = book.paragraph(text).direction === 'rtl'
  const cell = frame.width / cells
  const size =
    style.size > 0 ? style.size : Math.min(LARGEST_IN_LINES, frame.height * PART_OF_HEIGHT, cell / PART_OF_CELL)
  const { drawing } = frame
  drawing.add('q', `0 0 ${decimal(frame.width)} ${decimal(frame.height)} re W n`, 'BT', style.colour)
  characters.forEach((character, i) => {
    const runs = book.paragraph(character).line(0, character.length)
    const place = isRightToLeft ? cells - 1 - i : i
    const x = (place + 0.5) * cell - (widthOf(runs) * size) / 2
    const height = book.font(runs[0]?.face ?? '').facts.capHeight / 1000
    drawing.line(book, runs, { x, y: (frame.height - height * size) / 2, size })
  })
  drawing.add('ET', 'Q')
}
