import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Provider } from 'oidc-provider'
import { type Platform, tokenKeys } from '../../core/index.ts'
import { JSON_CONTENT } from '../kit/error-form.ts'
import { refuseOtherMethods } from '../kit/mount.ts'
import { JWKS_PATH, jwksOf, metadataOf } from './metadata.ts'
import { TOKEN_PATH, tokenProvider } from './token-provider.ts'

/** How long others may keep the keys: a new key is published a good while before the old one ends. */
const KEYS_MAX_AGE_S = 300

/**
 * Opens the token endpoint for companies, with its metadata and the keys of every token of the platform.
 *
 * @param aliases further paths of the same token endpoint
 */
export function oauthDoor(platform: Platform, aliases: readonly string[] = []) {
  const provider = currentProvider(platform)
  return (app: FastifyInstance): void => {
    // The provider reads the request itself.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    const tokenPaths = [TOKEN_PATH, ...aliases]
    for (const url of tokenPaths) {
      app.post(url, async (request, reply) => passOn(await provider(), request, reply))
    }
    const metadata = JSON.stringify(metadataOf(platform))
    const documents: Readonly<Record<string, () => Promise<string>>> = {
      [JWKS_PATH]: async () => JSON.stringify(jwksOf(await tokenKeys(platform))),
      '/.well-known/openid-configuration': async () => metadata,
      '/.well-known/oauth-authorization-server': async () => metadata,
    }
    for (const [url, read] of Object.entries(documents)) {
      app.get(url, async (_request, reply) => {
        const text = await read()
        reply.header('cache-control', `public, max-age=${KEYS_MAX_AGE_S}`).header('content-type', JSON_CONTENT)
        return reply.send(text)
      })
    }
    refuseOtherMethods(app, [
      ...tokenPaths.map((url) => ({ method: 'POST' as const, url })),
      ...Object.keys(documents).map((url) => ({ method: 'GET' as const, url })),
    ])
  }
}

/** The provider of the active key. A new one is made when the key was rotated; requests under way keep theirs. */
function currentProvider(platform: Platform): () => Promise<Provider> {
  let made: { readonly kid: string; readonly provider: Provider } | undefined
  return async () => {
    const ring = await tokenKeys(platform)
    const key = ring.find(({ active, purpose }) => active && purpose === 'company_token')
    if (!key) throw new Error('there is no active key for company tokens')
    if (made?.kid !== key.kid) made = { kid: key.kid, provider: tokenProvider(platform, key) }
    return made.provider
  }
}

async function passOn(provider: Provider, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.hijack()
  // A hijacked answer is written without Fastify, so its headers are put where Node finds them.
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  request.raw.url = TOKEN_PATH
  await provider.callback()(request.raw, reply.raw)
}
