/** A service of the company's outside world, reached by POST with a bearer token. */
export type Endpoint = {
  /** https, or http on a loopback host. */
  readonly url: string
  readonly token: string
  /** How long one call may take, its answer read to the end; 10 s if not given, which is also the most. */
  readonly limitMs?: number
}

/** Sends one JSON body; `headers` come on top of the bearer token. A redirect is an answer, and is not followed. */
export type PostJson = (body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>

const MAX_LIMIT_MS = 10_000
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * Prepares calls to one endpoint. Following a redirect would hand the token and a person's data to a host that nobody
 * configured.
 *
 * @throws TypeError when the endpoint would carry the token in the clear, names a credential in its address, or when
 *   the token cannot stand in a header
 */
export function jsonPoster({ url, token, limitMs = MAX_LIMIT_MS }: Endpoint): PostJson {
  const target = new URL(url)
  const isPrivate = target.protocol === 'https:' || (target.protocol === 'http:' && LOOPBACK.test(target.hostname))
  if (!isPrivate || target.username || target.password) {
    throw new TypeError('an endpoint is an https address without a user name')
  }
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError('a bearer token is visible ASCII')
  return (body, headers = {}) =>
    fetch(target, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.min(limitMs, MAX_LIMIT_MS)),
    })
}
