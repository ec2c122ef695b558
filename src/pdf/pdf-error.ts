import { CodedError, type ErrorDetails } from '../std/error.ts'

/**
 * - `pdf.not_a_pdf`: the file does not start like one
 * - `pdf.password_needed`: the file is encrypted, and no password was given or a wrong one
 * - `pdf.unsupported_encryption`: the file is encrypted in a way that no password opens here
 * - `pdf.permission`: the author of an encrypted file does not allow this to users
 * - `pdf.damaged`: reading on would mean to guess what was meant; `details.what` names the spot
 * - `pdf.limit`: more or larger than is read here; `details.what` names the limit
 * - `pdf.unsupported_filter`: a stream that is needed is packed in a way that is not read here
 * - `pdf.not_found`: the page or field that was asked for is not there
 * - `pdf.source_changed`: the file on the disk is not, or is no longer, the one that is being read
 * - `pdf.text`: characters that cannot be shown; `details.codePoint` names the first
 * - `pdf.image`, `pdf.strokes`: a picture, or a drawn signature, that cannot be shown
 * - `pdf.form`: a field that cannot be filled or flattened; `details.field` and `details.reason` say which and why
 */
export type PdfErrorCode =
  | 'pdf.not_a_pdf'
  | 'pdf.password_needed'
  | 'pdf.unsupported_encryption'
  | 'pdf.permission'
  | 'pdf.damaged'
  | 'pdf.limit'
  | 'pdf.unsupported_filter'
  | 'pdf.not_found'
  | 'pdf.source_changed'
  | 'pdf.text'
  | 'pdf.image'
  | 'pdf.strokes'
  | 'pdf.form'

/** A refusal of this folder. */
export class PdfError extends CodedError<PdfErrorCode> {}

/** Throws `pdf.damaged`: `what` is a short name of the spot, `message` says what is wrong there. */
export function damaged(what: string, message: string, details: ErrorDetails = {}): never {
  throw new PdfError('pdf.damaged', message, { ...details, what })
}

/** Throws `pdf.limit`. */
export function overLimit(what: string, limit: number): never {
  throw new PdfError('pdf.limit', `the file exceeds the limit of ${limit} (${what})`, { what, limit })
}
