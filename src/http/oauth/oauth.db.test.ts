import type { FastifyInstance } from 'fastify'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleFacade, samplePlatform } from '../../../test/support/sample-facade.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import {
  createTenant,
  ensureTokenKeys,
  type Platform,
  rotateClientSecret,
  rotateTokenKeys,
  type Schema,
} from '../../core/index.ts'
import { DatabaseUnavailable } from '../../db/index.ts'
import { systemClock } from '../../std/time.ts'
import { companyOfToken } from '../kit/authenticate.ts'
import { createServer } from '../server.ts'
import { oauthDoor } from './oauth-door.ts'

let testDatabase: TestDatabase<Schema>
let platform: Platform
let app: FastifyInstance
let id: string
let secret: string
/** As RFC 6749 §2.3.1 wants it: both parts form-encoded before they are joined. */
const basic = (client: string, password: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(password)}`).toString('base64')}`
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

function serverOf(some: Platform): FastifyInstance {
  const facade = { ...sampleFacade(), authenticate: { company: companyOfToken, person: companyOfToken } }
  return createServer(some, [facade], { doors: [oauthDoor(some, ['/auth/open/connect/token'])] })
}

beforeAll(async () => {
  testDatabase = await createTestDatabase<Schema>()
  platform = samplePlatform({ database: testDatabase.database, clock: systemClock() })
  await ensureTokenKeys(platform)
  const company = await createTenant(platform, { name: 'A', mode: 'sandbox', country: 'GT' })
  id = company.client.id
  secret = company.clientSecret
  app = serverOf(platform)
})
afterAll(async () => {
  await app.close()
  await testDatabase.close()
})

const GRANT = 'grant_type=client_credentials'
const ask = (payload: string, headers: Record<string, string> = {}, url = '/oauth/token') =>
  app.inject({ method: 'POST', url, headers: { ...FORM, ...headers }, payload })
const granted = () => ask(GRANT, { authorization: basic(id, secret) })
const callWith = async (token: string, server = app) => {
  const headers = { authorization: `Bearer ${token}` }
  return (await server.inject({ method: 'POST', url: '/sample/v1/widgets/w1/spin', headers })).statusCode
}

