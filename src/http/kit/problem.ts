import { catalog, DomainError, type ErrorCode, type ErrorKind } from '../../core/index.ts'
import { DatabaseUnavailable } from '../../db/index.ts'

/** A refusal on its way out, before a facade puts it into its own form. */
export type Problem = {
  readonly kind: ErrorKind
  readonly code: ErrorCode
  /** What HTTP itself would answer (RFC 9110, RFC 6585). A facade answers another where its contract names one. */
  readonly status: number
  readonly message: string
  /** What is wrong with which field, as `body.email: …`; empty when it is not about fields. */
  readonly fields: readonly string[]
  readonly requestId: string
  /** Seconds to wait, when it makes sense to try again. */
  readonly retryAfter?: number
  /** Headers that HTTP asks for with this refusal, as `allow` with 405. The kit sends them. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal as a facade wants it on the wire. The kit adds the headers that HTTP asks for. */
export type WireError = { readonly status: number; readonly body: unknown; readonly contentType?: string }

/** A refusal that HTTP makes before any use case is asked, with the status that HTTP has for it. */
export class HttpRefusal extends DomainError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, status: number, more: { fields?: string[]; headers?: Record<string, string> } = {}) {
    super(code, more.fields ? { fields: more.fields } : {})
    this.status = status
    this.headers = more.headers ?? {}
  }
}

const STATUS_OF_KIND = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  limited: 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorKind, number>

const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  'request.media_type': 415,
  'idempotency.key_reused': 422,
}

/** Seconds after which a caller may try again when nobody knows better. */
const RETRY_AFTER: Partial<Record<ErrorKind, number>> = { limited: 1, unavailable: 5 }

/** The status of a code where a facade's contract names none. */
export function statusOf(code: ErrorCode): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[catalog[code][0]]
}

/** What a caller learns of something that was thrown. A bug or a reply that breaks its form says nothing of itself. */
export function problemOf(thrown: unknown, requestId: string): Problem {
  const error = refusalIn(thrown)
  const seconds = error.details['retryAfterSeconds']
  const retryAfter = typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : RETRY_AFTER[error.kind]
  const fields = error.details['fields']
  return {
    kind: error.kind,
    code: error.code,
    status: error instanceof HttpRefusal ? error.status : statusOf(error.code),
    message: error.message,
    fields: Array.isArray(fields) ? fields : [],
    requestId,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(error instanceof HttpRefusal ? { headers: error.headers } : {}),
  }
}

function refusalIn(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown
  if (thrown instanceof DatabaseUnavailable) return new DomainError('platform.unavailable')
  return ofFastify(thrown) ?? new DomainError('platform.internal')
}

/** Fastify's own refusals (fastify/docs/Reference/Errors), told by code: its sentences are not ours to send. */
function ofFastify(thrown: unknown): DomainError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  switch (thrown.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new DomainError('request.too_large')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new DomainError('request.media_type')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new DomainError('request.malformed')
    case 'FST_ERR_BAD_URL':
      return new HttpRefusal('request.invalid', 400, { fields: ['path: is not percent-encoded UTF-8'] })
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new HttpRefusal('request.too_large', 414)
    default:
      return undefined
  }
}

/** The form outside every mount: problem details (RFC 9457). */
export function problemDetails(problem: Problem): WireError {
  return {
    status: problem.status,
    contentType: 'application/problem+json; charset=utf-8',
    body: {
      type: `/errors/${problem.code}`,
      title: problem.message,
      status: problem.status,
      code: problem.code,
      request_id: problem.requestId,
      ...(problem.fields.length > 0 ? { fields: problem.fields } : {}),
    },
  }
}
