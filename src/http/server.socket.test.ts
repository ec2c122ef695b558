import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SampleWork, sampleFacade, samplePlatform } from '../../test/support/sample-facade.ts'
import { createServer } from './server.ts'

const work: SampleWork = { runs: 0, run: async () => undefined }
const app = createServer(samplePlatform(), [sampleFacade(work)], { timeouts: { headersMs: 300, requestMs: 300 } })
beforeAll(() => app.listen({ port: 0, host: '127.0.0.1' }))
afterAll(() => app.close())

/** Sends bytes as they are and gives what came back until the other side closed. */
function exchange(request: string): Promise<string> {
  const { port } = app.server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.setEncoding('latin1')
    socket.on('data', (piece) => {
      answer += piece
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    )
    socket.on('close', () => resolve(answer))
  })
}

const START =
  'POST /sample/v1/widgets HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer company-a\r\nContent-Type: application/json\r\n'

describe('bytes that are no HTTP request', () => {
  test.each([
    ['both a length and a coding', `${START}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['two lengths', `${START}Content-Length: 4\r\nContent-Length: 5\r\n\r\n{"a"}`, 400],
    ['a length that is no number', `${START}Content-Length: 4x\r\n\r\n{}`, 400],
    ['a coding that is not the last one', `${START}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
    ['a blank before the colon', `${START}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a folded header', `${START}X-A: b\r\n c: d\r\nContent-Length : 1\r\n\r\n`, 400],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: a\n\n', 400],
    ['a chunk of no size', `${START}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`, 400],
    ['a verb that nobody knows', 'BREW /sample/v1/widgets HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['TLS on a plain port', '\x16\x03\x01\x00\xa5\x01\x00', 400],
    ['a header of 20 kB', `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['10,000 headers', `GET / HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, 431],
    ['a path of 20 kB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['headers that never end', 'GET / HTTP/1.1\r\nHost: a\r\nX-A: ', 408],
    ['a body that never ends', `${START}Content-Length: 100\r\n\r\n{"name":`, 408],
  ])('%s', async (_, request, status) => {
    const answer = await exchange(request)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain('\r\ncontent-type: application/problem+json; charset=utf-8\r\n')
    expect(answer).toContain('\r\nx-content-type-options: nosniff\r\n')
    expect(answer).toMatch(/\r\nx-request-id: [0-9A-Z]{26}\r\n/)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
    expect(body.status).toBe(status)
    expect(work.runs).toBe(0)
  })
})

describe('requests that a server might stumble over', () => {
  const last = 'Connection: close\r\n\r\n'
  test.each([
    ['a verb that this server has no use for', `PROPFIND /sample/v1/widgets HTTP/1.1\r\nHost: a\r\n${last}`, 405],
    ['TRACE', `TRACE /sample/v1/widgets HTTP/1.1\r\nHost: a\r\n${last}`, 405],
    ['a target in absolute form', `GET http://a/sample/v1/widgets HTTP/1.1\r\nHost: a\r\n${last}`, 405],
    ['no host', `GET / HTTP/1.1\r\n${last}`, 400],
    ['the target *', `OPTIONS * HTTP/1.1\r\nHost: a\r\n${last}`, 404],
    [
      'an upgrade',
      `GET /sample/v1/x HTTP/1.1\r\nHost: a\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
      404,
    ],
    ['an expectation', `GET /sample/v1/x HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n${last}`, 417],
    ['3,000 headers', `GET /sample/v1/x HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(3000)}${last}`, 404],
  ])('%s', async (_, request, status) => {
    const answer = await exchange(request)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain('\r\nx-content-type-options: nosniff\r\n')
  })

  test('a refused request leaves nothing on its connection for the next one', async () => {
    const smuggled = 'GET /sample/v1/widgets/w1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer company-a\r\n\r\n'
    const answer = await exchange(`${START}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400'])
  })

  test('closing waits for the answer under way and takes no new connection', async () => {
    let finish: () => void = () => undefined
    const slow: SampleWork = { runs: 0, run: () => new Promise((resolve) => (finish = () => resolve(undefined))) }
    const server = createServer(samplePlatform(), [sampleFacade(slow)])
    const origin = await server.listen({ port: 0, host: '127.0.0.1' })
    const headers = { authorization: 'Bearer company-a', 'content-type': 'application/json' }
    const answer = fetch(`${origin}/sample/v1/widgets`, { method: 'POST', headers, body: '{"name":"a"}' })
    await expect.poll(() => slow.runs).toBe(1)
    const closed = server.close()
    await expect.poll(() => server.server.listening).toBe(false)
    await expect(fetch(`${origin}/sample/v1/widgets`)).rejects.toThrow()
    finish()
    expect((await answer).status).toBe(201)
    await closed
  })
})
