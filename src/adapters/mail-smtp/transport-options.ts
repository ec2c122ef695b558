import type { SMTPTransportOptions } from 'nodemailer'

export type SmtpSettings = {
  /** `smtps://user:password@host:port` for TLS from the first byte, `smtp://…` for STARTTLS; parts percent-encoded. */
  readonly url: string
  /** `name@host`, or `Display name <name@host>`. */
  readonly from: string
  /** How long connecting, the greeting and any one answer may take; 10 s if not given, which is also the most. */
  readonly limitMs?: number
}

const MAX_LIMIT_MS = 10_000
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/
const FROM = /^(?:[^<>@\p{C}]* )?<?[^\s@,;:<>"\p{C}]+@[a-z0-9.-]+>?$/iu

/**
 * What the settings mean for the connection. TLS is required, with a certificate that verifies, unless the server is
 * this very machine: STARTTLS that is only offered can be taken out of the greeting by anyone on the way.
 *
 * @throws TypeError when the settings are unusable; the message repeats none of them, for one is a password
 */
export function transportOptions({ url, from, limitMs = MAX_LIMIT_MS }: SmtpSettings): SMTPTransportOptions {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (!target?.hostname || !/^smtps?:$/.test(target.protocol)) throw new TypeError('mail needs an smtp(s) address')
  if (!FROM.test(from)) throw new TypeError('mail needs a sender, like name@host or Name <name@host>')
  const secure = target.protocol === 'smtps:'
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const isLoopback = LOOPBACK.test(host)
  const limit = Math.min(limitMs, MAX_LIMIT_MS)
  return {
    host,
    port: target.port === '' ? (secure ? 465 : 587) : Number(target.port),
    secure,
    requireTLS: !isLoopback,
    ignoreTLS: isLoopback,
    connectionTimeout: limit,
    greetingTimeout: limit,
    socketTimeout: limit,
    dnsTimeout: limit,
    ...(target.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(target.username), pass: decodeURIComponent(target.password) } }),
  }
}
