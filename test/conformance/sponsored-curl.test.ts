import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTenant } from '../../src/core/index.ts'
import { companyToken, type LoginStarted, type World } from '../support/journey.ts'
import { type Serving, serve } from '../support/serving.ts'

/*
 * The published examples of the sponsored API. Of each request only the host, the token and such values change as
 * are different for every call.
 */

const HEADERS = { 'content-type': 'application/json' }
const CLIENT_ID = 'aBcDeFgHiJkLmNoPqRsT'
const EMAIL = 'user@company.com'

const signup = {
  path: '/auth/signup',
  body: { email: EMAIL, client_id: CLIENT_ID },
  answer: { email: EMAIL },
}
const login = {
  path: '/auth/login',
  body: { email: EMAIL, client_id: CLIENT_ID },
  answer: {
    email: EMAIL,
    session: 'sess_abc123xyz789',
    method: 'email',
    user_id: '27c7e9af-b519-4bec-a9c1-c7fd51aad8b6',
  },
}
const confirmation = {
  path: '/auth/login-confirmation',
  body: {
    email: EMAIL,
    session: 'sess_abc123xyz789',
    method: 'email',
    client_id: CLIENT_ID,
    otp: '123456',
    user_id: 'aaaa-bbbb-xxxx-yyyy',
  },
  answer: {
    access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...',
    expires_in: 3600,
    token_type: 'Bearer',
    id_token: 'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9...',
    onboarding_step: 'data_enrichment',
    onboarding_process_ulid: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  },
}

let serving: Serving
let world: World
let token: string

beforeAll(async () => {
  serving = await serve()
  const { client, clientSecret, tenant } = await createTenant(serving.platform, {
    name: 'Documented',
    mode: 'sandbox',
    country: 'GT',
    clientId: CLIENT_ID,
  })
  const company = { tenantId: tenant.id, clientId: client.id, clientSecret }
  world = { http: serving.http, insight: serving.insight, company }
  token = await companyToken(world)
})
afterAll(async () => {
  await serving?.stop()
})

const post = (path: string, body: object) =>
  serving.http.call('POST', `/v1${path}`, { token, headers: HEADERS, raw: JSON.stringify(body) })

describe('the published requests, one after the other', () => {
  let started: LoginStarted

  test('a confirmation before any log-in is refused like a wrong code', async () => {
    const { status, json } = await post(confirmation.path, confirmation.body)
    expect(status).toBe(400)
    expect(json).toEqual({ code: 'INVALID_OTP', message: 'The OTP provided is invalid or has expired.' })
  })

  test('sign-up answers 201, then 200, with the same body', async () => {
    const first = await post(signup.path, signup.body)
    const again = await post(signup.path, signup.body)
    expect([first.status, again.status]).toEqual([201, 200])
    expect([first.json, again.json]).toEqual([signup.answer, signup.answer])
  })

  test('log-in answers with a session and the id of the person', async () => {
    const { status, json } = await post(login.path, login.body)
    started = json as LoginStarted
    expect(status).toBe(200)
    expect(json).toEqual({
      ...login.answer,
      session: expect.stringMatching(/^sess_[0-9a-z]{20,}$/),
      user_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    })
  })

  test('the documented id of the person is not the one of this log-in', async () => {
    const { session } = started
    const { status, json } = await post(confirmation.path, { ...confirmation.body, session })
    expect([status, json]).toEqual([400, expect.objectContaining({ code: 'INVALID_OTP' })])
  })

  test('the confirmation answers with tokens and the next step', async () => {
    const otp = await world.insight.codeSentTo(world.company, EMAIL)
    const { session, user_id } = started
    const { status, json } = await post(confirmation.path, { ...confirmation.body, session, otp, user_id })
    const jwt = expect.stringMatching(/^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/)
    expect(status).toBe(200)
    expect(json).toEqual({
      ...confirmation.answer,
      access_token: jwt,
      id_token: jwt,
      onboarding_process_ulid: expect.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
    })
  })
})

test.each([signup, login, confirmation])('the mock answers $path word for word, without a token', async (example) => {
  const raw = JSON.stringify(example.body)
  const { json } = await serving.http.call('POST', `/_mock/sponsored${example.path}`, { headers: HEADERS, raw })
  expect(json).toEqual(example.answer)
})
