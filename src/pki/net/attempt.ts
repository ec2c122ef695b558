import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as overHttp } from 'node:http'
import { Agent as HttpsAgent, request as overHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { type Bytes, concat } from '../../std/bytes.ts'
import { PkiError } from '../pki-error.ts'
import type { ExchangeRequest } from './exchange.ts'
import { exchangeError, isStale } from './exchange-fault.ts'

type AgentPair = { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent }

/** Who makes the connections: kept from one question to the next, or fresh ones. */
export type Agents = { readonly kept: AgentPair; readonly fresh: AgentPair }

/** Connections to one server; what comes on top waits for one of them. */
const MAX_SOCKETS = 64
/** Kept connections are closed when nobody used them for so long. */
const IDLE_MS = 30_000

/** `lookup` finds the addresses of names; the system's way when absent. */
export function newAgents(lookup?: LookupFunction): Agents {
  const pair = (keepAlive: boolean) => {
    const settings = { keepAlive, maxSockets: MAX_SOCKETS, timeout: IDLE_MS, ...(lookup && { lookup }) }
    return { 'http:': new HttpAgent(settings), 'https:': new HttpsAgent(settings) }
  }
  return { kept: pair(true), fresh: pair(false) }
}

/** One request and its whole answer. Rejects with `pki.exchange`. */
export async function attempt(asked: ExchangeRequest, url: URL, agents: Agents, timeoutMs: number): Promise<Bytes> {
  try {
    return await once(open(asked, url, agents.kept), asked, timeoutMs)
  } catch (error) {
    if (!isStale(error)) throw error
    // The server had closed the kept connection before it saw the question: no fault of anybody.
    return await once(open(asked, url, agents.fresh), asked, timeoutMs)
  }
}

function open(asked: ExchangeRequest, url: URL, agents: AgentPair): ClientRequest {
  const headers = {
    accept: asked.accept,
    'accept-encoding': 'identity',
    ...(asked.contentType && { 'content-type': asked.contentType }),
    ...(asked.body && { 'content-length': asked.body.length }),
  }
  const settings = { method: asked.method, headers }
  return url.protocol === 'https:'
    ? overHttps(url, { ...settings, agent: agents['https:'] })
    : overHttp(url, { ...settings, agent: agents['http:'] })
}

function once(request: ClientRequest, asked: ExchangeRequest, timeoutMs: number): Promise<Bytes> {
  const { signal } = asked
  return new Promise((resolve, reject) => {
    const end = (result: Bytes | PkiError) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      if (!(result instanceof Error)) return resolve(result)
      reject(result)
      // A connection with an answer half read is of no use to anybody.
      request.destroy()
    }
    const abort = () => end(exchangeError('aborted'))
    const timer = setTimeout(() => end(exchangeError('timeout')), timeoutMs)
    signal?.addEventListener('abort', abort)
    request.on('error', (cause) => end(networkError(cause, request.reusedSocket)))
    request.on('response', (response) => take(response, asked, end))
    if (signal?.aborted) abort()
    else request.end(asked.body)
  })
}

function networkError(cause: Error, onKeptConnection = false): PkiError {
  if (cause instanceof PkiError) return cause
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
  return exchangeError('network', { cause: code, stale: onKeptConnection && code === 'ECONNRESET' })
}

function take(response: IncomingMessage, asked: ExchangeRequest, end: (result: Bytes | PkiError) => void): void {
  const refusal = headRefusal(response, asked)
  if (refusal) {
    end(refusal)
    return
  }
  const parts: Bytes[] = []
  let length = 0
  response.on('data', (part: Buffer) => {
    length += part.length
    if (length > asked.maxBytes) end(exchangeError('too_large', { maxBytes: asked.maxBytes }))
    else parts.push(part)
  })
  response.on('error', (cause) => end(networkError(cause)))
  response.on('end', () => end(concat(...parts)))
}

/** What the status and the headers already rule out. */
function headRefusal({ statusCode: status = 0, headers }: IncomingMessage, asked: ExchangeRequest) {
  if (status >= 300 && status < 400) return exchangeError('redirect', { status })
  if (status >= 500 || status === 429) return exchangeError('busy', { status })
  if (status !== 200) return exchangeError('status', { status })
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity'
  if (!isPlain || !isAccepted(headers['content-type'], asked.accept)) return exchangeError('content_type')
  if (Number(headers['content-length'] ?? 0) > asked.maxBytes)
    return exchangeError('too_large', { maxBytes: asked.maxBytes })
  return undefined
}

function isAccepted(contentType: string | undefined, accept: string): boolean {
  const [type = ''] = (contentType ?? '').split(';')
  return accept.split(',').some((wanted) => wanted.trim().toLowerCase() === type.trim().toLowerCase())
}
