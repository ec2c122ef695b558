import type { IncomingHttpHeaders } from 'node:http'
import { fail } from '../../core/index.ts'

/** The longest Authorization value that is looked at. A real token has under 2 kB. */
const MAX_LENGTH = 8192

/**
 * The bearer token of a request (RFC 6750 §2.1).
 *
 * @throws {DomainError} `credential.missing`, or `credential.invalid` for another scheme or no such token
 */
export function bearerToken(headers: IncomingHttpHeaders): string {
  const { authorization } = headers
  if (authorization === undefined || authorization === '') fail('credential.missing')
  if (authorization.length > MAX_LENGTH) fail('credential.invalid')
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1]
  return token ?? fail('credential.invalid')
}
