import type { Drawing } from '../appearance/drawing.ts'
import type { Box } from '../appearance/text-block.ts'
import { decimal } from '../decimal.ts'
import type { PdfDocument } from '../document.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { type Dict, writeName, writeRef } from '../values.ts'
import { OFF } from './plan-button.ts'
import { insideOf, startFrame } from './widget-frame.ts'

const PADDING = 1.5
/** A circle as four curves: how far their handles reach, in radii. */
const HANDLE = 0.5523

/** The value of /AP for a button that has none: an empty box, and the same with a mark. */
export function drawButton(
  document: PdfDocument,
  writer: RevisionWriter,
  widget: Dict,
  state: string,
  isRadio: boolean,
): string {
  const [off, on] = [false, true].map((isOn) => {
    const frame = startFrame(document, widget)
    if (isOn) (isRadio ? drawDot : drawCheck)(frame.drawing, insideOf(frame, PADDING))
    return writeRef(frame.drawing.write(writer, [frame.width, frame.height], frame.turn))
  })
  return `<</N<</${OFF} ${off} ${writeName(state)} ${on}>>>>`
}

/** A mark drawn as lines: it needs no font of symbols. */
function drawCheck(drawing: Drawing, [left, bottom, width, height]: Box): void {
  const edge = Math.min(width, height)
  const point = (x: number, y: number) =>
    `${decimal(left + width / 2 + (x - 0.5) * edge)} ${decimal(bottom + height / 2 + (y - 0.5) * edge)}`
  const path = `${point(0.12, 0.5)} m ${point(0.4, 0.2)} l ${point(0.88, 0.82)} l S`
  drawing.add('q', `0 G ${decimal(edge * 0.12)} w 1 J 1 j`, path, 'Q')
}

function drawDot(drawing: Drawing, [left, bottom, width, height]: Box): void {
  const radius = Math.min(width, height) * 0.3
  const [x, y, h] = [left + width / 2, bottom + height / 2, radius * HANDLE]
  const point = (dx: number, dy: number) => `${decimal(x + dx)} ${decimal(y + dy)}`
  drawing.add(
    `q 0 g ${point(radius, 0)} m`,
    `${point(radius, h)} ${point(h, radius)} ${point(0, radius)} c`,
    `${point(-h, radius)} ${point(-radius, h)} ${point(-radius, 0)} c`,
    `${point(-radius, -h)} ${point(-h, -radius)} ${point(0, -radius)} c`,
    `${point(h, -radius)} ${point(radius, -h)} ${point(radius, 0)} c f Q`,
  )
}
