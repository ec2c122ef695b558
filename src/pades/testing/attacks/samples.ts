import { bytesSource, openPdf } from '../../../pdf/index.ts'
import { buildPdf, objectsOf, stream, writePdf } from '../../../pdf/testing/pdf-builder.ts'
import type { PrepareRequest } from '../../index.ts'
import { appended, signed, signers } from '../signing.ts'

type Objects = Readonly<Record<number, string>>

/** A document with a form; the objects of `more` come beside its own or in their place. */
export function document(more: Objects = {}): Buffer {
  const objects = objectsOf({ form: true })
  for (const [number, value] of Object.entries(more)) objects.set(Number(number), value)
  return writePdf('table', objects)
}

/** Ana signs a document, in the field `Sig_A` when nothing else is said. */
export function signedByAna(pdf: Buffer = form, request: Partial<PrepareRequest> = {}): Promise<Buffer> {
  return signed(pdf, signers.ana, { field: { existing: 'Sig_A' }, ...request })
}

/** Appends a revision to a document that Ana signed. */
export function afterAna(objects: Objects, pdf?: Buffer, request?: Partial<PrepareRequest>): () => Promise<Buffer> {
  return async () => appended(await signedByAna(pdf, request), objects)
}

/** An object number that the document does not have. */
export function freeNumber(pdf: Buffer): number {
  return openPdf(bytesSource(pdf)).firstFreeNumber
}

/** The newest cross-reference section. */
export function lastXref(pdf: Buffer): number {
  return openPdf(bytesSource(pdf)).startXref
}

export const form = buildPdf('table', { form: true })
const FORM_ENTRIES = '/DA(/F1 0 Tf 0 g)'
const PAGE = '/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>'

/** The first page; `annotations` follow the three that it has. */
export function firstPage({ annotations = '', entries = '', contents = '11 0 R' } = {}): string {
  return `<<${PAGE}/Contents ${contents}/Annots[5 0 R 6 0 R 8 0 R${annotations}]${entries}>>`
}

export function catalog(entries = ''): string {
  return `<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R${entries}>>`
}

/** The form; `fields` follow the three that it has. */
export function formWith(fields = '', entries = '/SigFlags 3'): string {
  return `<</Fields[5 0 R 6 0 R 7 0 R${fields}]${FORM_ENTRIES}${entries}>>`
}

/** The text field `city`. */
export function cityField(value: string, entries = ''): string {
  return `<</Type/Annot/Subtype/Widget/Rect[50 600 300 620]/P 10 0 R/F 4/FT/Tx/T(city)/V${value}/DA(/F1 10 Tf 0 g)${entries}>>`
}

/** A form XObject. */
export function drawing(data: string, entries = ''): string {
  return stream(data, `/Type/XObject/Subtype/Form/BBox[0 0 500 800]${entries}`)
}

export const OTHER_TEXT = stream('BT /F1 24 Tf 60 700 Td (You owe me) Tj ET')