describe('the token endpoint refuses', () => {
  const rows: [string, () => Promise<{ statusCode: number; json: () => unknown }>, number, string][] = [
    ['nobody', () => ask(GRANT), 400, 'invalid_request'],
    ['an unknown client', () => ask(GRANT, { authorization: basic('a'.repeat(20), secret) }), 401, 'invalid_client'],
    ['a wrong secret', () => ask(GRANT, { authorization: basic(id, `${secret}x`) }), 401, 'invalid_client'],
    ['an empty secret', () => ask(GRANT, { authorization: basic(id, '') }), 400, 'invalid_request'],
    [
      'what stands in for the secret',
      () => ask(GRANT, { authorization: basic(id, 'kept as a hash') }),
      401,
      'invalid_client',
    ],
    ['a secret with a colon', () => ask(GRANT, { authorization: basic(id, 'a:b') }), 401, 'invalid_client'],
    ['a client id without a secret', () => ask(`${GRANT}&client_id=${id}`), 401, 'invalid_client'],
    [
      'two methods at once',
      () => ask(`${GRANT}&client_id=${id}&client_secret=${secret}`, { authorization: basic(id, secret) }),
      400,
      'invalid_request',
    ],
    [
      'half an escape in the secret',
      () => ask(GRANT, { authorization: `Basic ${Buffer.from(`${id}:%2`).toString('base64')}` }),
      400,
      'invalid_request',
    ],
    [
      'another client in the body',
      () => ask(`${GRANT}&client_id=other`, { authorization: basic(id, secret) }),
      400,
      'invalid_request',
    ],
    [
      'a doubled parameter',
      () => ask(`${GRANT}&${GRANT}`, { authorization: basic(id, secret) }),
      400,
      'invalid_request',
    ],
    ['no grant', () => ask('scope=chancery', { authorization: basic(id, secret) }), 400, 'invalid_request'],
    [
      'a password',
      () => ask('grant_type=password&username=a&password=b', { authorization: basic(id, secret) }),
      400,
      'unsupported_grant_type',
    ],
    [
      'an implicit grant',
      () => ask('grant_type=implicit', { authorization: basic(id, secret) }),
      400,
      'unsupported_grant_type',
    ],
    [
      'a code',
      () => ask('grant_type=authorization_code&code=a', { authorization: basic(id, secret) }),
      400,
      'unsupported_grant_type',
    ],
    [
      'a scope that was not granted',
      () => ask(`${GRANT}&scope=admin`, { authorization: basic(id, secret) }),
      400,
      'invalid_scope',
    ],
    [
      'one such scope among others',
      () => ask(`${GRANT}&scope=chancery%20admin`, { authorization: basic(id, secret) }),
      400,
      'invalid_scope',
    ],
    [
      'another resource',
      () => ask(`${GRANT}&resource=https%3A%2F%2Fevil.example`, { authorization: basic(id, secret) }),
      400,
      'invalid_target',
    ],
  ]
  test.each(rows)('%s', async (_, request, status, error) => {
    const reply = await request()
    expect([reply.statusCode, (reply.json() as { error: string }).error]).toEqual([status, error])
  })

  test('JSON, other methods, and every path that the provider could have', async () => {
    const asJson = await ask('{"grant_type":"client_credentials"}', { 'content-type': 'application/json' })
    expect(asJson.statusCode).toBe(400)
    expect((await app.inject('/oauth/token')).statusCode).toBe(405)
    for (const path of [
      '/auth',
      '/me',
      '/token',
      '/jwks',
      '/reg',
      '/request',
      '/session/end',
      '/token/introspection',
      '/token/revocation',
      '/interaction/a',
      '/device',
    ]) {
      expect((await app.inject(path)).statusCode, path).toBe(404)
      expect((await ask(GRANT, { authorization: basic(id, secret) }, path)).statusCode, path).toBe(404)
    }
  })

  test('with headers of ours, no page for browsers and no other origin', async () => {
    const reply = await ask(GRANT, {
      accept: 'text/html',
      origin: 'https://evil.example',
      authorization: basic(id, 'no'),
    })
    expect(reply.json().error).toBe('invalid_client')
    expect(reply.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  test('everybody while the database is away, and says for how long', async () => {
    const away = { transaction: () => Promise.reject(new DatabaseUnavailable(new Error('gone'))) }
    const database = { ...platform.database, platform: { ...platform.database.platform, ...away } }
    const server = serverOf({ ...platform, database })
    const reply = await server.inject({ method: 'POST', url: '/oauth/token', headers: FORM, payload: GRANT })
    expect([reply.statusCode, reply.headers['retry-after']]).toEqual([503, '5'])
    await server.close()
  })
})

describe('the token endpoint gives a token', () => {
  test('by either method and at every path of it', async () => {
    const byBody = `${GRANT}&client_id=${id}&client_secret=${secret}`
    for (const reply of [await granted(), await ask(byBody), await ask(byBody, {}, '/auth/open/connect/token')]) {
      expect(reply.statusCode).toBe(200)
      expect(reply.json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'chancery' })
      expect(reply.headers['cache-control']).toBe('no-store')
    }
  })

  test('that says who, for whom and for how long', async () => {
    const token = (await granted()).json().access_token
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
    const claims = decodeJwt(token)
    const url = 'https://sign.example.com'
    expect(claims).toMatchObject({
      iss: url,
      aud: url,
      sub: id,
      client_id: id,
      scope: 'chancery',
      jti: expect.any(String),
    })
    expect(claims['tenant']).toMatch(/^[0-9A-Z]{26}$/)
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600)
    expect(await callWith(token)).toBe(204)
  })
})

describe('what was given is taken back', () => {
  test('a token of before the secret was replaced at once; with a time of grace both secrets work', async () => {
    const { client, clientSecret } = await createTenant(platform, { name: 'B', mode: 'sandbox', country: 'GT' })
    const statusOf = async (password: string) =>
      (await ask(GRANT, { authorization: basic(client.id, password) })).statusCode
    const second = await rotateClientSecret(platform, client.id, 60_000)
    expect(await Promise.all([clientSecret, second ?? ''].map(statusOf))).toEqual([200, 200])
    const token = (await ask(GRANT, { authorization: basic(client.id, second ?? '') })).json().access_token
    expect(await callWith(token)).toBe(204)
    // A token's time has whole seconds: the change has to come in a later one.
    await expect.poll(() => Math.floor(Date.now() / 1000), { timeout: 2000 }).toBeGreaterThan(decodeJwt(token).iat ?? 0)
    const third = await rotateClientSecret(platform, client.id, 0)
    expect(await Promise.all([clientSecret, second ?? '', third ?? ''].map(statusOf))).toEqual([401, 401, 200])
    expect(await callWith(token)).toBe(401)
  })

  test('keys are replaced during traffic: old tokens stay good, new ones carry the new key, both are published', async () => {
    const before = (await granted()).json().access_token
    await rotateTokenKeys(platform, { endNow: false })
    const after = (await granted()).json().access_token
    const kids = [before, after].map((token) => decodeProtectedHeader(token).kid)
    expect(kids[0]).not.toBe(kids[1])
    expect(await Promise.all([before, after].map((token) => callWith(token)))).toEqual([204, 204])
    const { keys } = (await app.inject('/.well-known/jwks.json')).json()
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual(expect.arrayContaining(kids))
    expect(keys.length).toBe(6)
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    await rotateTokenKeys(platform, { endNow: true })
    expect(await Promise.all([before, after].map((token) => callWith(token)))).toEqual([401, 401])
  })
})

test.each(['openid-configuration', 'oauth-authorization-server'])('%s lists only what is there', async (name) => {
  const metadata: Record<string, unknown> = (await app.inject(`/.well-known/${name}`)).json()
  const endpoints = Object.entries(metadata).filter(([key]) => /_(endpoint|uri)$/.test(key))
  expect(Object.fromEntries(endpoints)).toEqual({
    token_endpoint: 'https://sign.example.com/oauth/token',
    jwks_uri: 'https://sign.example.com/.well-known/jwks.json',
  })
})
