import type { Bytes } from '../../std/bytes.ts'
import { PdfError } from '../pdf-error.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { FontBook } from '../text/font-book.ts'
import type { Direction, Typesetter } from '../text/typesetter.ts'
import type { Ref } from '../values.ts'
import { Drawing, type Turn } from './drawing.ts'
import { putImage } from './image.ts'
import { drawStrokes, type Stroke } from './strokes.ts'
import { type Box, drawText } from './text-block.ts'

/** What a signature shows: text, and at its left a picture or a drawn signature. The background is left free. */
export type AppearanceContent = {
  readonly lines?: readonly string[]
  /** Of the text; its first letter decides when none is given. */
  readonly direction?: Direction
  /** A PNG or JPEG file. */
  readonly image?: Bytes
  readonly strokes?: readonly Stroke[]
}

export type AppearanceRequest = {
  readonly content: AppearanceContent
  /** Of the rectangle on the page, in points. */
  readonly width: number
  readonly height: number
  /** /Rotate of the page: the appearance is turned so that it is upright when the page is shown. */
  readonly pageRotation?: Turn
  /** Needed for lines. */
  readonly typesetter?: Typesetter | undefined
  /** The part of PDF/A that the document keeps to. */
  readonly archivePart?: number | undefined
}

const PADDING = 3
/** The part of the width that a picture takes beside text. */
const PICTURE_SHARE = 0.4

/**
 * Adds the form XObject of an appearance with all that it needs. Throws `pdf.text` for a character that no font has,
 * `pdf.image` and `pdf.strokes` for pictures that cannot be shown.
 */
export function appearance(writer: RevisionWriter, request: AppearanceRequest): Ref {
  const { content, pageRotation = 0 } = request
  const isLying = pageRotation === 90 || pageRotation === 270
  const [width, height] = isLying ? [request.height, request.width] : [request.width, request.height]
  const drawing = new Drawing()
  const [picture, text] = boxesOf(content, width, height)
  if (picture) drawPicture(drawing, writer, content, picture, request.archivePart)
  if (text) {
    const { typesetter } = request
    if (!typesetter) throw new PdfError('pdf.text', 'a text needs a typesetter')
    const book = new FontBook(writer, typesetter)
    const { lines = [], direction } = content
    drawText(drawing, book, { lines, vertical: 'middle', ...(direction ? { direction } : {}) }, text)
    book.finish(request.archivePart)
  }
  return drawing.write(writer, [width, height], pageRotation)
}

/** Where the picture and the text go. */
function boxesOf(content: AppearanceContent, width: number, height: number): [Box | undefined, Box | undefined] {
  const inner: Box = [PADDING, PADDING, Math.max(1, width - 2 * PADDING), Math.max(1, height - 2 * PADDING)]
  const hasText = content.lines !== undefined && content.lines.length > 0
  const hasPicture = content.image !== undefined || content.strokes !== undefined
  if (!hasText || !hasPicture) return [hasPicture ? inner : undefined, hasText ? inner : undefined]
  const [left, bottom, free, high] = inner
  const share = free * PICTURE_SHARE
  return [
    [left, bottom, share - PADDING, high],
    [left + share, bottom, free - share, high],
  ]
}

function drawPicture(
  drawing: Drawing,
  writer: RevisionWriter,
  { image, strokes }: AppearanceContent,
  box: Box,
  archivePart: number | undefined,
): void {
  if (image && strokes) throw new PdfError('pdf.image', 'an appearance has a picture or a drawing, not both')
  if (strokes) drawStrokes(drawing, strokes, box)
  if (!image) return
  const placed = putImage(writer, image, archivePart)
  const [left, bottom, width, height] = box
  const scale = Math.min(width / placed.width, height / placed.height)
  const [shownWidth, shownHeight] = [placed.width * scale, placed.height * scale]
  drawing.image(placed.ref, [
    left + (width - shownWidth) / 2,
    bottom + (height - shownHeight) / 2,
    shownWidth,
    shownHeight,
  ])
}
