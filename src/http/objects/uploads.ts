import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openUpload, type Platform, receiveUpload, TIERS } from '../../core/index.ts'
import { refuseOtherMethods } from '../kit/mount.ts'
import { type Problem, problemOf } from '../kit/problem.ts'
import { readUploadForm } from './upload-form.ts'

/** Where the forms of `upload-url` are sent to. */
const UPLOADS_PATH = '/uploads'

/** The longest that any form lives: a slow connection may use all of it. */
const UPLOAD_TIMEOUT_MS = Math.max(...Object.values(TIERS).map(({ lifetimeMs }) => lifetimeMs))

/** S3's words for what can go wrong, and its statuses. */
const S3_CODES: Partial<Record<Problem['code'], readonly [status: number, code: string]>> = {
  'document.upload_denied': [403, 'AccessDenied'],
  'document.upload_malformed': [400, 'MalformedPOSTRequest'],
  'document.too_large': [400, 'EntityTooLarge'],
  'document.already_uploaded': [409, 'ObjectAlreadyExists'],
  'platform.no_space': [503, 'ServiceUnavailable'],
  'platform.unavailable': [503, 'ServiceUnavailable'],
}

/** Takes S3 POST policy uploads: the file streams to its store and is never held in memory. */
export function uploadsDoor(platform: Platform) {
  return (app: FastifyInstance): void => {
    app.removeAllContentTypeParsers()
    // The form is read by the handler, as it flows.
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    app.post(UPLOADS_PATH, { handlerTimeout: UPLOAD_TIMEOUT_MS }, async (request, reply) => {
      try {
        const { fields, file } = await readUploadForm(request.raw)
        const upload = await openUpload(platform, fields, request.id)
        const { sha256 } = await receiveUpload(upload, file)
        return succeed(reply, fields.get('success_action_status'), { path: upload.document.path, sha256 })
      } catch (error) {
        return refuse(platform, request, reply, error)
      }
    })
    refuseOtherMethods(app, [{ method: 'POST', url: UPLOADS_PATH }])
  }
}

/** 204 unless the form asks for 200, or for 201 with a description of the object. */
function succeed(
  reply: FastifyReply,
  wished: string | undefined,
  object: { readonly path: string; readonly sha256: string },
): FastifyReply {
  reply.header('etag', `"${object.sha256}"`)
  if (wished === '200') return reply.code(200).send()
  if (wished !== '201') return reply.code(204).send()
  const key = escapeXml(object.path)
  return sendXml(reply, 201, `<PostResponse><Key>${key}</Key><ETag>"${object.sha256}"</ETag></PostResponse>`)
}

function refuse(platform: Platform, request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const problem = problemOf(error, request.id)
  if (problem.kind === 'internal') platform.log.error({ error, requestId: request.id }, 'an upload failed')
  const [status, code] = S3_CODES[problem.code] ?? [problem.status, 'InternalError']
  // What is left of the body is not read: the connection cannot be used again.
  reply.header('connection', 'close')
  const text = `<Error><Code>${code}</Code><Message>${escapeXml(problem.message)}</Message><RequestId>${request.id}</RequestId></Error>`
  return sendXml(reply, status, text)
}

function sendXml(reply: FastifyReply, status: number, element: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/xml; charset=utf-8')
    .send(`<?xml version="1.0" encoding="UTF-8"?>\n${element}\n`)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
