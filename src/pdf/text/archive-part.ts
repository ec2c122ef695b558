import { asBuffer } from '../../std/bytes.ts'
import type { PdfDocument } from '../document.ts'
import { readRef } from '../values.ts'

/**
 * The part of PDF/A (ISO 19005) that the metadata of a document claims, or undefined. Throws `pdf.damaged` when the
 * metadata cannot be read.
 */
export function archivePart(document: PdfDocument): number | undefined {
  const ref = readRef(document.catalog.get('Metadata') ?? new Uint8Array())
  const object = ref && document.object(ref)
  if (object?.streamOffset === undefined) return undefined
  const text = asBuffer(document.streamData(object)).toString('latin1')
  const part = /pdfaid:part(?:\s*=\s*["']|\s*>\s*)(\d)/.exec(text)?.[1]
  return part === undefined ? undefined : Number(part)
}
