import { joinedSource, openPdf, type PdfDocument } from '../pdf/index.ts'
import type { Bytes } from '../std/bytes.ts'

/** The document with a revision that is not written yet, opened as strictly as its kind can be. */
export function withTail({ source, limits, encryption, headerOffset }: PdfDocument, tail: Bytes): PdfDocument {
  // No revision takes away what stands in front of the header; all else was mended by the first one.
  const damaged = headerOffset > 0 ? 'repair' : 'refuse'
  return openPdf(joinedSource(source, tail), { limits, unlocked: encryption, damaged })
}
