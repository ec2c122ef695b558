import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bytes } from '../../std/bytes.ts'
import { type Agents, attempt } from './attempt.ts'
import type { Exchange, ExchangeRequest } from './exchange.ts'
import { exchangeError, isPassing } from './exchange-fault.ts'

export type ExchangeOptions = {
  /** For one attempt, from its start to the last byte of the answer. */
  readonly timeoutMs: number
  /** At least 1. */
  readonly attempts: number
  /** Pause before the second attempt; twice as long before each further one. */
  readonly retryAfterMs?: number
}

const RETRY_AFTER_MS = 200
/** Connections to one server; what comes on top waits for one of them. */
const MAX_SOCKETS = 64

/**
 * Questions over HTTP, with connections kept open between them.
 *
 * Nothing is followed and nothing is guessed: only status 200, the media type that was asked for, no encoding and no
 * redirect. What may pass (no connection, silence, 429, 5xx) is tried again; every other fault ends the exchange.
 */
export function httpExchange(options: ExchangeOptions): Exchange {
  const settings = { keepAlive: true, maxSockets: MAX_SOCKETS }
  const agents: Agents = { 'http:': new HttpAgent(settings), 'https:': new HttpsAgent(settings) }
  return async (request) => exchange(request, urlOf(request.url), agents, options)
}

async function exchange(request: ExchangeRequest, url: URL, agents: Agents, options: ExchangeOptions): Promise<Bytes> {
  const { timeoutMs, attempts, retryAfterMs = RETRY_AFTER_MS } = options
  for (let count = 1; ; count++) {
    try {
      return await attempt(request, url, agents, timeoutMs)
    } catch (error) {
      if (count >= attempts || !isPassing(error)) throw error
      await pause(retryAfterMs * 2 ** (count - 1), request.signal)
    }
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal && { signal })
  } catch {
    throw exchangeError('aborted')
  }
}

/** Throws `pki.exchange` for anything but http and https, and for a name and password inside the address. */
function urlOf(text: string): URL {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') throw exchangeError('url')
  return url
}
