import type { ErrorCode, ErrorKind } from '../../../core/index.ts'
import type { Problem, WireError } from '../../kit/problem.ts'

/** The code of each kind of refusal; a new kind does not compile until it has one. */
const BY_KIND = {
  invalid: 'INVALID_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  too_large: 'TOO_LARGE',
  limited: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_ERROR',
} as const satisfies Record<ErrorKind, string>

/** Codes that say more than their kind. INVALID_OTP is the one that the vendor published. */
const BY_CODE: Partial<Record<ErrorCode, string>> = {
  'challenge.failed': 'INVALID_OTP',
  'challenge.malformed': 'INVALID_OTP_FORMAT',
  'credential.wrong_client': 'CLIENT_MISMATCH',
  'person.email_invalid': 'INVALID_EMAIL',
  'person.phone_invalid': 'INVALID_TELEPHONE',
  'person.phone_not_allowed': 'TELEPHONE_NOT_ALLOWED',
  'person.not_verified': 'IDENTITY_NOT_VERIFIED',
  'onboarding.not_found': 'ONBOARDING_NOT_FOUND',
  'onboarding.wrong_step': 'WRONG_ONBOARDING_STEP',
  'onboarding.national_id_invalid': 'INVALID_DPI',
  'onboarding.national_id_unknown': 'DPI_NOT_FOUND',
  'proofing.do_not_retry': 'KYC_REJECTED',
  'certificate.not_found': 'CERTIFICATE_NOT_FOUND',
  'certificate.not_active': 'CERTIFICATE_NOT_ACTIVE',
  'certificate.reason_invalid': 'INVALID_REVOCATION_REASON',
  'document.not_found': 'DOCUMENT_NOT_FOUND',
  'document.not_yours': 'DOCUMENT_FORBIDDEN',
  'document.name_invalid': 'INVALID_FILE_NAME',
  'document.not_uploaded': 'DOCUMENT_NOT_UPLOADED',
  'document.unreadable': 'INVALID_DOCUMENT',
  'document.password_needed': 'INVALID_DOCUMENT',
  'document.signing_forbidden': 'INVALID_DOCUMENT',
  'signing.level_unavailable': 'LEVEL_NOT_AVAILABLE',
  'signing.field_unusable': 'INVALID_SIGNATURE_FIELD',
  'signing.no_second_channel': 'TELEPHONE_NOT_VERIFIED',
  'signing.in_progress': 'SIGNING_IN_PROGRESS',
  'signing.failed': 'SIGNING_FAILED',
  'idempotency.key_invalid': 'INVALID_IDEMPOTENCY_KEY',
  'idempotency.key_reused': 'IDEMPOTENCY_KEY_REUSED',
  'idempotency.in_progress': 'REQUEST_IN_PROGRESS',
}

/** The sponsored API's word for a code of the core. */
function codeOf(kind: ErrorKind, code: ErrorCode): string {
  return BY_CODE[code] ?? BY_KIND[kind]
}

/** `{code, message}` for everything that goes wrong below the mount; what is wrong with a field stands in the message. */
export function failure(problem: Problem): WireError {
  const { kind, code, message, fields, status } = problem
  const whole = fields.length === 0 ? message : `${message} ${fields.join('; ')}.`
  return { status, body: { code: codeOf(kind, code), message: whole } }
}
