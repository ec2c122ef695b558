import { CodedError, type ErrorDetails } from '../std/error.ts'

/**
 * - `pades.xfa`: the document has an XFA form, which viewers show instead of the pages
 * - `pades.certified_no_changes`: a certification forbids every change
 * - `pades.field_locked`: an earlier signature locks the field
 * - `pades.field_lock`: the field demands a lock or a seed value that is not carried out here
 * - `pades.field_unknown`, `pades.field_taken`, `pades.field_type`: no such field, the name is in use, not a signature field
 * - `pades.already_signed`: the field has a signature
 * - `pades.request`: a request that cannot be carried out; `details.what` names the part
 * - `pades.signer_changed`: the signer is not the one that the signature was prepared for
 * - `pades.wrong_signature`: the signer's answer does not verify with the certificate's key
 * - `pades.container_too_large`: the container does not fit the place that was measured for it
 * - `pades.stored_state`: a stored stage that cannot be read
 */
export type PadesErrorCode =
  | 'pades.xfa'
  | 'pades.certified_no_changes'
  | 'pades.field_locked'
  | 'pades.field_lock'
  | 'pades.field_unknown'
  | 'pades.field_taken'
  | 'pades.field_type'
  | 'pades.already_signed'
  | 'pades.request'
  | 'pades.signer_changed'
  | 'pades.wrong_signature'
  | 'pades.container_too_large'
  | 'pades.stored_state'

/** A refusal of this folder. */
export class PadesError extends CodedError<PadesErrorCode> {}

/** Throws a {@link PadesError}. */
export function refuse(code: PadesErrorCode, message: string, details: ErrorDetails = {}): never {
  throw new PadesError(code, message, details)
}
