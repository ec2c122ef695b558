import { PkiError } from '../pki-error.ts'

/** Everything that keeps a time-stamp from being believed, with what is said to people and the rule that is broken. */
const faults = {
  malformed: ['the answer cannot be read', 'RFC 3161 2.4.2'],
  refused: ['the authority refused', 'RFC 3161 2.4.2'],
  token_missing: ['the authority granted without a token', 'RFC 3161 2.4.2'],
  token_unexpected: ['the authority refused and sent a token all the same', 'RFC 3161 2.4.2'],
  content_type: ['the token holds something else than a time-stamp', 'RFC 3161 2.4.2'],
  content_missing: ['the token has no content', 'RFC 3161 2.4.2'],
  signer_count: ['the token must have exactly one signer', 'RFC 3161 2.4.2'],
  frame: ['the versions or digests of the container do not agree', 'RFC 5652 5.1'],
  version: ['the version of the time-stamp is not 1', 'RFC 3161 2.4.2'],
  time_form: ['the time has a form that is not allowed', 'RFC 3161 2.4.2'],
  accuracy: ['the accuracy is out of its bounds', 'RFC 3161 2.4.2'],
  extension: ['the time-stamp has a critical extension', 'RFC 3161 2.4.2'],
  imprint_algorithm: ['the time-stamp is over another digest, or one too weak', 'RFC 3161 2.4.2'],
  imprint: ['the time-stamp is over something else', 'RFC 3161 2.4.2'],
  nonce_missing: ['the time-stamp lacks the nonce that was sent', 'RFC 3161 2.4.2'],
  nonce: ['the time-stamp has another nonce', 'RFC 3161 2.4.2'],
  policy: ['the time-stamp has another policy than was asked for', 'RFC 3161 2.4.2'],
  certificate_missing: ["the token lacks its signer's certificate", 'RFC 3161 2.4.1'],
  signed_attributes: ['the signer has no signed attributes', 'RFC 5652 5.3'],
  signing_certificate_missing: ['the signer does not say which certificate is its own', 'RFC 5816 2.2.1'],
  signing_certificate: ['the signer names another certificate', 'RFC 5816 2.2.1'],
  algorithm_protection: ['the algorithms are not those that the signer protected', 'RFC 6211 3'],
  content_type_attribute: ['the attribute content-type is missing or wrong', 'RFC 5652 11.1'],
  message_digest: ['the attribute message-digest is missing or wrong', 'RFC 5652 11.2'],
  algorithm: ['an algorithm or the key is unknown or too weak', 'RFC 5652 10.1'],
  signature: ['the signature does not verify', 'RFC 5652 5.6'],
  purpose: ['the certificate is not for time-stamping alone', 'RFC 3161 2.3'],
  purpose_not_critical: ['the purpose of the certificate is not critical', 'RFC 3161 2.3'],
  key_usage: ['the key usage of the certificate does not allow time-stamps', 'RFC 5280 4.2.1.12'],
  certificate_not_yet_valid: ['the certificate was not yet valid', 'RFC 5280 6.1.3 (a)(2)'],
  certificate_expired: ['the certificate had expired', 'RFC 5280 6.1.3 (a)(2)'],
  clock: ['the time of the time-stamp is too far from the clock', 'RFC 3161 2.2'],
  not_accepted: ['the authority is not one that is trusted', 'RFC 3161 2.2'],
} as const satisfies Readonly<Record<string, readonly [message: string, clause: string]>>

export type TimestampFault = keyof typeof faults

/** A time-stamp that is not to be believed, as a value. */
export type TimestampFailure = {
  readonly ok: false
  readonly code: TimestampFault
  readonly message: string
  readonly clause: string
}

export function timestampFailure(code: TimestampFault): TimestampFailure {
  const [message, clause] = faults[code]
  return { ok: false, code, message, clause }
}

/** Throws `pki.timestamp` with the fault in `details.fault`. */
export function refuseTimestamp(fault: TimestampFault): never {
  const [message, clause] = faults[fault]
  throw new PkiError('pki.timestamp', message, { fault, clause })
}

/** The failure that an error of reading stands for. Any other error is thrown again. */
export function failureOf(error: unknown): TimestampFailure {
  if (!(error instanceof PkiError)) throw error
  const fault = error.details['fault']
  return timestampFailure(error.code === 'pki.timestamp' && isFault(fault) ? fault : 'malformed')
}

function isFault(text: unknown): text is TimestampFault {
  return typeof text === 'string' && Object.hasOwn(faults, text)
}
