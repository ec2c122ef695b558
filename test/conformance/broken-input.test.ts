import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { certificateOf, onboard, type Traveller } from '../support/journey.ts'
import { challenge, openUpload, signBody, upload } from '../support/journey-documents.ts'
import { type Serving, serve } from '../support/serving.ts'

const PDF = new Uint8Array(buildPdf('table'))

let serving: Serving
let person: Traveller

beforeAll(async () => {
  serving = await serve()
  person = (await onboard(serving)).person
})
afterAll(() => serving?.stop())

const alive = async (): Promise<number> => (await serving.http.call('GET', '/health/ready')).status

/** A form as bytes, so that it can break off where a client library would not let it. */
function form(parts: readonly string[], end = '--XX--\r\n'): Buffer {
  return Buffer.from(`${parts.map((part) => `--XX\r\n${part}`).join('')}${end}`)
}
const field = (name: string, value: string): string =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const filePart = (content = '%PDF-1.7'): string =>
  `Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n${content}\r\n`
const send = (raw: Buffer) =>
  serving.http.call('POST', '/uploads', { raw, headers: { 'content-type': 'multipart/form-data; boundary=XX' } })
const s3Code = (bytes: Buffer): string | undefined => /<Code>(\w+)<\/Code>/.exec(bytes.toString())?.[1]

describe('an upload form that breaks off', () => {
  test('inside its file does not end the server, whatever its fields are worth', async () => {
    for (let i = 0; i < 5; i++) {
      const answer = await send(form([field('key', 'x'), filePart()], ''))
      expect([400, 403]).toContain(answer.status)
    }
    expect(await alive()).toBe(200)
  })

  test('inside the file of a good form is malformed and stores nothing', async () => {
    const { fields, doc_ulid: id } = await openUpload(serving, person, { file_tier: 'tier-1', file_name: 'cut.pdf' })
    const parts = Object.entries(fields).map(([name, value]) => field(name, value))
    const answer = await send(form([...parts, filePart()], ''))
    expect([answer.status, s3Code(answer.bytes)]).toEqual([400, 'MalformedPOSTRequest'])
    expect(await alive()).toBe(200)
    const [row] = await serving.insight.rows(`select sha256 from documents where id = '${id}'`)
    expect(row?.['sha256']).toBeNull()
  })

  test('has to give its fields before its file', async () => {
    const { fields } = await openUpload(serving, person, { file_tier: 'tier-1', file_name: 'order.pdf' })
    const parts = Object.entries(fields).map(([name, value]) => field(name, value))
    const answer = await send(form([filePart(), ...parts]))
    expect([answer.status, s3Code(answer.bytes)]).toEqual([403, 'AccessDenied'])
  })
})

describe('the character U+0000', () => {
  test.each([
    ['GET', '/v1/documents/download-url?document-path=%00', undefined],
    ['POST', '/v1/documents/sign-challenge', { document_path: 'a\u0000b', certificate_id: 'x' }],
    [
      'POST',
      '/v1/documents/sign',
      { document_path: 'a', certificate_id: 'x', challenge_id: 'a\u0000b', otp: '123456' },
    ],
  ])('is refused by %s %s', async (method, path, json) => {
    const answer = await serving.http.call(method, path, { token: person.accessToken, ...(json ? { json } : {}) })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual({ code: 'INVALID_REQUEST', message: expect.stringContaining('U+0000') })
  })

  test('is no client', async () => {
    const raw = 'grant_type=client_credentials&client_id=a%00b&client_secret=x'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await serving.http.call('POST', '/oauth/token', { raw, headers })
    expect([answer.status, answer.json]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })])
  })
})

test('what a revoked certificate was to sign says why it was not signed', async () => {
  const { person: holder } = await onboard(serving)
  const document = await upload(serving, holder, PDF)
  const certificate = await certificateOf(serving, holder)
  const wish = { doc_ulid: document.doc_ulid, certificate_id: certificate.certificate_id }
  const challenged = await challenge(serving, holder, wish)
  const token = holder.accessToken
  const revoked = await serving.http.call('POST', `/v1/certificates/${certificate.certificate_id}/revoke`, {
    token,
    json: {},
  })
  expect([revoked.status, revoked.json]).toEqual([200, expect.objectContaining({ status: 'Revoked' })])
  const json = signBody(wish, challenged)
  const answer = await serving.http.call('POST', '/v1/documents/sign', { token, json })
  expect([answer.status, answer.json]).toEqual([409, expect.objectContaining({ code: 'CERTIFICATE_NOT_ACTIVE' })])
})
