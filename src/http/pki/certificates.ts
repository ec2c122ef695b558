import type { FastifyInstance } from 'fastify'
import type { Platform } from '../../core/index.ts'
import { refuseOtherMethods } from '../kit/mount.ts'

const DAY_S = 86_400

/**
 * The authorities' certificates at the addresses that their certificates name (RFC 5280 §4.2.2.1): DER, public,
 * cacheable.
 */
export function certificatesDoor({ authority }: Platform) {
  const published = {
    '/pki/root.cer': authority.rootCertificate,
    '/pki/issuing.cer': authority.issuingCertificate,
  }
  return (app: FastifyInstance): void => {
    for (const [path, certificate] of Object.entries(published)) {
      app.get(path, (_request, reply) =>
        reply
          .header('content-type', 'application/pkix-cert')
          .header('cache-control', `public, max-age=${DAY_S}`)
          .header('cross-origin-resource-policy', 'cross-origin')
          .send(certificate),
      )
    }
    refuseOtherMethods(
      app,
      Object.keys(published).map((url) => ({ method: 'GET', url })),
    )
  }
}
