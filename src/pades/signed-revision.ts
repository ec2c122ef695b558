import { firstBytes, openPdf, type PdfDocument, PdfError } from '../pdf/index.ts'
import type { ByteRange } from './prepared.ts'
import { failed, type Problem } from './validation/problem.ts'

/** The document as it was signed, and how many revisions came after. */
export type SignedRevision = { readonly document: PdfDocument; readonly later: number }

/**
 * Rule R6: the range ends where a complete file ends, and what follows are revisions that continue it. The signed
 * file is opened by itself, so that a later revision cannot pass off another past as the signed one.
 */
export function signedRevision(document: PdfDocument, byteRange: ByteRange): SignedRevision | Problem {
  const end = byteRange[2] + byteRange[3]
  if (end === document.source.size) return { document, later: 0 }
  const signed = openSigned(document, end)
  if (signed === undefined)
    return failed('FORMAT_FAILURE', 'byte_range.r6', 'The signed bytes do not end where a revision ends.')
  const later = document.revisions.length - signed.revisions.length
  if (later === 0 && continues(document, signed, end))
    return failed('FORMAT_FAILURE', 'byte_range.r6', 'Bytes that belong to no revision follow the signed ones.')
  return continues(document, signed, end)
    ? { document: signed, later }
    : failed('FORMAT_FAILURE', 'later.other_past', 'Later revisions do not continue the one that was signed.')
}

function openSigned(document: PdfDocument, end: number): PdfDocument | undefined {
  try {
    const { limits, encryption: unlocked } = document
    // Bytes in front of the header make no file that can be read strictly, and no other file.
    const damaged = document.headerOffset > 0 ? 'repair' : 'refuse'
    const signed = openPdf(firstBytes(document.source, end), { limits, unlocked, damaged })
    return signed.isRebuilt ? undefined : signed
  } catch (error) {
    if (error instanceof PdfError) return undefined
    throw error
  }
}

/** True when the chain behind the later sections is the signed document's whole chain, and those are really later. */
function continues(document: PdfDocument, signed: PdfDocument, end: number): boolean {
  const later = document.revisions.length - signed.revisions.length
  if (later < 0) return false
  const offsets = document.revisions.map(({ section, hidden }) => [section.offset, hidden?.offset])
  const expected = signed.revisions.map(({ section, hidden }) => [section.offset, hidden?.offset])
  const isSame = expected.every(([own, hidden], i) => {
    const [otherOwn, otherHidden] = offsets[later + i] ?? []
    return own === otherOwn && hidden === otherHidden
  })
  const areLater = offsets
    .slice(0, later)
    .flat()
    .every((offset) => offset === undefined || offset >= end)
  return isSame && areLater
}
