import { X509Certificate } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { PkiError } from '../pki-error.ts'
import { newAuthority } from '../testing/authority.ts'
import type { ExchangeRequest } from './exchange.ts'
import { guardedLookup } from './guarded-lookup.ts'
import { type ExchangeOptions, httpExchange } from './http-exchange.ts'
import { isPublicAddress } from './public-address.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Answer = (response: ServerResponse, count: number, request: IncomingMessage) => void

/** A server that answers its requests by their count; gives its address and how many there were. */
async function serve(answer: Answer): Promise<{ url: string; count(): number }> {
  let count = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => answer(response, ++count, request))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, count: () => count }
}

/** A server below HTTP. */
async function serveRaw(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createRawServer((socket) => {
    sockets.add(socket)
    // A client that breaks off is what some of these tests are about.
    socket.on('error', () => socket.destroy())
    socket.once('data', () => answer(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const TYPE = 'application/timestamp-reply'

function reply(response: ServerResponse, body: string, headers: Record<string, string> = {}, status = 200): void {
  response.writeHead(status, { 'content-type': TYPE, ...headers })
  response.end(body)
}

function ask(url: string, options: Partial<ExchangeOptions> = {}, request: Partial<ExchangeRequest> = {}) {
  const exchange = httpExchange({ timeoutMs: 250, attempts: 1, retryAfterMs: 1, ...options })
  return exchange({ url, method: 'POST', body: Buffer.from('question'), accept: TYPE, maxBytes: 1000, ...request })
}

/** The code and fault of the refusal, or that there was none. */
async function faultOf(asked: Promise<unknown>): Promise<unknown> {
  try {
    await asked
    return 'answered'
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return [error.code, error.details['fault']]
  }
}

describe('refused', () => {
  test.each<[string, string, Answer]>([
    ['silence before the headers', 'timeout', () => undefined],
    [
      'headers and then silence',
      'timeout',
      (response) => response.writeHead(200, { 'content-type': TYPE }).flushHeaders(),
    ],
    ['another media type', 'content_type', (response) => reply(response, 'x', { 'content-type': 'text/html' })],
    ['an encoded answer', 'content_type', (response) => reply(response, 'x', { 'content-encoding': 'gzip' })],
    ['a redirect', 'redirect', (response) => reply(response, '', { location: 'http://127.0.0.1:1/' }, 302)],
    ['a redirect that keeps the method', 'redirect', (response) => reply(response, '', { location: '/again' }, 307)],
    ['a refusal', 'status', (response) => reply(response, '', {}, 403)],
    ['no content', 'status', (response) => response.writeHead(204).end()],
    ['a server that is broken', 'busy', (response) => reply(response, '', {}, 500)],
    ['a server that has too much to do', 'busy', (response) => reply(response, '', {}, 429)],
    ['an answer that says it is too long', 'too_large', (response) => reply(response, 'x'.repeat(1001))],
    ['a connection that is closed at once', 'network', (response) => response.destroy()],
  ])('%s', async (_, fault, answer) => {
    const { url } = await serve(answer)
    expect(await faultOf(ask(url))).toEqual(['pki.exchange', fault])
  })

  test('an answer without a type', async () => {
    const { url } = await serve((response) => response.writeHead(200).end('x'))
    expect(await faultOf(ask(url))).toEqual(['pki.exchange', 'content_type'])
  })

  test('a body that never ends, as soon as it is too long', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-type': TYPE })
      const more = setInterval(() => response.write('x'.repeat(400)), 1)
      response.on('close', () => clearInterval(more))
    })
    expect(await faultOf(ask(url, { timeoutMs: 5000 }))).toEqual(['pki.exchange', 'too_large'])
  })

  test('a body that comes byte by byte, when its time is over', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-type': TYPE })
      const more = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(more))
    })
    const start = performance.now()
    expect(await faultOf(ask(url, { timeoutMs: 120 }))).toEqual(['pki.exchange', 'timeout'])
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test.each([
    ['an answer that is cut off', `HTTP/1.1 200 OK\r\nContent-Type: ${TYPE}\r\nContent-Length: 50\r\n\r\nhalf`],
    ['what is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['headers without an end', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(40_000)}`],
  ])('%s', async (_, bytes) => {
    const url = await serveRaw((socket) => socket.end(bytes))
    expect(await faultOf(ask(url))).toEqual(['pki.exchange', 'network'])
  })

  test('a connection that is reset', async () => {
    const url = await serveRaw((socket) => socket.resetAndDestroy())
    expect(await faultOf(ask(url))).toEqual(['pki.exchange', 'network'])
  })

  test('a server whose certificate the machine does not trust', async () => {
    const { certificate, key } = newAuthority().person('Ana Ruiz')
    const settings = {
      cert: new X509Certificate(certificate).toString(),
      key: key.export({ type: 'pkcs8', format: 'pem' }),
    }
    const server = createTlsServer(settings, (_, response) => reply(response, 'x'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => server.close())
    const asked = ask(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`, { timeoutMs: 2000 })
    await expect(asked).rejects.toMatchObject({
      details: { fault: 'network', cause: expect.stringMatching(/CERT|VERIFY/) },
    })
  })

  test('a port that nobody listens at', async () => {
    const url = await serveRaw(() => undefined)
    for (const close of closers.splice(0)) close()
    expect(await faultOf(ask(url, { attempts: 2 }))).toEqual(['pki.exchange', 'network'])
  })

  test.each(['ftp://127.0.0.1/', 'file:///etc/hostname', 'http://name:word@127.0.0.1/', 'not an address', ''])(
    'the address %j',
    async (url) => {
      expect(await faultOf(ask(url))).toEqual(['pki.exchange', 'url'])
    },
  )

  test('what was given up before it began, and while it ran', async () => {
    const { url, count } = await serve(() => undefined)
    expect(await faultOf(ask(url, {}, { signal: AbortSignal.abort() }))).toEqual(['pki.exchange', 'aborted'])
    expect(count()).toBe(0)
    const running = ask(url, { timeoutMs: 5000, attempts: 3 }, { signal: AbortSignal.timeout(50) })
    expect(await faultOf(running)).toEqual(['pki.exchange', 'aborted'])
    expect(count()).toBe(1)
  })

  test('what was given up between two attempts', async () => {
    const { url, count } = await serve((response) => reply(response, '', {}, 503))
    const waiting = ask(url, { attempts: 3, retryAfterMs: 5000 }, { signal: AbortSignal.timeout(100) })
    expect(await faultOf(waiting)).toEqual(['pki.exchange', 'aborted'])
    expect(count()).toBe(1)
  })

  test('what would not be done before the deadline', async () => {
    const { url, count } = await serve((response) => reply(response, '', {}, 503))
    const options = { attempts: 9, retryAfterMs: 60, deadlineMs: 150 }
    expect(await faultOf(ask(url, options))).toEqual(['pki.exchange', 'busy'])
    expect(count()).toBe(2)
    const silent = await serve(() => undefined)
    const start = performance.now()
    const asked = ask(silent.url, { attempts: 9, timeoutMs: 5000, deadlineMs: 100 })
    expect(await faultOf(asked)).toEqual(['pki.exchange', 'timeout'])
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]'])(
    'the host %s, where only the public internet is asked, without a packet',
    async (host) => {
      const { url, count } = await serve((response) => reply(response, 'x'))
      const asked = ask(url.replace('127.0.0.1', host), { isReachable: isPublicAddress, attempts: 3 })
      expect(await faultOf(asked)).toEqual(['pki.exchange', 'forbidden'])
      expect(count()).toBe(0)
    },
  )

  test('a name of which one address is not to be reached', async () => {
    const look = guardedLookup((address) => address !== '127.0.0.1')
    const error = await new Promise((resolve) => look('localhost', { all: true, family: 4 }, resolve))
    expect(error).toMatchObject({ details: { fault: 'forbidden' } })
  })

  test('and the error does not repeat the address', async () => {
    const { url } = await serve((response) => reply(response, '', {}, 403))
    const asked = ask(`${url}?key=secret`)
    await expect(asked).rejects.toThrow(PkiError)
    const error: unknown = await asked.catch((reason: unknown) => reason)
    expect(JSON.stringify([error, String(error)])).not.toContain('secret')
  })
})

describe('tried again', () => {
  test.each<[string, Answer]>([
    ['after a server that was broken', (response) => reply(response, '', {}, 500)],
    ['after silence', () => undefined],
    ['after a connection that was closed', (response) => response.destroy()],
  ])('%s', async (_, first) => {
    const { url, count } = await serve((response, attempt, request) =>
      attempt === 1 ? first(response, attempt, request) : reply(response, 'answer'),
    )
    expect((await ask(url, { attempts: 2 })).toString()).toBe('answer')
    expect(count()).toBe(2)
  })

  test('so often and no more', async () => {
    const { url, count } = await serve((response) => reply(response, '', {}, 500))
    expect(await faultOf(ask(url, { attempts: 3 }))).toEqual(['pki.exchange', 'busy'])
    expect(count()).toBe(3)
  })

  test('never after an answer that will not change', async () => {
    const { url, count } = await serve((response) => reply(response, '', {}, 404))
    expect(await faultOf(ask(url, { attempts: 3 }))).toEqual(['pki.exchange', 'status'])
    expect(count()).toBe(1)
  })

  test('at once on a new connection when the kept one had been closed', async () => {
    // The server forgets a kept connection when the second question comes over it.
    const { url } = await serve((response, count, request) => {
      if (count === 2) request.socket.resetAndDestroy()
      else reply(response, `answer ${count}`)
    })
    const exchange = httpExchange({ timeoutMs: 1000, attempts: 1 })
    const request = { url, method: 'GET', accept: TYPE, maxBytes: 100 } as const
    expect((await exchange(request)).toString()).toBe('answer 1')
    await sleep(5)
    expect((await exchange(request)).toString()).toBe('answer 3')
  })
})

test('the question arrives whole, and parameters of the media type do not matter', async () => {
  const { url } = await serve((response, _, request) => {
    const { headers, method } = request
    const said = [
      method,
      headers['content-type'],
      headers.accept,
      headers['accept-encoding'],
      headers['content-length'],
    ]
    reply(response, said.join(' '), { 'content-type': `${TYPE.toUpperCase()}; charset=binary` })
  })
  const answer = await ask(url, {}, { contentType: 'application/timestamp-query' })
  expect(answer.toString()).toBe(`POST application/timestamp-query ${TYPE} identity 8`)
})

test('one of several media types may come', async () => {
  const { url } = await serve((response) => reply(response, 'x', { 'content-type': 'application/octet-stream' }))
  expect(await ask(url, {}, { accept: 'application/pkix-crl, application/octet-stream' })).toHaveLength(1)
})

test('a name whose addresses may be reached is asked', async () => {
  const { url } = await serve((response) => reply(response, 'x'))
  const asked = ask(url.replace('127.0.0.1', 'localhost'), { isReachable: () => true })
  expect((await asked).toString()).toBe('x')
})

test('connections are kept', async () => {
  const ports = new Set<number | undefined>()
  const { url } = await serve((response, _, request) => {
    ports.add(request.socket.remotePort)
    reply(response, 'x')
  })
  const exchange = httpExchange({ timeoutMs: 1000, attempts: 1 })
  for (let i = 0; i < 20; i++) await exchange({ url, method: 'GET', accept: TYPE, maxBytes: 100 })
  expect(ports.size).toBe(1)
})
