import { typesetter } from '../fonts/index.ts'
import {
  type AppearanceContent,
  appearance,
  archivePart,
  type PdfDocument,
  pageRotation,
  type RevisionWriter,
  writeRef,
} from '../pdf/index.ts'
import type { Rectangle } from './signature-field.ts'

/** What a visible field shows: text, with a picture or a drawn signature at its left. */
export type AppearanceRequest = AppearanceContent

/** The page that shows the field, as a dictionary with its parents above it. */
type PageDict = Parameters<typeof pageRotation>[1]

/**
 * Adds the appearance of a signature and returns the value of /AP. The fonts are loaded by the first text of the
 * process. Throws `PdfError` for a text or picture that cannot be shown.
 */
export async function putAppearance(
  document: PdfDocument,
  writer: RevisionWriter,
  content: AppearanceRequest,
  { page, rectangle: [left, bottom, right, top] }: { page: PageDict | undefined; rectangle: Rectangle },
): Promise<string> {
  const ref = appearance(writer, {
    content,
    width: right - left,
    height: top - bottom,
    pageRotation: page ? pageRotation(document, page) : 0,
    typesetter: content.lines === undefined ? undefined : await typesetter(),
    archivePart: archivePart(document),
  })
  return `<</N ${writeRef(ref)}>>`
}

/**
 * The value of /AP for a field that shows nothing, or undefined where none is needed: PDF/A-1 wants an appearance of
 * every field (ISO 19005-1 6.9), later parts leave out those without an extent.
 */
export function emptyAppearance(document: PdfDocument, writer: RevisionWriter): string | undefined {
  if (archivePart(document) !== 1) return undefined
  const ref = writer.allocate()
  const entries = { Type: '/XObject', Subtype: '/Form', BBox: '[0 0 0 0]', Resources: '<<>>' }
  writer.putStream(ref, new Map(Object.entries(entries).map(([key, value]) => [key, Buffer.from(value)])), NOTHING)
  return `<</N ${writeRef(ref)}>>`
}

const NOTHING = new Uint8Array()
