import { PdfError } from '../pdf-error.ts'

/** What a reader refused: the spot or limit that it names, else the code of its error. */
export function codeOf(read: () => unknown): unknown {
  try {
    read()
    return 'no error'
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    return error.details['what'] ?? error.code
  }
}
