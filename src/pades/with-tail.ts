import { joinedSource, openPdf, type PdfDocument } from '../pdf/index.ts'
import type { Bytes } from '../std/bytes.ts'

/** The document with a revision that is not written yet, opened as strictly as any. */
export function withTail({ source, limits, encryption }: PdfDocument, tail: Bytes): PdfDocument {
  return openPdf(joinedSource(source, tail), { limits, unlocked: encryption })
}
