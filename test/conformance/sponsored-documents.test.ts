import { createHash } from 'node:crypto'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validate } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { onboard, type Traveller, type World } from '../support/journey.ts'
import {
  challenge,
  download,
  downloadLink,
  openUpload,
  type Signed,
  sendForm,
  signBody,
  type UploadForm,
  upload,
} from '../support/journey-documents.ts'
import { type Serving, serve } from '../support/serving.ts'

const MB = 1024 * 1024
const PDF = new Uint8Array(buildPdf('table', { form: true }))
const refusal = (code: string) => ({ code, message: expect.any(String) })

let serving: Serving
let world: World
let mine: Awaited<ReturnType<typeof onboard>>
let person: Traveller

beforeAll(async () => {
  serving = await serve()
  world = serving
  mine = await onboard(world)
  person = mine.person
})
afterAll(async () => {
  await serving?.stop()
})

type Policy = { readonly expiration: string; readonly conditions: readonly unknown[] }
const policyOf = ({ fields }: UploadForm) => JSON.parse(Buffer.from(fields.policy, 'base64').toString()) as Policy
const s3Code = (bytes: Buffer) => /<Code>(\w+)<\/Code>/.exec(bytes.toString())?.[1]

describe('an upload form', () => {
  test.each([
    ['tier-1', 20, 7],
    ['tier-2', 40, 14],
    ['tier-3', 80, 28],
    ['tier-4', 100, 35],
    ['tier-5', 120, 42],
  ])('of %s takes %d MB for %d minutes', async (file_tier, megabytes, minutes) => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const form = await openUpload(world, person, { file_tier, file_name: `${file_tier}.pdf` })
    const policy = policyOf(form)
    const { fields } = form
    expect(policy.conditions).toContainEqual(['content-length-range', 1, megabytes * MB])
    expect(policy.conditions).toContainEqual({ key: fields.key })
    const livesFor = Date.parse(policy.expiration) - before
    expect(livesFor).toBeGreaterThanOrEqual(minutes * 60_000)
    expect(livesFor).toBeLessThan(minutes * 60_000 + 5000)
    expect(form).toEqual({
      url: `${serving.platform.settings.publicUrl}/uploads`,
      doc_ulid: expect.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
      fields: {
        key: `${person.userId}/${person.process}/${file_tier}.pdf`,
        'x-amz-algorithm': 'AWS4-HMAC-SHA256',
        'x-amz-credential': expect.stringMatching(/^\w+\/\d{8}\/[\w-]+\/s3\/aws4_request$/),
        'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
        policy: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
        'x-amz-signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
  })

  test.each<[string, (form: UploadForm) => Record<string, string>]>([
    ['another key', ({ fields }) => ({ ...fields, key: `${fields.key}x` })],
    ['a policy of its own', ({ fields }) => ({ ...fields, policy: fields.policy.replace(/.{4}$/, 'AAAA') })],
    ['a signature of zeros', ({ fields }) => ({ ...fields, 'x-amz-signature': '0'.repeat(64) })],
    ['a field that the policy does not know', ({ fields }) => ({ ...fields, acl: 'public-read' })],
    [
      'no signature',
      ({ fields }) => Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'x-amz-signature')),
    ],
  ])('with %s is denied', async (_, change) => {
    const form = await openUpload(world, person)
    const answer = await sendForm(serving.http, { ...form, fields: change(form) as UploadForm['fields'] }, PDF)
    expect([answer.status, s3Code(answer.bytes)]).toEqual([403, 'AccessDenied'])
  })

  test('takes the same file again, and no other one', async () => {
    const form = await upload(world, person, PDF)
    expect((await sendForm(serving.http, form, PDF)).status).toBe(204)
    const other = await sendForm(serving.http, form, new Uint8Array(buildPdf('stream')))
    expect([other.status, s3Code(other.bytes)]).toEqual([409, 'ObjectAlreadyExists'])
    expect((await download(world, person, form.fields.key)).equals(Buffer.from(PDF))).toBe(true)
  })

  test.each(['../up.pdf', 'a/b.pdf', 'contract.exe', '.pdf', `${'x'.repeat(160)}.pdf`, 'a\u0001b.pdf'])(
    'is not made for a file called %j',
    async (file_name) => {
      const json = { file_tier: 'tier-1', file_name }
      const answer = await serving.http.call('POST', '/v1/documents/upload-url', { token: person.accessToken, json })
      expect([answer.status, answer.json]).toEqual([400, refusal('INVALID_FILE_NAME')])
    },
  )
})

