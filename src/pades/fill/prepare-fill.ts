import { typesetter } from '../../fonts/index.ts'
import {
  type FieldValues,
  fillFields,
  flattenFields,
  formFields,
  openPdf,
  PdfDocument,
  PdfError,
  RevisionWriter,
  type Source,
} from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { requireFilling, requirePageChange, signedFields } from '../permissions.ts'

export type FillRequest = {
  /** Values by the full names of the fields. */
  readonly values: FieldValues
  /** Draws these fields, or all but signature fields, into the pages and takes them out of the form. */
  readonly flatten?: boolean | readonly string[]
  /** Distinguishes the revision from others: becomes a part of the second file identifier. */
  readonly filledAt: Date
}

/**
 * Writes the revision in which fields of the document are filled, and flattened when asked; it has to be appended.
 * What signatures, locks and the encryption of the document forbid is refused before anything is written.
 *
 * Throws `PadesError` for what a signature forbids, and `PdfError` for a document that cannot be read, a permission
 * of its encryption (`pdf.permission`), and values that a field does not take (`pdf.form`).
 */
export async function prepareFill(input: Source | PdfDocument, request: FillRequest): Promise<Bytes> {
  const document = input instanceof PdfDocument ? input : openPdf(input)
  const { values, flatten = false, filledAt } = request
  const fields = formFields(document)
  requireFilling(document, fields, Object.keys(values))
  if (flatten !== false) requirePageChange(document, fields)
  requireEncryptionAllows(document, flatten !== false)
  const writer = new RevisionWriter(document)
  // Who signed saw the other fields as they are shown now, and may have locked them.
  const redrawOthers = signedFields(fields).length === 0
  const fonts = await typesetter()
  fillFields(document, writer, values, fonts, { redrawOthers })
  if (flatten !== false) flattenFields(document, writer, fonts, flatten === true ? undefined : flatten)
  return writer.finish(Buffer.from(`${document.source.size} ${filledAt.toISOString()}`)).tail
}

/** What the author of an encrypted document lets users do (ISO 32000-2 table 22). Throws `pdf.permission`. */
function requireEncryptionAllows({ encryption }: PdfDocument, changesPages: boolean): void {
  if (!encryption) return
  const mayChangePages = encryption.authenticatedAs === 'owner' || encryption.permissions.modify
  if (!encryption.mayFillForms || (changesPages && !mayChangePages))
    throw new PdfError('pdf.permission', 'the author of the file does not allow this without the owner password', {
      what: encryption.mayFillForms ? 'flatten' : 'fill',
    })
}
