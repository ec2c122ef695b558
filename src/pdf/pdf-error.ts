import { CodedError, type ErrorDetails } from '../std/error.ts'

/**
 * - `pdf.not_a_pdf`: the file does not start like one
 * - `pdf.encrypted`: the file is encrypted
 * - `pdf.damaged`: reading on would mean to guess what was meant; `details.what` names the spot
 * - `pdf.limit`: more or larger than is read here; `details.what` names the limit
 * - `pdf.unsupported_filter`: a stream that is needed is packed in a way that is not read here
 * - `pdf.not_found`: the page or field that was asked for is not there
 * - `pdf.text`: characters that the font of an appearance does not have
 */
export type PdfErrorCode =
  | 'pdf.not_a_pdf'
  | 'pdf.encrypted'
  | 'pdf.damaged'
  | 'pdf.limit'
  | 'pdf.unsupported_filter'
  | 'pdf.not_found'
  | 'pdf.text'

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
