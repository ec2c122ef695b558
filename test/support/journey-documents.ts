import type { Answer, HttpClient } from './http-client.ts'
import { expected, type Traveller, type World } from './journey.ts'

/* The part of the journey that has documents in it. */

export type UploadForm = {
  readonly url: string
  readonly fields: Readonly<Record<string, string>> & { readonly key: string; readonly policy: string }
  readonly doc_ulid: string
}

type Bearer = Pick<Traveller, 'accessToken'>

export async function openUpload(
  { http }: Pick<World, 'http'>,
  { accessToken: token }: Bearer,
  wish: { readonly file_tier: string; readonly file_name: string } = { file_tier: 'tier-1', file_name: 'contract.pdf' },
): Promise<UploadForm> {
  return expected('upload-url', await http.call('POST', '/v1/documents/upload-url', { token, json: wish }), 200)
}

/** The form as a browser sends it: every field, then the file. */
export async function multipart(fields: Readonly<Record<string, string>>, file: Uint8Array<ArrayBuffer>) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([file], { type: 'application/pdf' }), 'file.pdf')
  const encoded = new Response(form)
  const contentType = encoded.headers.get('content-type') ?? ''
  return { contentType, bytes: Buffer.from(await encoded.arrayBuffer()) }
}

export async function sendForm(http: HttpClient, form: UploadForm, file: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const { contentType, bytes } = await multipart(form.fields, file)
  return await http.call('POST', new URL(form.url).pathname, { raw: bytes, headers: { 'content-type': contentType } })
}

/** Opens an upload and fills it. */
export async function upload(world: World, person: Traveller, file: Uint8Array<ArrayBuffer>): Promise<UploadForm> {
  const form = await openUpload(world, person)
  expected('upload', await sendForm(world.http, form, file), 204)
  return form
}

/** A signature that only its code lacks. */
export type Challenged = { readonly challengeId: string; readonly code: string }

export async function challenge(
  world: World,
  { accessToken: token, telephone }: Traveller,
  wish: { readonly doc_ulid: string; readonly certificate_id: string },
): Promise<Challenged> {
  const answer = await world.http.call('POST', '/v1/documents/sign-challenge', { token, json: wish })
  const { challenge_id: challengeId } = expected<{ challenge_id: string }>('sign-challenge', answer, 200)
  return { challengeId, code: await world.insight.codeSentTo(world.company, telephone) }
}

export type Signed = {
  readonly document_path: string
  readonly signed_at: string
  readonly level: string
  readonly sha256: string
}

export function signBody(
  wish: { readonly doc_ulid: string; readonly certificate_id: string },
  { challengeId, code }: Challenged,
) {
  return { ...wish, challenge_id: challengeId, otp: code, reason: 'I agree' }
}

export async function downloadLink({ http }: Pick<World, 'http'>, { accessToken: token }: Bearer, path: string) {
  const target = `/v1/documents/download-url?document-path=${encodeURIComponent(path)}`
  const answer = await http.call('GET', target, { token })
  return new URL(expected<{ download_url: string }>('download-url', answer, 200).download_url).pathname
}

export async function download(world: Pick<World, 'http'>, person: Bearer, path: string): Promise<Buffer> {
  const answer = await world.http.call('GET', await downloadLink(world, person, path))
  expected('download', answer, 200)
  return answer.bytes
}
