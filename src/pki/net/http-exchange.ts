import { setTimeout as sleep } from 'node:timers/promises'
import type { Bytes } from '../../std/bytes.ts'
import { type Agents, attempt, newAgents } from './attempt.ts'
import type { Exchange, ExchangeRequest } from './exchange.ts'
import { exchangeError, isPassing } from './exchange-fault.ts'
import { type AddressGuard, guardedLookup, requireReachable } from './guarded-lookup.ts'

export type ExchangeOptions = {
  /** For one attempt, from its start to the last byte of the answer. */
  readonly timeoutMs: number
  /** At least 1. */
  readonly attempts: number
  /** Pause before the second attempt; twice as long before each further one. */
  readonly retryAfterMs?: number
  /** For all attempts together; no limit of its own when absent. */
  readonly deadlineMs?: number
  /** Which addresses may be connected to; every one when absent. */
  readonly isReachable?: AddressGuard
}

const RETRY_AFTER_MS = 200

/**
 * Questions over HTTP, with connections kept open between them.
 *
 * Nothing is followed and nothing is guessed: only status 200, the media type that was asked for, no encoding and no
 * redirect. What may pass (no connection, silence, 429, 5xx) is tried again; every other fault ends the exchange.
 */
export function httpExchange(options: ExchangeOptions): Exchange {
  const { isReachable } = options
  const agents = newAgents(isReachable && guardedLookup(isReachable))
  return async (request) => {
    const url = urlOf(request.url)
    if (isReachable) requireReachable(url, isReachable)
    return await exchange(request, url, agents, options)
  }
}

async function exchange(request: ExchangeRequest, url: URL, agents: Agents, options: ExchangeOptions): Promise<Bytes> {
  const { timeoutMs, attempts, retryAfterMs = RETRY_AFTER_MS, deadlineMs = Number.POSITIVE_INFINITY } = options
  const end = performance.now() + deadlineMs
  for (let count = 1; ; count++) {
    const pauseMs = retryAfterMs * 2 ** (count - 1)
    try {
      return await attempt(request, url, agents, Math.min(timeoutMs, end - performance.now()))
    } catch (error) {
      const isOver = count >= attempts || performance.now() + pauseMs >= end
      if (isOver || !isPassing(error)) throw error
      await pause(pauseMs, request.signal)
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
