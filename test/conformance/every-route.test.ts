import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, type Content, type HttpClient, patient } from '../support/http-client.ts'
import { type Serving, serve } from '../support/serving.ts'
import {
  bodyOf,
  type Call,
  calls,
  countRows,
  expectRefusal,
  type Ids,
  idsOf,
  isNaming,
  named,
  type Resident,
  randomIds,
  settle,
  targetOf,
} from './every-call.ts'

/*
 * Every call of every facade against everything that every call has to withstand: a new call is in here the moment
 * it exists.
 */

const every = named(calls)
const withBody = named(calls.filter(({ route }) => route.body !== null))

let serving: Serving
let http: HttpClient
let mine: Resident
let theirs: Resident
let untouched: Awaited<ReturnType<typeof countRows>>

beforeAll(async () => {
  serving = await serve()
  http = patient(serving.http)
  mine = await settle(serving)
  theirs = await settle({ ...serving, company: serving.stranger })
  untouched = await countRows(serving.insight)
})
afterAll(async () => {
  await serving?.stop()
})

const tokenFor = ({ route }: Call): string => (route.credential === 'company' ? mine.token : mine.person.accessToken)

const exampleOf = (call: Call, ids: Ids = idsOf(mine)) => bodyOf(call, ids, mine.clientId)

/** The call as documented, with a good credential, and changes to it. */
function send(call: Call, change: Content = {}, ids: Ids = idsOf(mine)): Promise<Answer> {
  const json = change.raw === undefined ? exampleOf(call, ids) : undefined
  const content = { token: tokenFor(call), ...(json === undefined ? {} : { json }), ...change }
  return http.call(call.route.method, targetOf(call, ids), content)
}

test('there are calls to look at', () => {
  expect(calls.length).toBeGreaterThan(14)
  expect(withBody.length).toBeGreaterThan(8)
})

describe('without a credential of its kind nobody gets in', () => {
  const altered = (token: string): string => token.replace(/.{6}$/, (end) => (end === 'AAAAAA' ? 'BBBBBB' : 'AAAAAA'))
  const unsigned = (token: string): string => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url')
    return `${header}.${token.split('.')[1]}.`
  }
  const credentials: readonly (readonly [string, (call: Call) => string])[] = [
    ['garbage', () => 'garbage'],
    ['an id token', () => mine.person.idToken],
    [
      'the token of the other kind',
      ({ route }) => (route.credential === 'company' ? mine.person.accessToken : mine.token),
    ],
    ['a token with another signature', (call) => altered(tokenFor(call))],
    ['a token without a signature', (call) => unsigned(tokenFor(call))],
  ]

  test.each(every)('%s', async (_, call) => {
    const json = exampleOf(call)
    const target = targetOf(call, idsOf(mine))
    const bare = await http.call(call.route.method, target, json === undefined ? {} : { json })
    expectRefusal(call, bare, 401)
    expect(bare.headers['www-authenticate']).toMatch(/^Bearer /)
    for (const [what, token] of credentials) {
      const answer = await send(call, { token: token(call) })
      expect(answer.status, what).toBe(401)
      expectRefusal(call, answer, 401)
    }
    // The credential comes first: what is in the body cannot matter.
    expectRefusal(call, await http.call(call.route.method, target, { raw: '{"broken' }), 401)
  })
})

describe("another company's ids are as good as random ones", () => {
  const naming = calls.filter(isNaming)

  test('there are some', () => {
    expect(naming.length).toBeGreaterThan(9)
  })

  test.each(named(naming))('%s', async (_, call) => {
    const foreign = await send(call, {}, idsOf(theirs))
    const random = await send(call, {}, randomIds)
    expect([foreign.status, foreign.bytes.toString()]).toEqual([random.status, random.bytes.toString()])
    expectRefusal(call, foreign, 404)
  })
})

describe("a client's token is good for its own client alone", () => {
  const companies = calls.filter(({ route }) => route.credential === 'company')
  test.each(named(companies))('%s', async (_, call) => {
    expectRefusal(call, await send(call, { token: theirs.token }), 403)
  })
})

