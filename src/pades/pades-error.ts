import { CodedError, type ErrorDetails } from '../std/error.ts'

/**
 * - `pades.xfa`: the document has an XFA form, which viewers show instead of the pages
 * - `pades.certified_no_changes`: a certification forbids every change
 * - `pades.certified`: a certification forbids this kind of change
 * - `pades.signed`: a signature would not survive the change
 * - `pades.field_locked`: an earlier signature locks the field; `details.field` is its name
 * - `pades.field_lock`: the field demands a lock that says nothing clear
 * - `pades.seed_value`: the field demands something of its signature that is not so; `details.what` is the key
 * - `pades.certification`: a certification must be the first signature of a document
 * - `pades.field_unknown`, `pades.field_taken`, `pades.field_type`: no such field, the name is in use, not a signature field
 * - `pades.already_signed`: the field has a signature
 * - `pades.request`: a request that cannot be carried out; `details.what` names the part
 * - `pades.signer_changed`: the signer is not the one that the signature was prepared for
 * - `pades.wrong_signature`: the signer's answer does not verify with the certificate's key
 * - `pades.container_too_large`: the container does not fit the place that was measured for it
 * - `pades.unsigned`: a document without a signature cannot be extended
 * - `pades.broken_signature`: a signature that is there cannot be read or is not valid
 * - `pades.no_chain`: no valid chain leads from a certificate to a trust anchor
 * - `pades.revoked`: a certificate was revoked before the signature was proved to exist
 * - `pades.stored_state`: a stored stage that cannot be read
 */
export type PadesErrorCode =
  | 'pades.xfa'
  | 'pades.certified_no_changes'
  | 'pades.certified'
  | 'pades.signed'
  | 'pades.field_locked'
  | 'pades.field_lock'
  | 'pades.seed_value'
  | 'pades.certification'
  | 'pades.field_unknown'
  | 'pades.field_taken'
  | 'pades.field_type'
  | 'pades.already_signed'
  | 'pades.request'
  | 'pades.signer_changed'
  | 'pades.wrong_signature'
  | 'pades.container_too_large'
  | 'pades.unsigned'
  | 'pades.broken_signature'
  | 'pades.no_chain'
  | 'pades.revoked'
  | 'pades.stored_state'

/** A refusal of this folder. */
export class PadesError extends CodedError<PadesErrorCode> {}

/** Throws a {@link PadesError}. */
export function refuse(code: PadesErrorCode, message: string, details: ErrorDetails = {}): never {
  throw new PadesError(code, message, details)
}
