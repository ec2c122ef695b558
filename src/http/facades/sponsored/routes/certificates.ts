import { z } from 'zod'
import {
  listOwnCertificates,
  readOwnCertificate,
  requestOwnCertificate,
  revokeOwnCertificate,
} from '../../../../core/index.ts'
import { type Route, route } from '../../../kit/facade.ts'
import * as examples from '../examples/examples.ts'
import { toCertificate } from '../map.ts'
import * as wire from '../wire.ts'

const nothing = z.object({})
const ONE = '/certificates/{certificate_id}'

export const certificateRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/certificates',
    operationId: 'getUserCertificates',
    tag: 'Certificates',
    summary: 'List the active certificates of the person',
    description: 'Those that can sign now, newest first.',
    credential: 'person',
    params: nothing,
    query: nothing,
    body: null,
    requestExample: null,
    replies: { 200: { description: 'The list.', schema: wire.CertificateList, example: [examples.certificate] } },
    refusals: [],
    run: async (context) => {
      const now = context.clock.now()
      const certificates = await listOwnCertificates(context)
      return { status: 200, body: certificates.map((certificate) => toCertificate(certificate, now)) }
    },
  }),
  route({
    method: 'POST',
    path: '/certificates',
    operationId: 'requestCertificate',
    tag: 'Certificates',
    summary: 'Request a certificate for the proven identity',
    description: '201 with a new certificate, or 200 with the active one.',
    credential: 'person',
    params: nothing,
    query: nothing,
    body: null,
    requestExample: null,
    replies: {
      201: { description: 'A certificate was issued.', schema: wire.CertificateReply, example: examples.certificate },
      200: { description: 'There is an active one.', schema: wire.CertificateReply, example: examples.certificate },
    },
    refusals: ['person.not_verified', 'certificate.lint_failed'],
    run: async (context) => {
      const { certificate, issued } = await requestOwnCertificate(context)
      return { status: issued ? 201 : 200, body: toCertificate(certificate, context.clock.now()) }
    },
  }),
  route({
    method: 'GET',
    path: ONE,
    operationId: 'getCertificate',
    tag: 'Certificates',
    summary: 'Read one certificate, whatever its state',
    description: 'Expired and revoked ones too.',
    credential: 'person',
    params: wire.CertificateParams,
    query: nothing,
    body: null,
    requestExample: null,
    replies: { 200: { description: 'The certificate.', schema: wire.CertificateReply, example: examples.certificate } },
    refusals: ['certificate.not_found'],
    run: async (context, { params }) => {
      const certificate = await readOwnCertificate(context, params.certificate_id)
      return { status: 200, body: toCertificate(certificate, context.clock.now()) }
    },
  }),
  route({
    method: 'POST',
    path: `${ONE}/revoke`,
    operationId: 'revokeCertificate',
    tag: 'Certificates',
    summary: 'Revoke a certificate, for ever',
    description: 'A revoked certificate signs nothing any more. Revoking again changes nothing.',
    credential: 'person',
    params: wire.CertificateParams,
    query: nothing,
    body: wire.Revocation,
    requestExample: examples.revocation,
    replies: {
      200: {
        description: 'The certificate is revoked.',
        schema: wire.CertificateReply,
        example: examples.revokedCertificate,
      },
    },
    refusals: ['certificate.not_found', 'certificate.reason_invalid'],
    run: async (context, { params, body }) => {
      const certificate = await revokeOwnCertificate(context, params.certificate_id, body.reason ?? 'unspecified')
      return { status: 200, body: toCertificate(certificate, context.clock.now()) }
    },
  }),
]
