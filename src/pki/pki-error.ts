import { CodedError, type ErrorDetails } from '../std/error.ts'

/**
 * - `pki.der`: bytes that are not the DER they should be
 * - `pki.certificate`: a certificate, or a part of one, that RFC 5280 does not allow
 * - `pki.cms`: a CMS structure that RFC 5652 does not allow
 * - `pki.algorithm`: an algorithm or key that is unknown, or too weak to be used
 * - `pki.signature`: a signature that its key did not make
 * - `pki.lint`: a certificate that must not be issued
 */
export type PkiErrorCode = 'pki.der' | 'pki.certificate' | 'pki.cms' | 'pki.algorithm' | 'pki.signature' | 'pki.lint'

/** A refusal of this folder. `details.clause` names the rule where there is one. */
export class PkiError extends CodedError<PkiErrorCode> {}

/** Throws a {@link PkiError}. */
export function refuse(code: PkiErrorCode, message: string, details: ErrorDetails = {}): never {
  throw new PkiError(code, message, details)
}
