import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One call as it arrived. */
export type ReceivedCall = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** What is answered. `undefined` leaves the caller waiting. */
export type Answer = {
  readonly status: number
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export type JsonServer = AsyncDisposable & { readonly url: string; readonly calls: readonly ReceivedCall[] }

/** An HTTP server on a free loopback port that keeps the JSON it is sent and answers as told. */
export async function startJsonServer(answer: (call: ReceivedCall) => Answer | undefined): Promise<JsonServer> {
  const calls: ReceivedCall[] = []
  const server = createServer((request, response) => {
    void receive(request).then((call) => {
      calls.push(call)
      const reply = answer(call)
      if (reply) response.writeHead(reply.status, reply.headers).end(reply.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function receive(request: IncomingMessage): Promise<ReceivedCall> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = '', url: path = '', headers } = request
  return { method, path, headers, body: JSON.parse(Buffer.concat(chunks).toString()) }
}
