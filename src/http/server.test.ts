import type { InjectOptions } from 'fastify'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { canary, refusal, type SampleWork, sampleFacade, samplePlatform } from '../../test/support/sample-facade.ts'
import { DatabaseUnavailable } from '../db/index.ts'
import { createServer } from './server.ts'

const work: SampleWork = { runs: 0, run: async () => undefined }
const platform = samplePlatform()
const app = createServer(platform, [sampleFacade(work)], {
  // The rows below are refusals, far more of them in a second than a stranger is allowed.
  rateLimits: {
    actor: { perSecond: 1000, burst: 1000 },
    tenant: { perSecond: 1000, burst: 1000 },
    address: { perSecond: 1000, burst: 1000 },
  },
})
afterAll(() => app.close())
beforeEach(() => {
  work.runs = 0
  work.run = async () => undefined
  platform.entries.length = 0
})

const JSON_BODY = { 'content-type': 'application/json' }
const COMPANY = { authorization: 'Bearer company-a' }
const create: InjectOptions = {
  method: 'POST',
  url: '/sample/v1/widgets',
  headers: { ...COMPANY, ...JSON_BODY },
  payload: '{"name":"Sprocket"}',
}
const bodyOf = (code: string, message: string) => ({ code, message })

describe('what is refused below a mount is refused in its own words', () => {
  const MALFORMED = bodyOf('REQUEST_MALFORMED', 'The body is not valid JSON in UTF-8.')
  const INVALID = bodyOf('REQUEST_INVALID', 'The request does not match the documented form.')
  const MEDIA_TYPE = bodyOf('REQUEST_MEDIA_TYPE', 'Send the body as application/json.')
  const UNKNOWN = bodyOf('REQUEST_UNKNOWN_PATH', 'There is no such call. Check the path and the method.')
  const TOO_LARGE = bodyOf('REQUEST_TOO_LARGE', 'The request is larger than this call accepts.')
  const NO_TOKEN = bodyOf('CREDENTIAL_MISSING', 'Send a bearer token in the Authorization header.')
  const BAD_TOKEN = bodyOf('CREDENTIAL_INVALID', 'The token is not valid here, or no longer.')
  const get = (url: string): InjectOptions => ({ method: 'GET', url, headers: COMPANY, payload: '' })
  const typed = (type: string): InjectOptions => ({ headers: { ...COMPANY, 'content-type': type } })

  const rows: [string, InjectOptions, number, object][] = [
    ['no credential', { headers: JSON_BODY }, 401, NO_TOKEN],
    ['an empty Authorization header', { headers: { ...JSON_BODY, authorization: '' } }, 401, NO_TOKEN],
    ['another scheme', { headers: { ...JSON_BODY, authorization: 'Basic Y29tcGFueS1h' } }, 401, BAD_TOKEN],
    ['a wrong token', { headers: { ...JSON_BODY, authorization: 'Bearer nobody' } }, 401, BAD_TOKEN],
    ['two tokens in one header', { headers: { authorization: 'Bearer company-a, Bearer company-b' } }, 401, BAD_TOKEN],
    ['a token of 9 kB', { headers: { authorization: `Bearer ${'a'.repeat(9000)}` } }, 401, BAD_TOKEN],
    ['malformed JSON without a credential', { headers: JSON_BODY, payload: '{' }, 401, NO_TOKEN],
    ['malformed JSON with a credential', { payload: '{' }, 400, MALFORMED],
    ['a doubled member', { payload: '{"name":"a","name":"b"}' }, 400, MALFORMED],
    ['a body of nothing', { payload: '' }, 400, MALFORMED],
    ['a body that is a list', { payload: '[]' }, 400, INVALID],
    ['a missing field', { payload: '{}' }, 400, INVALID],
    ['an unknown member', { payload: '{"name":"a","tenantId":"x"}' }, 400, INVALID],
    ['a member named constructor', { payload: '{"name":"a","constructor":{}}' }, 400, INVALID],
    ['a member named __proto__', { payload: '{"name":"a","__proto__":{"isAdmin":true}}' }, 400, MALFORMED],
    ['constructor.prototype', { payload: '{"constructor":{"prototype":{"isAdmin":true}}}' }, 400, MALFORMED],
    ['2^53 + 1', { payload: '{"name":"a","size":9007199254740993}' }, 400, MALFORMED],
    ['1e400', { payload: '{"name":"a","size":1e400}' }, 400, MALFORMED],
    ['a negative size', { payload: '{"name":"a","size":-1}' }, 400, INVALID],
    ['a number as text', { payload: '{"name":"a","size":"1"}' }, 400, INVALID],
    ['a form', typed('application/x-www-form-urlencoded'), 415, MEDIA_TYPE],
    ['no media type', { headers: COMPANY }, 415, MEDIA_TYPE],
    ['a media type that is none', typed('json'), 415, MEDIA_TYPE],
    ['another charset', typed('application/json; charset=utf-16'), 415, MEDIA_TYPE],
    ['a compressed body', { headers: { ...COMPANY, ...JSON_BODY, 'content-encoding': 'gzip' } }, 415, MEDIA_TYPE],
    ['a body over 1 MB', { payload: `{"name":"${'a'.repeat(1_048_576)}"}` }, 413, TOO_LARGE],
    ['an unknown path', { url: '/sample/v1/gadgets' }, 404, UNKNOWN],
    ['the mount itself', { url: '/sample/v1' }, 404, UNKNOWN],
    ['a slash at the end of a parameter', get('/sample/v1/widgets/w1/'), 404, UNKNOWN],
    ['a slash at the end', { url: '/sample/v1/widgets/' }, 404, UNKNOWN],
    ['a doubled slash', { url: '/sample/v1//widgets' }, 404, UNKNOWN],
    ['other case', { url: '/sample/v1/Widgets' }, 404, UNKNOWN],
    ['an encoded slash between segments', { url: '/sample/v1/x%2Fwidgets' }, 404, UNKNOWN],
    ['an encoded slash in a parameter', get('/sample/v1/widgets/w1%2fw2'), 404, UNKNOWN],
    ['an encoded NUL in a parameter', get('/sample/v1/widgets/w1%00'), 404, UNKNOWN],
    ['a path that is no UTF-8', get('/sample/v1/widgets/%ff'), 400, INVALID],
    ['half an escape in the path', get('/sample/v1/widgets/%2'), 400, INVALID],
    ['a parameter of 600 characters', get(`/sample/v1/widgets/${'w'.repeat(600)}`), 414, TOO_LARGE],
    ['a parameter of another form', get('/sample/v1/widgets/x1'), 400, INVALID],
    ['an unknown query parameter', get('/sample/v1/widgets/w1?limit=1e9'), 400, INVALID],
    ['a doubled query parameter', get('/sample/v1/widgets/w1?verbose=yes&verbose=no'), 400, INVALID],
    ['a body where none belongs', { url: '/sample/v1/widgets/w1/spin', payload: '{"a":1}' }, 400, INVALID],
    ['another method', { method: 'DELETE' }, 405, UNKNOWN],
    ['HEAD, which might use something up', { ...get('/sample/v1/widgets/w1'), method: 'HEAD' }, 405, UNKNOWN],
    ['a preflight of a browser', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }, 405, UNKNOWN],
    [
      'a method override',
      { headers: { ...create.headers, 'x-http-method-override': 'GET' }, payload: '{}' },
      400,
      INVALID,
    ],
  ]
  test.each(rows)('%s', async (_, change, status, body) => {
    const reply = await app.inject({ ...create, ...change })
    expect(reply.statusCode).toBe(status)
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
    if (change.method !== 'HEAD') expect(reply.json()).toEqual(body)
    expect(work.runs).toBe(0)
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
  })

  test('405 names the methods that are there', async () => {
    expect((await app.inject({ ...create, method: 'PUT' })).headers['allow']).toBe('POST')
  })

  test('401 says how to do better', async () => {
    const reply = await app.inject({ ...create, headers: JSON_BODY })
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="sample"')
  })

  test.each(['/sample', '/sample/v10/widgets', '/', '/v1/widgets', '/SAMPLE/v1/widgets'])(
    '%s is outside the mount and answered by problem details',
    async (url) => {
      const reply = await app.inject({ ...create, url })
      expect(reply.statusCode).toBe(404)
      expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(reply.json()).toEqual({
        type: '/errors/request.unknown_path',
        title: 'There is no such call. Check the path and the method.',
        status: 404,
        code: 'request.unknown_path',
        request_id: reply.headers['x-request-id'],
      })
    },
  )

  test('the longest mount words the refusal', async () => {
    const inner = {
      ...sampleFacade(),
      name: 'inner',
      mount: '/sample/v1/inner',
      failure: () => ({ status: 404, body: { inner: true } }),
    }
    const both = createServer(samplePlatform(), [sampleFacade(), inner])
    expect((await both.inject('/sample/v1/inner/x')).json()).toEqual({ inner: true })
    expect((await both.inject('/sample/v1/innermost')).json()).toEqual(UNKNOWN)
    await both.close()
  })
})

