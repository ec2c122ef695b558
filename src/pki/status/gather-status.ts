import type { Bytes } from '../../std/bytes.ts'
import { serialText } from '../certificate.ts'
import type { Exchange } from '../net/exchange.ts'
import { PkiError, refuse } from '../pki-error.ts'
import { ocspGetUrl } from './ocsp-get.ts'
import { buildOcspRequest } from './ocsp-request.ts'
import type { StatusCache } from './status-cache.ts'
import {
  isFresh,
  type KnownStatus,
  type StatusFinding,
  type StatusKind,
  type StatusSubject,
  unusable,
} from './status-finding.ts'
import { statusFrom } from './status-from.ts'
import { type StatusPlace, statusPlaces } from './status-places.ts'

export type StatusSources = {
  /**
   * Brings its own time-outs and repetitions. The addresses are those that stand in a certificate: where that may come
   * from anybody, the exchange must refuse addresses inside the house.
   */
  readonly exchange: Exchange
  readonly now: () => Date
  /** A nonce for each question to a responder; without it, answers made beforehand are taken as well. */
  readonly nonce?: () => Bytes
  /** Refuses an answer without the nonce that was sent; many public responders send none. */
  readonly nonceRequired?: boolean
  /** How old an answer may be; an answer that names no next update may be a day old unless told. */
  readonly maxAgeMs?: number
  /** Which kinds of answer are wanted; both unless told, OCSP first. */
  readonly wanted?: readonly StatusKind[]
  readonly cache?: StatusCache
  readonly maxListBytes?: number
  readonly signal?: AbortSignal
}

const DAY_MS = 86_400_000
/** How far ahead the clock of an authority may be. */
const SKEW_MS = 300_000
const MAX_ANSWER_BYTES = 256 * 1024
const MAX_LIST_BYTES = 64 * 1024 * 1024
/** The longest address that is asked by GET (RFC 6960 A.1). */
const MAX_GET_URL = 255
const LIST_TYPES = 'application/pkix-crl, application/x-pkcs7-crl, application/octet-stream'

/**
 * Asks the places that the certificate names, one after the other, until one gives an answer that can be used.
 * `revoked` is an answer. Throws `pki.status_unavailable` when none does, with what was wrong with each.
 */
export async function gatherStatus(subject: StatusSubject, sources: StatusSources): Promise<KnownStatus> {
  const kept = await sources.cache?.get(subject)
  if (kept && isUsable(kept, sources)) return kept
  const { wanted = ['ocsp', 'crl'] } = sources
  const attempts: string[] = []
  for (const place of statusPlaces(subject.certificate)) {
    if (!wanted.includes(place.kind)) continue
    const finding = await ask(place, subject, sources)
    if (typeof finding !== 'string') {
      await sources.cache?.put(subject, finding)
      return finding
    }
    attempts.push(`${place.kind} ${place.url}: ${finding}`)
  }
  const message = attempts.length === 0 ? 'the certificate names nobody to ask' : 'nobody gave an answer that counts'
  return refuse('pki.status_unavailable', message, { serial: serialText(subject.certificate), attempts })
}

/** The answer, or why it does not count. */
async function ask(place: StatusPlace, subject: StatusSubject, sources: StatusSources): Promise<KnownStatus | string> {
  try {
    const finding = judgeAge(await fetchFinding(place, subject, sources), sources)
    return finding.status === 'unusable' ? `${finding.code}: ${finding.message} (${finding.clause})` : finding
  } catch (error) {
    if (error instanceof PkiError) return `${String(error.details['fault'] ?? error.code)}: ${error.message}`
    throw error
  }
}

async function fetchFinding(
  { kind, url }: StatusPlace,
  subject: StatusSubject,
  { exchange, nonce: newNonce, maxListBytes = MAX_LIST_BYTES, nonceRequired, signal }: StatusSources,
): Promise<StatusFinding> {
  const passed = signal ? { signal } : {}
  if (kind === 'crl') {
    const der = await exchange({ url, method: 'GET', accept: LIST_TYPES, maxBytes: maxListBytes, ...passed })
    return statusFrom('crl', der, subject)
  }
  const nonce = newNonce?.()
  const question = buildOcspRequest({ ...subject, ...(nonce && { nonce }) })
  const answer = await exchange({
    ...ocspCall(url, question, nonce === undefined),
    accept: 'application/ocsp-response',
    maxBytes: MAX_ANSWER_BYTES,
    ...passed,
  })
  const finding = statusFrom('ocsp', answer, subject, nonce)
  const lacksNonce = nonceRequired && finding.status !== 'unusable' && !finding.nonceEchoed
  return lacksNonce ? unusable('ocsp', 'nonce', 'there is none') : finding
}

/** By GET where the answer may come from a cache on the way, by POST where it must be new. */
function ocspCall(url: string, question: Bytes, mayBeKept: boolean) {
  const address = ocspGetUrl(url, question)
  return mayBeKept && !url.includes('?') && address.length <= MAX_GET_URL
    ? ({ url: address, method: 'GET' } as const)
    : ({ url, method: 'POST', body: question, contentType: 'application/ocsp-request' } as const)
}

function judgeAge(finding: StatusFinding, sources: StatusSources): StatusFinding {
  if (finding.status === 'unusable' || isUsable(finding, sources)) return finding
  return unusable(finding.kind, isFromFuture(finding, sources) ? 'from_future' : 'stale')
}

function isUsable(status: KnownStatus, sources: StatusSources): boolean {
  if (isFromFuture(status, sources)) return false
  // A revocation is for ever, however old the answer; only a hold may have ended since.
  if (status.status === 'revoked' && status.reason !== 'certificateHold') return true
  const { maxAgeMs = status.nextUpdate ? undefined : DAY_MS } = sources
  return isFresh(status, sources.now(), maxAgeMs)
}

function isFromFuture({ producedAt }: KnownStatus, { now }: StatusSources): boolean {
  return producedAt.getTime() > now().getTime() + SKEW_MS
}
