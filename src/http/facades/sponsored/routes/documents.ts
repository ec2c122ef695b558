import { z } from 'zod'
import { challengeSignature, createDownload, createUpload, signDocument } from '../../../../core/index.ts'
import { type Route, route } from '../../../kit/facade.ts'
import * as examples from '../examples/examples.ts'
import { fromDocument, fromSign, toSigned, toUploadForm } from '../map.ts'
import * as wire from '../wire.ts'

const nothing = z.object({})

export const documentRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/documents/upload-url',
    operationId: 'generateDocumentUploadUrl',
    tag: 'Documents',
    summary: 'Generate a pre-signed upload form',
    description:
      'Returns an S3 POST policy form. The file goes to its url as multipart/form-data, all fields first, once, before the form expires.',
    credential: 'person',
    params: nothing,
    query: nothing,
    body: wire.UploadRequest,
    requestExample: examples.uploadRequest,
    replies: { 200: { description: 'The form.', schema: wire.UploadForm, example: examples.uploadForm } },
    refusals: ['document.name_invalid'],
    run: async (context, { body }) => {
      const upload = await createUpload(context, { tier: body.file_tier, fileName: body.file_name })
      return { status: 200, body: toUploadForm(upload) }
    },
  }),
  route({
    method: 'GET',
    path: '/documents/download-url',
    operationId: 'generateDocumentDownloadUrl',
    tag: 'Documents',
    summary: 'Generate a pre-signed download link',
    description: 'For a document of the person, by its path. The link is good once, for five minutes.',
    credential: 'person',
    params: nothing,
    query: wire.DownloadQuery,
    body: null,
    requestExample: null,
    replies: { 200: { description: 'The link.', schema: wire.DownloadLink, example: examples.downloadLink } },
    refusals: ['document.not_found', 'document.not_yours', 'document.not_uploaded'],
    run: async (context, { query }) => {
      const { url } = await createDownload(context, query['document-path'])
      return { status: 200, body: { download_url: url } }
    },
  }),
  route({
    method: 'POST',
    path: '/documents/sign-challenge',
    operationId: 'challengeDocumentSignature',
    tag: 'Documents',
    summary: 'Send the code that activates the signature of one document',
    description: 'By SMS, for this document and this certificate alone. A code that came by e-mail never signs.',
    credential: 'person',
    params: nothing,
    query: nothing,
    body: wire.SignChallenge,
    requestExample: examples.signChallenge,
    replies: {
      200: { description: 'The code was sent.', schema: wire.SignChallenged, example: examples.signChallenged },
    },
    refusals: [
      'document.not_found',
      'document.not_yours',
      'document.not_uploaded',
      'document.unreadable',
      'document.password_needed',
      'document.signing_forbidden',
      'certificate.not_found',
      'certificate.not_active',
      'signing.no_second_channel',
    ],
    run: async (context, { body }) => {
      const input = { document: fromDocument(body), certificateId: body.certificate_id }
      const { challengeId, channel, expiresInS } = await challengeSignature(context, input)
      return { status: 200, body: { challenge_id: challengeId, method: channel, expires_in: expiresInS } }
    },
  }),
  route({
    method: 'POST',
    path: '/documents/sign',
    operationId: 'signDocument',
    tag: 'Documents',
    summary: 'Sign a document with the code of its challenge',
    description:
      'Signs as PAdES by an incremental update: the signed file begins with the uploaded one, byte for byte. The same request again gives the same signature.',
    credential: 'person',
    params: nothing,
    query: nothing,
    body: wire.Sign,
    requestExample: examples.sign,
    replies: { 200: { description: 'The document is signed.', schema: wire.Signed, example: examples.signed } },
    refusals: [
      'challenge.failed',
      'challenge.malformed',
      'document.not_found',
      'document.not_yours',
      'document.not_uploaded',
      'document.unreadable',
      'document.signing_forbidden',
      'certificate.not_found',
      'certificate.not_active',
      'person.not_verified',
      'signing.level_unavailable',
      'signing.field_unusable',
      'signing.no_second_channel',
      'signing.in_progress',
      'signing.failed',
    ],
    run: async (context, { body }) => ({ status: 200, body: toSigned(await signDocument(context, fromSign(body))) }),
  }),
]