describe('what goes wrong inside', () => {
  const secret = canary()
  const thrown: [string, () => unknown, number, string][] = [
    ['a refusal of a use case', () => refusal('person.not_verified'), 409, 'PERSON_NOT_VERIFIED'],
    ['a bug', () => new TypeError(secret), 500, 'PLATFORM_INTERNAL'],
    ['something that is no error', () => secret, 500, 'PLATFORM_INTERNAL'],
    ['an outage of the database', () => new DatabaseUnavailable(new Error(secret)), 503, 'PLATFORM_UNAVAILABLE'],
  ]
  test.each(thrown)('%s is told in the words of the facade', async (_, error, status, code) => {
    work.run = async () => {
      throw error()
    }
    const reply = await app.inject(create)
    expect(reply.statusCode).toBe(status)
    expect(reply.json().code).toBe(code)
    expect(reply.body).not.toContain(secret)
    expect(reply.headers['retry-after']).toBe(status === 503 ? '5' : undefined)
    work.run = async () => undefined
    expect((await app.inject(create)).statusCode).toBe(201)
  })

  test('a reply that is not documented is a fault of ours and is not sent', async () => {
    work.run = async () => ({ widget_id: 'w1', name: 'Sprocket', national_id: secret })
    const reply = await app.inject(create)
    expect(reply.statusCode).toBe(500)
    expect(reply.body).not.toContain(secret)
    const failures = platform.entries.filter(({ level }) => level === 'error')
    expect(failures.map(({ fields }) => fields['requestId'])).toEqual([reply.headers['x-request-id']])
    expect(String(failures[0]?.fields['error'])).toContain('createWidget answered 201')
    expect(String(failures[0]?.fields['error'])).not.toContain(secret)
  })

  test('an answer that takes too long becomes a refusal', async () => {
    const slow = { runs: 0, run: () => new Promise(() => undefined) }
    const server = createServer(samplePlatform(), [sampleFacade(slow)], { timeouts: { answerMs: 50 } })
    const reply = await server.inject(create)
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'REQUEST_TIMEOUT'])
    await server.close()
  })

  test('the log holds no body, no query, no token and no path parameter', async () => {
    await app.inject({ ...create, payload: JSON.stringify({ name: secret }) })
    await app.inject({ ...create, payload: JSON.stringify({ [secret]: 1 }) })
    await app.inject({ ...create, headers: { ...JSON_BODY, authorization: `Bearer ${secret}` } })
    await app.inject({ url: `/sample/v1/widgets/${secret}?${secret}=1`, headers: COMPANY })
    await app.inject({ url: `/${secret}`, headers: COMPANY })
    expect(platform.entries.length).toBe(5)
    expect(JSON.stringify(platform.entries)).not.toContain(secret)
  })
})

