import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import type { Answer } from '../support/http-client.ts'
import {
  companyToken,
  confirmationOf,
  freshEmail,
  onboard,
  signUp,
  startLogin,
  type World,
} from '../support/journey.ts'
import { challenge, downloadLink, openUpload, sendForm, signBody, upload } from '../support/journey-documents.ts'
import { isLong } from '../support/journey-length.ts'
import { type Serving, serve } from '../support/serving.ts'

const MANY = 32
const ROUNDS = isLong ? 500 : 20
const PDF = new Uint8Array(buildPdf('table', { form: true }))

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

/** The same call many times at once. */
const together = (count: number, call: () => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, call))

/** How often each status was answered. */
function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** The tenant stops evaluating codes when too many were wrong: parallel losers are that, so each round begins anew. */
const forgetWrongCodes = async (): Promise<void> => {
  await serving.platform.database.platform.transaction((tx) =>
    tx.deleteFrom('limits').where('key', '=', 'anomaly:wrong-codes').execute(),
  )
}

test(
  `${MANY} confirmations with the same code log in once, ${ROUNDS} times`,
  async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await forgetWrongCodes()
      const email = freshEmail()
      await signUp(world, token, email)
      const started = await startLogin(world, token, email)
      const json = confirmationOf(world, started, await world.insight.codeSentTo(world.company, email))
      const answers = await together(MANY, () =>
        serving.http.call('POST', '/v1/auth/login-confirmation', { token, json }),
      )
      expect(tally(answers), `round ${round}`).toEqual({ 200: 1, 400: MANY - 1 })
    }
  },
  ROUNDS * 3000,
)

test(`${MANY} sign-ups of one address make one account`, async () => {
  const json = { email: freshEmail(), client_id: world.company.clientId }
  const answers = await together(MANY, () => serving.http.call('POST', '/v1/auth/signup', { token, json }))
  expect(tally(answers)).toEqual({ 200: MANY - 1, 201: 1 })
})

describe('somebody with a document', () => {
  let mine: Awaited<ReturnType<typeof onboard>>

  beforeAll(async () => {
    mine = await onboard(world)
  })

  test(`${MANY} downloads of one link give the file once`, async () => {
    const form = await upload(world, mine.person, PDF)
    const link = await downloadLink(world, mine.person, form.fields.key)
    const answers = await together(MANY, () => serving.http.call('GET', link))
    expect(tally(answers)).toEqual({ 200: 1, 403: MANY - 1 })
  })

  test('10 uploads of one form make one document', async () => {
    const form = await openUpload(world, mine.person)
    const other = new Uint8Array(buildPdf('stream'))
    let turn = 0
    const answers = await together(10, () => sendForm(serving.http, form, turn++ % 2 === 0 ? PDF : other))
    expect(tally(answers)).toEqual({ 204: 5, 409: 5 })
  })

  test('10 signs of one request make one signature, and all get it', async () => {
    const { doc_ulid } = await upload(world, mine.person, PDF)
    const wish = { doc_ulid, certificate_id: mine.certificateId }
    const json = signBody(wish, await challenge(world, mine.person, wish))
    const { accessToken } = mine.person
    const answers = await together(10, () =>
      serving.http.call('POST', '/v1/documents/sign', { token: accessToken, json }),
    )
    expect(new Set(answers.map(({ status, bytes }) => `${status} ${bytes}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    const rows = await world.insight.rows(
      `select count(*)::int as signatures, sum(attempts)::int as attempts from intents where document_id = '${doc_ulid}'`,
    )
    expect(rows).toEqual([{ signatures: 1, attempts: 1 }])
  })

  test('two different requests with one code make one signature', async () => {
    const { doc_ulid } = await upload(world, mine.person, PDF)
    const wish = { doc_ulid, certificate_id: mine.certificateId }
    const body = signBody(wish, await challenge(world, mine.person, wish))
    const token = mine.person.accessToken
    const answers = await Promise.all(
      ['I agree', 'I do not'].map((reason) =>
        serving.http.call('POST', '/v1/documents/sign', { token, json: { ...body, reason } }),
      ),
    )
    expect(tally(answers)).toEqual({ 200: 1, 400: 1 })
  })
})

describe('an Idempotency-Key', () => {
  const signUpWith = (key: string, email: string) =>
    serving.http.call('POST', '/v1/auth/signup', {
      token,
      json: { email, client_id: world.company.clientId },
      headers: { 'idempotency-key': key },
    })

  test('in 10 calls at once runs one of them', async () => {
    const [key, email] = ['at-once', freshEmail()]
    const answers = await together(10, () => signUpWith(key, email))
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([])
    const fresh = answers.filter(({ status, headers }) => status === 201 && !headers['idempotent-replayed'])
    expect(fresh).toHaveLength(1)
    const again = await signUpWith(key, email)
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true'])
    expect(again.bytes.equals(fresh[0]?.bytes ?? Buffer.alloc(0))).toBe(true)
  })

  test('of another body is refused', async () => {
    const key = 'another-body'
    expect((await signUpWith(key, freshEmail())).status).toBe(201)
    expect((await signUpWith(key, freshEmail())).status).toBe(422)
  })

  test.each(['', 'x'.repeat(256), 'a b'])('of the form %j is refused', async (key) => {
    expect((await signUpWith(key, freshEmail())).status).toBe(400)
  })
})
