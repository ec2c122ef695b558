import type { Bytes } from '../../std/bytes.ts'
import type { DigestAlgorithm } from '../algorithm-identifier.ts'
import type { Certificate } from '../certificate.ts'
import type { Exchange } from '../net/exchange.ts'
import { PkiError, refuse } from '../pki-error.ts'
import { checkTimestampResponse } from './check-timestamp-response.ts'
import { timestampFailure } from './timestamp-fault.ts'
import { buildTimestampRequest } from './timestamp-request.ts'
import type { TimestampToken } from './timestamp-token.ts'

/** Somebody who gives time-stamps over HTTP (RFC 3161 3.4). */
export type TimestampAuthority = {
  readonly url: string
  /** Dotted identifier of the policy that is asked for; the authority's own choice when absent. */
  readonly policy?: string
  /** How this authority is asked, when it is not like the others. */
  readonly exchange?: Exchange
  /** What is wrong with the authority's certificate at this time, in a few words; nothing when it is trusted. */
  readonly accepts?: (certificate: Certificate, others: readonly Certificate[], time: Date) => string | undefined
}

export type TimestampOptions = {
  readonly exchange: Exchange
  /** The present moment. */
  readonly now: () => Date
  /** Bytes of chance, at least 8, other ones each time. */
  readonly nonce: () => Bytes
  /** How far a time-stamp may lie from the clock; one minute when absent. */
  readonly toleranceMs?: number
  readonly signal?: AbortSignal
}

const TOLERANCE_MS = 60_000
/** A token with a long chain has some 10 kB. */
const MAX_BYTES = 256 * 1024

/**
 * Asks the authorities, one after another, until one gives a time-stamp that passes every check.
 *
 * Nothing but such a time-stamp comes back: rejects with `pki.timestamp_unavailable`, whose `details.attempts` says of
 * each authority, by its host, why its answer could not be used.
 */
export async function requestTimestamp(
  authorities: readonly TimestampAuthority[],
  imprint: { readonly digest: DigestAlgorithm; readonly hash: Bytes },
  options: TimestampOptions,
): Promise<TimestampToken> {
  const attempts: string[] = []
  for (const authority of authorities) {
    try {
      return await ask(authority, imprint, options)
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      attempts.push(`${hostOf(authority.url)}: ${reasonOf(error)}`)
      if (options.signal?.aborted) break
    }
  }
  return refuse('pki.timestamp_unavailable', 'no authority gave a time-stamp that can be used', { attempts })
}

async function ask(
  { url, policy, exchange, accepts }: TimestampAuthority,
  imprint: { readonly digest: DigestAlgorithm; readonly hash: Bytes },
  { exchange: usual, now, nonce, toleranceMs = TOLERANCE_MS, signal }: TimestampOptions,
): Promise<TimestampToken> {
  const question = { imprint, nonce: nonce(), ...(policy !== undefined && { policy }) }
  const answer = await (exchange ?? usual)({
    url,
    method: 'POST',
    body: buildTimestampRequest(question),
    contentType: 'application/timestamp-query',
    accept: 'application/timestamp-reply',
    maxBytes: MAX_BYTES,
    ...(signal && { signal }),
  })
  const checked = checkTimestampResponse(answer, question, { now: now(), toleranceMs })
  if (!checked.ok) throw asError(checked)
  const problem = accepts?.(checked.certificate, checked.others, checked.token.info.time)
  if (problem !== undefined) throw asError({ ...timestampFailure('not_accepted'), detail: problem })
  return checked.token
}

function asError(failure: { code: string; message: string; clause: string; detail?: string }): PkiError {
  const { code, message, clause, detail } = failure
  return new PkiError('pki.timestamp', message, { fault: code, clause, ...(detail !== undefined && { detail }) })
}

/** The host alone: the rest of an address may hold a customer's key. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'an address that cannot be read'
}

function reasonOf({ code, message, details }: PkiError): string {
  const { fault = code, detail, status } = details
  const more = [detail, status].filter((part) => part !== undefined).join(' ')
  return `${String(fault)} (${message}${more === '' ? '' : `: ${more}`})`
}
