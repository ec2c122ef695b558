import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../support/http-client.ts'
import {
  companyToken,
  confirmationOf,
  freshEmail,
  type LoginStarted,
  logIn,
  onboard,
  signUp,
  startLogin,
  type World,
} from '../support/journey.ts'
import { type Serving, serve } from '../support/serving.ts'

let serving: Serving
let world: World
let token: string

beforeAll(async () => {
  serving = await serve()
  world = serving
  token = await companyToken(world)
})
afterAll(async () => {
  await serving?.stop()
})

const answerToLogin = (email: string): Promise<Answer> =>
  serving.http.call('POST', '/v1/auth/login', { token, json: { email, client_id: world.company.clientId } })

describe('nobody learns from a log-in who has an account', () => {
  /** An answer without what differs between any two calls. */
  const shapeOf = ({ status, headers, json }: Answer, email: string) => {
    const body = json as LoginStarted
    const names = Object.keys(headers).sort()
    const { date: _, 'x-request-id': __, ...rest } = headers
    const parts = { ...body, email: body.email === email, session: body.session.length, user_id: body.user_id.length }
    return { status, names, rest, parts, order: Object.keys(body) }
  }

  test('a known and an unknown address get the same answer', async () => {
    // Of one length, so that content-length may be compared too.
    const [known, unknown] = ['known-address@example.com', 'never-heard-of@example.com'.slice(1)]
    await signUp(world, token, known)
    const answers = [await answerToLogin(known), await answerToLogin(unknown)]
    expect(shapeOf(answers[0] as Answer, known)).toEqual(shapeOf(answers[1] as Answer, unknown))
  })

  test('an unknown address has one id, which stays when it gets an account', async () => {
    const email = freshEmail()
    const unknown = [await startLogin(world, token, email), await startLogin(world, token, email.toUpperCase())]
    await signUp(world, token, email)
    const { userId } = await logIn(world, token, email)
    expect(unknown.map(({ user_id }) => user_id)).toEqual([userId, userId])
  })

  test('the same address has another id in another company', async () => {
    const email = freshEmail()
    const other = { ...world, company: serving.stranger }
    const ids = [
      (await startLogin(world, token, email)).user_id,
      (await startLogin(other, await companyToken(other), email)).user_id,
    ]
    expect(ids[0]).not.toBe(ids[1])
  })
})

describe('a code is refused, always in the same words', () => {
  const INVALID = { code: 'INVALID_OTP', message: 'The OTP provided is invalid or has expired.' }

  async function begun() {
    const email = freshEmail()
    await signUp(world, token, email)
    const started = await startLogin(world, token, email)
    return { started, code: await world.insight.codeSentTo(world.company, email) }
  }
  const confirm = (json: object) => serving.http.call('POST', '/v1/auth/login-confirmation', { token, json })
  const wrong = (code: string) => (code === '111111' ? '222222' : '111111')

  test.each<[string, (good: ReturnType<typeof confirmationOf>) => object]>([
    ['a wrong code', (good) => ({ ...good, otp: wrong(good.otp) })],
    ['another session', (good) => ({ ...good, session: 'sess_abc123xyz789' })],
    ['another e-mail', (good) => ({ ...good, email: 'somebody.else@example.com' })],
    ['another user_id', (good) => ({ ...good, user_id: 'aaaa-bbbb-xxxx-yyyy' })],
  ])('%s', async (_, spoil) => {
    const { started, code } = await begun()
    const { status, json } = await confirm(spoil(confirmationOf(world, started, code)))
    expect([status, json]).toEqual([400, INVALID])
  })

  test('the right one, the second time', async () => {
    const { started, code } = await begun()
    const body = confirmationOf(world, started, code)
    expect((await confirm(body)).status).toBe(200)
    const again = await confirm(body)
    expect([again.status, again.json]).toEqual([400, INVALID])
  })

  test('the right one, after three wrong ones', async () => {
    const { started, code } = await begun()
    for (let i = 0; i < 3; i++) await confirm(confirmationOf(world, started, wrong(code)))
    const last = await confirm(confirmationOf(world, started, code))
    expect([last.status, last.json]).toEqual([400, INVALID])
  })

  test('the older one, after a newer one was sent', async () => {
    const { started, code } = await begun()
    await startLogin(world, token, started.email)
    const { status, json } = await confirm(confirmationOf(world, started, code))
    expect([status, json]).toEqual([400, INVALID])
  })

  test.each(['12345', '1234567', '１２３４５６', '12a456'])(
    '%j has the wrong form, which costs no try',
    async (otp) => {
      const { started, code } = await begun()
      for (let i = 0; i < 4; i++) {
        const { status, json } = await confirm(confirmationOf(world, started, otp))
        expect([status, json]).toEqual([400, { code: 'INVALID_OTP_FORMAT', message: expect.any(String) }])
      }
      expect((await confirm(confirmationOf(world, started, `${code.slice(0, 3)} ${code.slice(3)}`))).status).toBe(200)
    },
  )

  test('the client of another company', async () => {
    const { started, code } = await begun()
    const other = { ...world, company: serving.stranger }
    const foreign = await companyToken(other)
    const json = confirmationOf(other, started, code)
    const answer = await serving.http.call('POST', '/v1/auth/login-confirmation', { token: foreign, json })
    expect([answer.status, answer.json]).toEqual([400, INVALID])
    const mixed = await serving.http.call('POST', '/v1/auth/login-confirmation', {
      token: foreign,
      json: confirmationOf(world, started, code),
    })
    expect([mixed.status, mixed.json]).toEqual([403, expect.objectContaining({ code: 'CLIENT_MISMATCH' })])
  })
})

describe('both tokens of a person', () => {
  const keys = () => createRemoteJWKSet(new URL('/.well-known/jwks.json', serving.http.address))

  test('verify against the published keys and say what they should', async () => {
    const { person } = await onboard(world)
    const again = await logIn(world, token, person.email)
    const issuer = serving.platform.settings.publicUrl
    const id = await jwtVerify(again.idToken, keys(), { issuer, audience: world.company.clientId })
    expect(id.protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: expect.any(String) })
    expect(id.payload).toEqual({
      iss: issuer,
      sub: person.userId,
      aud: world.company.clientId,
      iat: expect.any(Number),
      exp: (id.payload.iat ?? 0) + 3600,
      email: person.email,
      email_verified: true,
      name: 'Juan José Pérez López',
    })
    const access = await jwtVerify(again.accessToken, keys(), { issuer, audience: issuer, typ: 'at+jwt' })
    expect(access.protectedHeader.alg).toBe('ES256')
    expect(access.payload).toMatchObject({ sub: person.userId, exp: (access.payload.iat ?? 0) + 3600 })
    expect([again.step, again.process]).toEqual([null, ''])
  })

  test('a name stands in it once it is proven, not before', async () => {
    const email = freshEmail()
    await signUp(world, token, email)
    const { idToken } = await logIn(world, token, email)
    const { payload } = await jwtVerify(idToken, keys())
    expect(Object.keys(payload).sort()).toEqual(['aud', 'email', 'email_verified', 'exp', 'iat', 'iss', 'sub'])
  })

  test('are signed with keys of their own', async () => {
    const email = freshEmail()
    await signUp(world, token, email)
    const { idToken, accessToken } = await logIn(world, token, email)
    const kids = [idToken, accessToken, token].map((each) => decodeProtectedHeader(each).kid)
    expect(new Set(kids).size).toBe(3)
  })
})