describe('what is answered', () => {
  test('a call answers in its documented form', async () => {
    const reply = await app.inject(create)
    expect([reply.statusCode, reply.body]).toEqual([201, '{"widget_id":"w1","name":"Sprocket"}'])
  })

  test.each([undefined, '', '{}', ' { } '])('a call without a body takes %j for nothing', async (payload) => {
    const headers = payload === undefined ? COMPANY : { ...COMPANY, ...JSON_BODY }
    const url = '/sample/v1/widgets/w1/spin'
    const reply = await app.inject({ method: 'POST', url, headers, ...(payload === undefined ? {} : { payload }) })
    expect([reply.statusCode, reply.body]).toEqual([204, ''])
  })

  test.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
  ])('a body may come as %s', async (type) => {
    expect((await app.inject({ ...create, headers: { ...COMPANY, 'content-type': type } })).statusCode).toBe(201)
  })

  test('every answer carries the security headers and an id of ours, and none lets another origin read', async () => {
    const requests: InjectOptions[] = [
      create,
      { url: '/' },
      { url: '/sample/v1/widgets/%ff' },
      { ...create, headers: { 'x-request-id': 'mine', origin: 'https://evil.example' } },
      { ...create, method: 'OPTIONS', headers: { origin: 'null' } },
      { ...create, payload: 'x'.repeat(1_100_000) },
    ]
    const ids = new Set<unknown>()
    for (const request of requests) {
      const { headers } = await app.inject(request)
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
        'strict-transport-security': 'max-age=31536000',
      })
      expect(headers['x-request-id']).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
      ids.add(headers['x-request-id'])
      for (const name of Object.keys(headers)) expect(name).not.toMatch(/^(access-control-|server$|x-powered-by$)/)
    }
    expect(ids.size).toBe(requests.length)
  })

  test("a caller's own id is logged beside ours when it is short and visible", async () => {
    const theirs = async (id: string) => {
      platform.entries.length = 0
      await app.inject({ ...create, headers: { ...create.headers, 'x-request-id': id } })
      return platform.entries.at(-1)?.fields['clientRequestId']
    }
    expect(await theirs('order-7')).toBe('order-7')
    expect(await theirs('a'.repeat(65))).toBeUndefined()
    expect(await theirs('a b')).toBeUndefined()
  })
})

