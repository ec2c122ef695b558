import { describe, expect, test } from 'vitest'
import { startSmsGateway } from '../../../test/support/sms-gateway.ts'
import { httpTexter, SmsNotSent } from './index.ts'

const message = { to: '+50255501234', text: '123456 es su código', id: '01J9ABC' }
const token = 'gateway-token'

const refusalOf = (sending: Promise<void>) =>
  sending.then(
    () => undefined,
    (reason: unknown) => reason as SmsNotSent,
  )

describe('settings that are refused', () => {
  test.each(['http://gateway.example.com/', 'http://127.0.0.1.example.com/', 'ftp://127.0.0.1/', 'https://u:p@host/'])(
    '%s would carry the token in the clear, or a second credential',
    (url) => {
      expect(() => httpTexter({ url, token })).toThrow(TypeError)
    },
  )

  test.each(['', 'two words', 'a\r\nX-Evil: 1', 'señal'])('%j cannot be a bearer token', (bad) => {
    expect(() => httpTexter({ url: 'https://gateway.example.com/', token: bad })).toThrow(TypeError)
  })
})

describe('a gateway that does not take the message', () => {
  test.each([400, 401, 429, 500, 503])('%i rejects with the status alone', async (status) => {
    await using gateway = await startSmsGateway(() => ({ status, body: `cannot send to ${message.to}` }))
    const refusal = await refusalOf(httpTexter({ url: gateway.url, token }).send(message))
    expect(refusal).toBeInstanceOf(SmsNotSent)
    expect(refusal).toMatchObject({ code: 'sms.not_sent', details: { status } })
    expect(`${refusal?.stack}${JSON.stringify(refusal)}`).not.toContain(message.to)
  })

  test.each([301, 307, 308])('a redirect (%i) rejects, and nobody else sees the message', async (status) => {
    await using elsewhere = await startSmsGateway()
    await using gateway = await startSmsGateway(() => ({ status, headers: { location: elsewhere.url } }))
    const refusal = await refusalOf(httpTexter({ url: gateway.url, token }).send(message))
    expect(refusal).toMatchObject({ details: { status } })
    expect(elsewhere.calls).toEqual([])
  })

  test('no answer within the limit rejects', async () => {
    await using gateway = await startSmsGateway(() => undefined)
    const refusal = await refusalOf(httpTexter({ url: gateway.url, token, limitMs: 200 }).send(message))
    expect(refusal).toBeInstanceOf(SmsNotSent)
    expect(refusal?.cause).toMatchObject({ name: 'TimeoutError' })
  })

  test('a gateway that is not there rejects', async () => {
    const gateway = await startSmsGateway()
    await gateway[Symbol.asyncDispose]()
    expect(await refusalOf(httpTexter({ url: gateway.url, token }).send(message))).toBeInstanceOf(SmsNotSent)
  })
})

describe('a message that is taken', () => {
  test.each([200, 202, 204])('%i is enough', async (status) => {
    await using gateway = await startSmsGateway(() => ({ status }))
    await httpTexter({ url: gateway.url, token }).send(message)
    expect(gateway.sent).toEqual([message])
  })

  test('arrives as the contract says', async () => {
    await using gateway = await startSmsGateway()
    await httpTexter({ url: gateway.url, token }).send(message)
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': message.id,
    }
    const [call] = gateway.calls
    expect(call).toMatchObject({ method: 'POST', path: '/messages', body: message })
    expect(call?.headers).toMatchObject(headers)
  })

  test('is sent once by a gateway that keeps the contract, though it was asked twice', async () => {
    await using gateway = await startSmsGateway()
    const texter = httpTexter({ url: gateway.url, token })
    await texter.send(message)
    await texter.send(message)
    expect(gateway.calls).toHaveLength(2)
    expect(gateway.sent).toEqual([message])
  })

  test('counts as taken however long the answer is', async () => {
    await using gateway = await startSmsGateway(() => ({ status: 200, body: Buffer.alloc(8 * 1024 * 1024) }))
    await httpTexter({ url: gateway.url, token }).send(message)
    expect(gateway.sent).toEqual([message])
  })
})
