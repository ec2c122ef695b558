import { z } from 'zod'
import { Refused } from '../errors.ts'
import { type Answer, type Client, jsonOf } from './client.ts'
import { type Onboarded, requestLogIn } from './onboard.ts'
import type { Company, Step } from './world.ts'

export type SignedFile = {
  readonly bytes: Buffer
  /** SHA-256 as the platform told it, hexadecimal. */
  readonly sha256: string
  /** What the platform answered to a code that came by e-mail. */
  readonly withEmailCode: Answer
  /** What the platform answered to the download link when it was followed again. */
  readonly secondDownload: Answer
}

export type Wish = { readonly fileName: string; readonly field: string; readonly reason: string }

const UploadForm = z.object({ url: z.string(), fields: z.record(z.string(), z.string()), doc_ulid: z.string() })
const Challenged = z.object({ challenge_id: z.string(), method: z.literal('sms') })
const Signed = z.object({ document_path: z.string(), sha256: z.string() })
const Link = z.object({ download_url: z.string() })

/** Uploads a file, signs it with the person's certificate, and downloads it. */
export async function signFile(
  company: Company,
  person: Onboarded,
  file: Buffer,
  wish: Wish,
  step: Step,
): Promise<SignedFile> {
  const { client } = company
  const { token } = person
  const document = await step('The document is uploaded with a pre-signed form', () =>
    upload(client, token, wish.fileName, file),
  )
  const challenge = await step('The signature is asked for; a code goes out by SMS', () =>
    client.ask(
      {
        method: 'POST',
        path: '/v1/documents/sign-challenge',
        token,
        json: { doc_ulid: document, certificate_id: person.certificateId },
      },
      200,
      Challenged,
    ),
  )
  const order = {
    doc_ulid: document,
    certificate_id: person.certificateId,
    challenge_id: challenge.challenge_id,
    field: wish.field,
    reason: wish.reason,
  }
  const withEmailCode = await step('A code from an e-mail is tried: it must not sign', () =>
    signWithEmailCode(company, person, order),
  )
  const signed = await step('The code from the SMS signs', async () => {
    const otp = await company.mailbox.nextCode(person.traveller.telephone)
    return await client.ask({ method: 'POST', path: '/v1/documents/sign', token, json: { ...order, otp } }, 200, Signed)
  })
  const { first, again } = await step('The signed document is downloaded; the link is tried a second time', () =>
    downloadTwice(client, token, signed.document_path),
  )
  return { bytes: first, sha256: signed.sha256, withEmailCode, secondDownload: again }
}

async function upload(client: Client, token: string, fileName: string, file: Buffer): Promise<string> {
  const json = { file_tier: 'tier-1', file_name: fileName }
  const { url, fields, doc_ulid } = await client.ask(
    { method: 'POST', path: '/v1/documents/upload-url', token, json },
    200,
    UploadForm,
  )
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  // The file comes last: what follows it is not part of the policy.
  form.append('file', new Blob([new Uint8Array(file)], { type: 'application/pdf' }), fileName)
  const { status, body } = await client.send({ method: 'POST', path: url, form })
  if (status >= 200 && status < 300) return doc_ulid
  throw new Refused('demo.upload_refused', `The upload was answered ${status}: ${body.toString('utf8')}`)
}

async function signWithEmailCode(company: Company, person: Onboarded, order: object): Promise<Answer> {
  const { otp } = await requestLogIn(company, person.traveller)
  const { token } = person
  return await company.client.send({ method: 'POST', path: '/v1/documents/sign', token, json: { ...order, otp } })
}

async function downloadTwice(client: Client, token: string, path: string): Promise<{ first: Buffer; again: Answer }> {
  const query = new URLSearchParams({ 'document-path': path })
  const call = { method: 'GET', path: `/v1/documents/download-url?${query}`, token } as const
  const { download_url: url } = await client.ask(call, 200, Link)
  const { status, body } = await client.send({ method: 'GET', path: url })
  if (status !== 200) throw new Refused('demo.download_refused', `The download was answered ${status}.`)
  return { first: body, again: await client.send({ method: 'GET', path: url }) }
}

/** The refusal's own code, if the answer is one of the documented form. */
export function refusalOf({ body }: Answer): string | undefined {
  const read = z.object({ code: z.string() }).safeParse(jsonOf(body))
  return read.success ? read.data.code : undefined
}
