import type { FastifyInstance } from 'fastify'
import { currentRevocationList, type Platform } from '../../core/index.ts'
import { refuseOtherMethods } from '../kit/mount.ts'

const DAY_S = 86_400
/** A revocation is visible everywhere after this long. */
const LIST_MAX_AGE_S = 30

const LIST_PATH = '/pki/issuing.crl'

/**
 * What certificates point to: the authorities' own (RFC 5280 §4.2.2.1) and the list of revoked ones (§4.2.1.13).
 * DER, public, and fit for any HTTP cache.
 */
export function authorityDoor(platform: Platform) {
  const { authority } = platform
  const certificates = {
    '/pki/root.cer': authority.rootCertificate,
    '/pki/issuing.cer': authority.issuingCertificate,
  }
  return (app: FastifyInstance): void => {
    for (const [path, certificate] of Object.entries(certificates)) {
      app.get(path, (_request, reply) =>
        reply
          .header('content-type', 'application/pkix-cert')
          .header('cache-control', `public, max-age=${DAY_S}`)
          .header('cross-origin-resource-policy', 'cross-origin')
          .send(certificate),
      )
    }
    app.get(LIST_PATH, async (_request, reply) => {
      const { der } = await currentRevocationList(platform)
      reply
        .header('content-type', 'application/pkix-crl')
        .header('cache-control', `public, max-age=${LIST_MAX_AGE_S}`)
        .header('cross-origin-resource-policy', 'cross-origin')
      return reply.send(der)
    })
    refuseOtherMethods(
      app,
      [...Object.keys(certificates), LIST_PATH].map((url) => ({ method: 'GET', url })),
    )
  }
}