describe('a broken body is refused', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }
  const broken: readonly (readonly [string, (good: string) => Content, number])[] = [
    ['malformed JSON', () => ({ raw: '{"broken', headers: JSON_TYPE }), 400],
    ['a doubled member', (good) => ({ raw: good.replace(/^\{("\w+":)/, '{$1null,$1'), headers: JSON_TYPE }), 400],
    ['a byte order mark', (good) => ({ raw: `\ufeff${good}`, headers: JSON_TYPE }), 400],
    ['depth', () => ({ raw: '['.repeat(100_000), headers: JSON_TYPE }), 400],
    ['an array', (good) => ({ raw: `[${good}]`, headers: JSON_TYPE }), 400],
    ['null', () => ({ raw: 'null', headers: JSON_TYPE }), 400],
    ['nothing', () => ({ raw: '', headers: JSON_TYPE }), 400],
    ['an unknown member', (good) => ({ raw: good.replace(/\}$/, ',"role":"admin"}'), headers: JSON_TYPE }), 400],
    ['__proto__', (good) => ({ raw: good.replace(/\}$/, ',"__proto__":{"admin":true}}'), headers: JSON_TYPE }), 400],
    [
      'constructor',
      (good) => ({ raw: good.replace(/\}$/, ',"constructor":{"prototype":{}}}'), headers: JSON_TYPE }),
      400,
    ],
    ['too much of it', () => ({ raw: JSON.stringify({ email: 'x'.repeat(1_100_000) }), headers: JSON_TYPE }), 413],
    ['another media type', (good) => ({ raw: good, headers: { 'content-type': 'text/plain' } }), 415],
    ['no media type', (good) => ({ raw: good }), 415],
    ['a content coding', (good) => ({ raw: good, headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } }), 415],
  ]

  test.each(withBody)('%s', async (_, call) => {
    const good = JSON.stringify(exampleOf(call))
    for (const [what, spoilt, status] of broken) {
      const answer = await send(call, spoilt(good))
      expect(answer.status, what).toBe(status)
      expectRefusal(call, answer, status)
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test.each(withBody)('%s: each member of another type', async (_, call) => {
    const good = exampleOf(call) ?? {}
    for (const name of Object.keys(good)) {
      for (const value of [{ $gt: '' }, [], 2 ** 53 + 1, null]) {
        expectRefusal(call, await send(call, { json: { ...good, [name]: value } }), 400)
      }
    }
  })
})

describe('what a path does not know is refused', () => {
  test.each(every)('%s', async (_, call) => {
    const target = targetOf(call, idsOf(mine))
    const [path = '', query] = target.split('?')
    const token = tokenFor(call)
    for (const method of ['TRACE', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY']) {
      const answer = await http.call(method, target, {
        token,
        headers: { 'x-http-method-override': call.route.method },
      })
      expectRefusal(call, answer, 405)
      expect(answer.headers.allow?.split(', ')).toContain(call.route.method)
    }
    const { mount } = call.facade
    const below = path.slice(mount.length)
    const spoilt = [
      `${path}/`,
      `${mount}/.%2F${below.slice(1)}`,
      `${path}%00`,
      `${path}/more/and/more`,
      mount + below.toUpperCase(),
    ]
    for (const odd of spoilt) {
      const answer = await http.call(call.route.method, query === undefined ? odd : `${odd}?${query}`, { token })
      expect([odd, answer.status]).toEqual([odd, 404])
      expectRefusal(call, answer, 404)
    }
  })

  test('another origin gets no permission', async () => {
    for (const [, call] of every) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
      expectRefusal(call, await http.call('OPTIONS', targetOf(call, idsOf(mine)), { headers }), 405)
    }
  })
})

test('none of it left a trace in any table but the audit and the limits', async () => {
  expect(await countRows(serving.insight)).toEqual(untouched)
})
