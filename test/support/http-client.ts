import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type Answer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** The JSON of the body; undefined when it is none. */
  readonly json: unknown
}

export type Content = {
  /** The bearer token. */
  readonly token?: string
  readonly json?: unknown
  /** A body as it stands, instead of `json`. */
  readonly raw?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** HTTP/1.1 over kept connections, without anything that a browser or `fetch` would add, refuse or follow. */
export type HttpClient = {
  readonly address: string
  /** @throws when the connection breaks before the end of the answer */
  call(method: string, target: string, content?: Content): Promise<Answer>
  close(): void
}

const TIMEOUT_MS = 20_000

export function openHttpClient(address: string, maxConnections = 64): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections })
  const { hostname: host, port } = new URL(address)
  return {
    address,
    call: (method, target, content = {}) =>
      new Promise((resolve, reject) => {
        const body = bodyOf(content)
        const sent = request(
          { agent, host, port, method, path: target, headers: headersOf(content, body), timeout: TIMEOUT_MS },
          (response) => {
            const parts: Buffer[] = []
            response.on('data', (part: Buffer) => parts.push(part))
            response.on('error', reject)
            response.on('end', () => {
              const { statusCode: status = 0, headers } = response
              const bytes = Buffer.concat(parts)
              resolve({ status, headers, bytes, json: jsonOf(bytes) })
            })
          },
        )
        sent.on('error', reject)
        sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${target} within ${TIMEOUT_MS} ms`)))
        sent.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** A client that waits as long as a 429 asks for and tries again: for tests of something else than limits. */
export function patient(client: HttpClient): HttpClient {
  return {
    ...client,
    async call(method, target, content) {
      for (;;) {
        const answer = await client.call(method, target, content)
        if (answer.status !== 429) return answer
        await sleep(Number(answer.headers['retry-after'] ?? 1) * 1000)
      }
    },
  }
}

function bodyOf({ json, raw }: Content): string | Buffer | undefined {
  return raw ?? (json === undefined ? undefined : JSON.stringify(json))
}

function headersOf({ token, json, headers }: Content, body: string | Buffer | undefined): Record<string, string> {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
