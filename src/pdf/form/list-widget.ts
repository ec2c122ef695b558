import { drawText } from '../appearance/text-block.ts'
import { decimal } from '../decimal.ts'
import type { Dict, Ref } from '../values.ts'
import type { Field } from './acro-form.ts'
import { readTextStyle } from './default-appearance.ts'
import { fieldEntry, integerOf, optionsOf, variableTextEntry } from './field-entries.ts'
import type { Chosen } from './plan-fill.ts'
import type { Studio } from './text-widget.ts'
import { insideOf, startFrame } from './widget-frame.ts'

const DEFAULT_SIZE = 10
/** From one option to the next, in font sizes. */
const LEADING = 1.4
const PADDING = 1
/** Behind what is chosen: a gray that black text can be read on. */
const MARKER = '0.8 g'

/** Draws a list box: its options from the first one shown on, the chosen ones marked. Throws `pdf.text`. */
export function drawListWidget(studio: Studio, field: Field, widget: Dict, chosen: readonly Chosen[]): Ref {
  const { document, writer, book } = studio
  const frame = startFrame(document, widget)
  const style = readTextStyle(document, variableTextEntry(document, field, widget, 'DA'))
  const size = style.size > 0 ? style.size : DEFAULT_SIZE
  const [left, bottom, width, height] = insideOf(frame, PADDING)
  const line = size * LEADING
  const visible = Math.max(1, Math.floor(height / line))
  const places = new Set(chosen.map(({ index }) => index))
  const first = firstShown(integerOf(document, fieldEntry(document, field, 'TI')) ?? 0, chosen[0]?.index, visible)
  frame.drawing.add('/Tx BMC')
  optionsOf(document, field)
    .slice(first, first + visible)
    .forEach(({ label }, i) => {
      const box = [left, bottom + height - (i + 1) * line, width, line] as const
      if (places.has(first + i)) frame.drawing.add('q', MARKER, `${box.map(decimal).join(' ')} re f`, 'Q')
      const block = { lines: [label], size, wrap: false, vertical: 'middle' as const, colour: style.colour }
      if (label !== '') drawText(frame.drawing, book, block, box)
    })
  frame.drawing.add('EMC')
  return frame.drawing.write(writer, [frame.width, frame.height], frame.turn)
}

/** Scrolls so that the first chosen option can be seen. */
function firstShown(top: number, chosen: number | undefined, visible: number): number {
  if (chosen === undefined) return Math.max(0, top)
  return chosen >= top && chosen < top + visible ? Math.max(0, top) : chosen
}
