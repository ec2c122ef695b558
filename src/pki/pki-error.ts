import { CodedError, type ErrorDetails } from '../std/error.ts'

/**
 * - `pki.der`: bytes that are not the DER they should be
 * - `pki.certificate`: a certificate, or a part of one, that RFC 5280 does not allow
 * - `pki.cms`: a CMS structure that RFC 5652 does not allow
 * - `pki.algorithm`: an algorithm or key that is unknown, or too weak to be used
 * - `pki.signature`: a signature that its key did not make
 * - `pki.status`: an OCSP message or a revocation list that RFC 6960 or RFC 5280 does not allow
 * - `pki.status_unavailable`: nobody gave an answer about a certificate that can be used; `details.attempts` says why
 * - `pki.lint`: a certificate that must not be issued
 * - `pki.exchange`: a server that did not give what was asked for; `details.fault` says why
 * - `pki.timestamp`: a time-stamp that is not to be believed; `details.fault` says why
 * - `pki.timestamp_unavailable`: no authority gave a time-stamp; `details.attempts` says why each did not
 */
export type PkiErrorCode =
  | 'pki.der'
  | 'pki.certificate'
  | 'pki.cms'
  | 'pki.algorithm'
  | 'pki.signature'
  | 'pki.status'
  | 'pki.status_unavailable'
  | 'pki.lint'
  | 'pki.exchange'
  | 'pki.timestamp'
  | 'pki.timestamp_unavailable'

/** A refusal of this folder. `details.clause` names the rule where there is one. */
export class PkiError extends CodedError<PkiErrorCode> {}

/** Throws a {@link PkiError}. */
export function refuse(code: PkiErrorCode, message: string, details: ErrorDetails = {}): never {
  throw new PkiError(code, message, details)
}
