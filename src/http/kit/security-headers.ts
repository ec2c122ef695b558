import type { FastifyReply } from 'fastify'

export type SecurityHeaders = Readonly<Record<string, string>>

/** For answers that are no page: nothing may load, nothing may frame them. */
const NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
/** For pages of ours: one style sheet from our origin, and no script at all. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const YEAR_SECONDS = 31_536_000

/**
 * What every answer carries, errors included (OWASP ASVS 5.0 §3.4). There is no CORS header anywhere: the
 * credentials of these calls belong on servers, not in pages of other origins.
 *
 * @param publicUrl tells whether browsers reach us by TLS only; Strict-Transport-Security says so from then on
 */
export function securityHeaders(publicUrl: string): SecurityHeaders {
  return {
    'content-security-policy': NO_CONTENT_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(publicUrl.startsWith('https://') ? { 'strict-transport-security': `max-age=${YEAR_SECONDS}` } : {}),
  }
}

/** Marks an answer with its request's id and the headers that every answer carries. */
export function dress(reply: FastifyReply, headers: SecurityHeaders): void {
  reply.headers(headers)
  reply.header('x-request-id', reply.request.id)
}
