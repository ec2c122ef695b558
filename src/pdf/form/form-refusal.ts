import { PdfError } from '../pdf-error.ts'

/**
 * Why a field is not filled or flattened:
 * - `unknown`: the form has no field of this name
 * - `read_only`, `calculated`, `signature`, `button`, `password`, `file`: nobody types into such a field
 * - `type`: a value of another type, as text for a check box
 * - `too_long`: more characters than the field takes, or than fit its cells
 * - `lines`: several lines where the field has one
 * - `option`: not one of its options or states, or several where one can be chosen
 * - `character`: a character that cannot be shown; `details.codePoint` names it
 * - `xfa`: the form is an XFA form, which viewers show instead of the fields
 * - `signed`: the field has a signature
 */
export type FieldRefusal =
  | 'unknown'
  | 'read_only'
  | 'calculated'
  | 'signature'
  | 'button'
  | 'password'
  | 'file'
  | 'type'
  | 'too_long'
  | 'lines'
  | 'option'
  | 'character'
  | 'xfa'
  | 'signed'

/** Throws `pdf.form` with the field and the reason; what was to be written there is never told. */
export function refuseField(field: string, reason: FieldRefusal, message: string): never {
  throw new PdfError('pdf.form', message, { field, reason })
}

/** Runs work on one field; what cannot be shown is told with the field. Throws `pdf.form`. */
export function inField<Result>(field: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PdfError) || error.code !== 'pdf.text') throw error
    const details = { ...error.details, field, reason: 'character' }
    throw new PdfError('pdf.form', 'a value has a character that cannot be shown', details, { cause: error })
  }
}