/** Sends a form whose file never ends, as fast as the server takes it. @returns the answer and the bytes that went out */
async function flood(form: UploadForm, atMost: number) {
  const boundary = 'never-ending'
  const { promise: answered, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const sent = request(`${serving.http.address}/uploads`, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  sent.on('response', resolve)
  sent.on('error', reject)
  for (const [name, value] of Object.entries(form.fields))
    sent.write(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  sent.write(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n`)
  const pouring = pour(sent, atMost)
  const response = await answered
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  sent.destroy()
  await pouring
  return { status: response.statusCode, bytes: Buffer.concat(parts), taken: sent.socket?.bytesWritten ?? 0 }
}

async function pour(sent: ClientRequest, atMost: number): Promise<void> {
  const piece = Buffer.alloc(256 * 1024, 0x20)
  for (let written = 0; written < atMost && !sent.destroyed; written += piece.length) {
    if (sent.write(piece)) continue
    // A server that stopped reading never lets the pipe drain.
    await Promise.race([new Promise((resolve) => sent.once('drain', resolve)), sleep(500)])
  }
}

test('a file beyond its tier is cut off while it flows, and leaves no document', async () => {
  const form = await openUpload(world, person)
  const { status, bytes, taken } = await flood(form, 200 * MB)
  expect([status, s3Code(bytes)]).toEqual([400, 'EntityTooLarge'])
  // What is beyond the limit lay in buffers on the way.
  expect(taken).toBeLessThan(30 * MB)
  const target = `/v1/documents/download-url?document-path=${encodeURIComponent(form.fields.key)}`
  const answer = await serving.http.call('GET', target, { token: person.accessToken })
  expect([answer.status, answer.json]).toEqual([409, refusal('DOCUMENT_NOT_UPLOADED')])
})

describe('a download link', () => {
  test('is good once', async () => {
    const form = await upload(world, person, PDF)
    const link = await downloadLink(world, person, form.fields.key)
    const first = await serving.http.call('GET', link)
    expect([first.status, first.headers['content-type']]).toEqual([200, 'application/pdf'])
    expect(first.headers['content-disposition']).toMatch(/^attachment; /)
    expect(first.bytes.equals(Buffer.from(PDF))).toBe(true)
    const second = await serving.http.call('GET', link)
    expect(second.status).toBe(403)
    expect(second.bytes.includes('%PDF')).toBe(false)
  })

  test('survives a HEAD, which mail scanners send', async () => {
    const form = await upload(world, person, PDF)
    const link = await downloadLink(world, person, form.fields.key)
    expect((await serving.http.call('HEAD', link)).status).toBe(405)
    expect((await serving.http.call('GET', link)).status).toBe(200)
  })

  test('is refused for the path of somebody else, and differently for no path at all', async () => {
    const theirs = await onboard(world)
    const form = await upload(world, theirs.person, PDF)
    const ask = (path: string) =>
      serving.http.call('GET', `/v1/documents/download-url?document-path=${encodeURIComponent(path)}`, {
        token: person.accessToken,
      })
    const [foreign, unknown] = [await ask(form.fields.key), await ask(`${form.fields.key}.pdf`)]
    expect([foreign.status, foreign.json]).toEqual([403, refusal('DOCUMENT_FORBIDDEN')])
    expect([unknown.status, unknown.json]).toEqual([404, refusal('DOCUMENT_NOT_FOUND')])
  })
})

describe('signing', () => {
  const sign = (json: object) => serving.http.call('POST', '/v1/documents/sign', { token: person.accessToken, json })

  test('a code that came by e-mail activates no key', async () => {
    const { doc_ulid } = await upload(world, person, PDF)
    const wish = { doc_ulid, certificate_id: mine.certificateId }
    const { challengeId, code } = await challenge(world, person, wish)
    const mailed = await world.insight.codeSentTo(world.company, person.email)
    const answer = await sign(signBody(wish, { challengeId, code: mailed === code ? '999999' : mailed }))
    expect([answer.status, answer.json]).toEqual([400, refusal('INVALID_OTP')])
    const other = await upload(world, person, new Uint8Array(buildPdf('stream')))
    const moved = await sign(signBody({ ...wish, doc_ulid: other.doc_ulid }, { challengeId, code }))
    expect([moved.status, moved.json]).toEqual([400, refusal('INVALID_OTP')])
    const signed = await sign(signBody(wish, { challengeId, code }))
    expect(signed.status).toBe(200)
    expect(signed.json).toEqual({
      document_path: expect.stringMatching(/-signed(-\d+)?\.pdf$/),
      signed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      level: 'B-B',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const { document_path, sha256 } = signed.json as Signed
    const file = await download(world, person, document_path)
    expect(createHash('sha256').update(file).digest('hex')).toBe(sha256)
    expect(file.subarray(0, PDF.length).equals(Buffer.from(PDF))).toBe(true)
    const [root, issuing] = await Promise.all(
      ['root', 'issuing'].map((name) => serving.http.call('GET', `/pki/${name}.cer`)),
    )
    const report = await validate(bytesSource(file), {
      trustAnchors: [root?.bytes ?? Buffer.alloc(0)],
      intermediates: [issuing?.bytes ?? Buffer.alloc(0)],
      time: new Date(),
      revocation: 'none',
    })
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      signatures: [{ format: 'PAdES-B-B', coverage: 'whole_document' }],
    })
  })

  test('a level that is not offered is refused, never lowered', async () => {
    const { person: other, certificateId } = await onboard(world)
    const { doc_ulid } = await upload(world, other, PDF)
    const wish = { doc_ulid, certificate_id: certificateId }
    const json = { ...signBody(wish, await challenge(world, other, wish)), level: 'B-LTA' }
    const answer = await serving.http.call('POST', '/v1/documents/sign', { token: other.accessToken, json })
    expect([answer.status, answer.json]).toEqual([400, refusal('LEVEL_NOT_AVAILABLE')])
  })

  test.each([
    ['is no PDF', Buffer.from('hello')],
    ['ends before its end', Buffer.from(PDF.subarray(0, 900))],
  ])('a file that %s is refused by name', async (_, bytes) => {
    const { doc_ulid } = await upload(world, person, new Uint8Array(bytes))
    const json = { doc_ulid, certificate_id: mine.certificateId }
    const answer = await serving.http.call('POST', '/v1/documents/sign-challenge', { token: person.accessToken, json })
    expect([answer.status, answer.json]).toEqual([400, refusal('INVALID_DOCUMENT')])
  })
})