describe('too many requests', () => {
  test('an actor who calls too often waits, in the words of the facade; another one does not', async () => {
    const rate = { perSecond: 2, burst: 3 }
    const limited = createServer(samplePlatform(), [sampleFacade()], {
      rateLimits: { actor: rate, tenant: { perSecond: 100, burst: 100 }, address: rate },
    })
    const statuses: number[] = []
    for (let i = 0; i < 4; i++) statuses.push((await limited.inject(create)).statusCode)
    expect(statuses).toEqual([201, 201, 201, 429])
    const reply = await limited.inject(create)
    expect(reply.headers['retry-after']).toBe('1')
    expect(reply.json()).toEqual(bodyOf('REQUEST_LIMITED', 'Too many requests. Wait and try again.'))
    const other = { ...create, headers: { ...JSON_BODY, authorization: 'Bearer company-b' } }
    expect((await limited.inject(other)).statusCode).toBe(201)
    await limited.close()
  })

  test('an address that guesses tokens waits; X-Forwarded-For counts from a trusted proxy only', async () => {
    const generous = { perSecond: 1000, burst: 1000 }
    const rateLimits = { actor: generous, tenant: generous, address: { perSecond: 1, burst: 2 } }
    const guess = async (server: typeof app, from: string) =>
      (await server.inject({ ...create, headers: { authorization: 'Bearer no', 'x-forwarded-for': from } })).statusCode
    const untrusting = createServer(samplePlatform(), [sampleFacade()], { rateLimits })
    const trusting = createServer(samplePlatform(), [sampleFacade()], { rateLimits, trustedProxies: ['127.0.0.1'] })
    const statuses = { untrusting: [] as number[], trusting: [] as number[] }
    for (let i = 0; i < 4; i++) {
      statuses.untrusting.push(await guess(untrusting, `203.0.113.${i}`))
      statuses.trusting.push(await guess(trusting, `203.0.113.${i}`))
    }
    expect(statuses).toEqual({ untrusting: [401, 401, 429, 429], trusting: [401, 401, 401, 401] })
    await untrusting.close()
    await trusting.close()
  })
})
