import { CodedError, type ErrorDetails } from '../std/error.ts'

/** What went wrong, as a kind that every facade can put into its own words. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'limited'
  | 'unavailable'
  | 'internal'

/**
 * Every refusal of the platform, once. The first word before the dot is the noun that refuses.
 * The message tells what to do; it never holds personal data, a secret, or a cause nobody checked.
 */
export const catalog = {
  // The request itself
  'request.malformed': ['invalid', 'The body is not valid JSON in UTF-8.'],
  'request.invalid': ['invalid', 'The request does not match the documented form.'],
  'request.media_type': ['invalid', 'Send the body as application/json.'],
  'request.too_large': ['too_large', 'The request is larger than this call accepts.'],
  'request.unknown_path': ['not_found', 'There is no such call. Check the path and the method.'],
  'request.limited': ['limited', 'Too many requests. Wait and try again.'],
  'request.timeout': ['unavailable', 'The request took too long. Try again.'],

  // Credentials
  'credential.missing': ['unauthenticated', 'Send a bearer token in the Authorization header.'],
  'credential.invalid': ['unauthenticated', 'The token is not valid here, or no longer.'],
  'credential.wrong_client': ['forbidden', 'The client_id in the body is not the client that the token was issued to.'],
  'credential.scope': ['forbidden', 'The token does not carry the scope that this call needs.'],

  // Idempotency
  'idempotency.key_invalid': ['invalid', 'An Idempotency-Key is 1 to 255 visible ASCII characters.'],
  'idempotency.key_reused': ['invalid', 'This Idempotency-Key was used with another request.'],
  'idempotency.in_progress': [
    'conflict',
    'The first request with this Idempotency-Key is still running. Try again shortly.',
  ],

  // Tenants
  'tenant.not_found': ['not_found', 'There is no such company.'],
  'tenant.suspended': ['forbidden', 'This company account is suspended.'],

  // People and addresses
  'person.email_invalid': ['invalid', 'Give one plain e-mail address of at most 254 characters.'],
  'person.phone_invalid': ['invalid', 'Give a telephone number with its country code, for example +50212345678.'],
  'person.phone_not_allowed': ['invalid', 'Messages cannot be sent to this kind of number or country.'],
  'person.not_verified': ['conflict', 'The identity of this person is not verified yet.'],

  // One-time codes
  'challenge.failed': ['invalid', 'The OTP provided is invalid or has expired.'],
  'challenge.malformed': ['invalid', 'A one-time code is six digits.'],

  // Onboarding
  'onboarding.not_found': ['not_found', 'There is no such onboarding process.'],
  'onboarding.wrong_step': ['conflict', 'This step is not the next one of the onboarding process.'],
  'onboarding.national_id_invalid': [
    'invalid',
    'The DPI is 13 digits with a valid check digit, department and municipality.',
  ],
  'onboarding.national_id_unknown': ['invalid', 'The registry does not know this DPI.'],

  // Proofing
  'proofing.not_found': ['not_found', 'There is no such proofing session.'],
  'proofing.do_not_retry': ['conflict', 'The identity was refused for good. Contact support.'],
  'proofing.already_accepted': ['conflict', 'The identity of this person is verified already.'],

  // Certificates
  'certificate.not_found': ['not_found', 'There is no such certificate.'],
  'certificate.not_active': ['conflict', 'The certificate is expired, revoked, or not issued yet.'],
  'certificate.reason_invalid': ['invalid', 'The revocation reason is not one that a holder can give.'],
  'certificate.lint_failed': ['internal', 'The certificate was not issued because it would break its profile.'],

  // Documents
  'document.not_found': ['not_found', 'There is no such document.'],
  'document.not_yours': ['forbidden', 'This document belongs to somebody else.'],
  'document.name_invalid': [
    'invalid',
    'The file name needs 1 to 150 characters, no path and no control characters, and ends in .pdf.',
  ],
  'document.not_uploaded': ['conflict', 'The file was not uploaded yet.'],
  'document.already_uploaded': ['conflict', 'This document has its content already. Ask for a new upload URL.'],
  'document.upload_denied': ['forbidden', 'The upload form is not valid, was changed, or has expired.'],
  'document.upload_malformed': ['invalid', 'Send the form fields as given, then the file, as multipart/form-data.'],
  'document.too_large': ['too_large', 'The file is larger than its tier allows.'],
  'document.unreadable': ['invalid', 'The file is not a PDF that can be signed.'],
  'document.password_needed': ['invalid', 'The file opens only with a password. Upload one that needs none.'],
  'document.signing_forbidden': [
    'invalid',
    'The file does not allow the signature: its author or a certification forbids it.',
  ],
  'document.link_used': ['forbidden', 'This download link was used, has expired, or never existed.'],

  // Signing
  'signing.level_unavailable': ['invalid', 'This signature level is not offered yet. Leave out level, or ask for B-B.'],
  'signing.field_unusable': ['invalid', 'The signature field cannot be used.'],
  'signing.no_second_channel': ['conflict', 'Signing needs a verified telephone number.'],
  'signing.in_progress': ['conflict', 'This signature is being made. Ask again in a moment.'],
  'signing.failed': ['internal', 'The signature was not made. Nothing was released.'],

  // The platform
  'platform.unavailable': ['unavailable', 'The service is not available for the moment. Try again.'],
  'platform.no_space': ['unavailable', 'There is no space left to store the file. Try again later.'],
  'platform.internal': ['internal', 'Something went wrong on our side.'],
} as const satisfies Record<string, readonly [ErrorKind, string]>

export type ErrorCode = keyof typeof catalog

/** A refusal: the caller did nothing the platform can go on with, and is told why. */
export class DomainError extends CodedError<ErrorCode> {
  readonly kind: ErrorKind

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, catalog[code][1], details, options)
    this.kind = catalog[code][0]
  }
}

/** Refuses. `details` names fields, limits or times: never values that a person gave. */
export function fail(code: ErrorCode, details?: ErrorDetails, cause?: unknown): never {
  throw new DomainError(code, details, cause === undefined ? undefined : { cause })
}
