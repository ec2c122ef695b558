import type { Platform, TokenKey } from '../../core/index.ts'
import { TOKEN_PATH } from './token-provider.ts'

export const JWKS_PATH = '/.well-known/jwks.json'

/** What is really there, and nothing else (RFC 8414 §2, OpenID Connect Discovery §3). */
export function metadataOf({ settings: { publicUrl } }: Pick<Platform, 'settings'>) {
  return {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}${TOKEN_PATH}`,
    jwks_uri: `${publicUrl}${JWKS_PATH}`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  }
}

/** The public half of every key whose tokens may still be good, of all three kinds (RFC 7517 §5). */
export function jwksOf(ring: readonly TokenKey[]) {
  return {
    keys: ring.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' })),
  }
}
