import { type Configuration, errors, type KoaContext, Provider, type ProviderClient } from 'oidc-provider'
import { findClient, type Platform, SCOPES, secretMatches, type TokenKey } from '../../core/index.ts'
import { problemOf } from '../kit/problem.ts'

export const TOKEN_PATH = '/oauth/token'
const TOKEN_LIFETIME_S = 3600

/**
 * The certified token endpoint (`oidc-provider`) for company clients, signing with one key. Everything else that it
 * could do is off, and no other path of it is reachable.
 */
export function tokenProvider(platform: Platform, key: TokenKey): Provider {
  const { publicUrl } = platform.settings
  const provider = new Provider(publicUrl, configuration(platform, key))
  // Secrets are kept as hashes only, so the comparison is the core's. Pinned by a test: the method is not documented.
  provider.Client.prototype.compareClientSecret = function (this: ProviderClient, secret: string) {
    return secretMatches(platform, this.clientId, secret)
  }
  provider.use(async (context, next) => {
    await next()
    context.remove('access-control-allow-origin')
    context.remove('access-control-expose-headers')
    context.remove('vary')
  })
  provider.on('server_error', (context, error) => answerFault(platform, context, error))
  return provider
}

function configuration(platform: Platform, key: TokenKey): Configuration {
  return {
    adapter: (model: string) => storage(model, platform),
    // One key signs; the others are published by our own JWKS document.
    jwks: { keys: [{ ...key.privateKey.export({ format: 'jwk' }), kid: key.kid, alg: 'ES256', use: 'sig' }] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    // There is no page here that would set a cookie; the provider asks for keys all the same.
    cookies: { keys: [platform.random.bytes(32).toString('base64url')] },
    scopes: [...SCOPES],
    // No code and no implicit grant.
    responseTypes: ['none'],
    // No page of another origin calls this, and the headers that would let one are taken off below.
    clientBasedCORS: () => true,
    renderError(context: KoaContext, error: unknown) {
      context.body = error
    },
    routes: { token: TOKEN_PATH },
    ttl: { ClientCredentials: TOKEN_LIFETIME_S },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: resourceIndicators(platform, key),
    },
    async extraTokenClaims(_context: KoaContext, token: { readonly clientId: string }) {
      const found = await findClient(platform, token.clientId)
      return { tenant: found?.tenant.id }
    },
  }
}

/** Tokens are for this server (RFC 8707), signed and self-contained (RFC 9068). */
function resourceIndicators({ settings: { publicUrl } }: Platform, key: TokenKey): Configuration {
  return {
    enabled: true,
    defaultResource: () => publicUrl,
    getResourceServerInfo({ oidc }: KoaContext, resource: string, client: ProviderClient) {
      if (resource !== publicUrl) throw new errors.InvalidTarget()
      settleScope(oidc.params, client)
      return {
        scope: client.scope ?? '',
        audience: publicUrl,
        accessTokenTTL: TOKEN_LIFETIME_S,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256', kid: key.kid } },
      }
    },
  }
}

/**
 * Without a wish a client gets every scope that it was granted (RFC 6749 §3.3). The provider would leave out a
 * scope that was not granted without a word.
 */
function settleScope(params: { scope?: string | undefined }, { scope: granted = '' }: ProviderClient): void {
  params.scope ??= granted
  const refused = params.scope.split(' ').find((scope) => !granted.split(' ').includes(scope))
  if (refused !== undefined) throw new errors.InvalidScope('requested scope is not allowed', refused)
}

/** The form of every client's id; what has another is not looked for. */
const isClientId = (id: string): boolean => /^[A-Za-z0-9]{20}$/.test(id)

/** Clients are read from the core. A client's token is signed, not stored, so nothing else has a place. */
function storage(model: string, platform: Platform) {
  return {
    async find(id: string) {
      if (model !== 'Client') return undefined
      const found = isClientId(id) ? await findClient(platform, id) : undefined
      if (!found || found.client.disabled || found.tenant.suspended) return undefined
      return {
        client_id: found.client.id,
        // Asked for by the provider, compared by nobody: see `compareClientSecret` above.
        client_secret: 'kept as a hash',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: found.client.scopes.join(' '),
      }
    },
    async upsert() {
      throw new Error('nothing of the token endpoint is stored')
    },
  }
}

/** RFC 6749 has no words for an outage at this endpoint, but HTTP has. */
function answerFault(platform: Platform, context: KoaContext, error: unknown): void {
  const { kind, retryAfter } = problemOf(error, '')
  platform.log.error({ error, route: TOKEN_PATH }, 'A token could not be issued for a reason of ours')
  if (kind !== 'unavailable') return
  context.status = 503
  context.set('retry-after', String(retryAfter))
  context.body = { error: 'temporarily_unavailable', error_description: 'try again shortly' }
}
