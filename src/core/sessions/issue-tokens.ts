import { SignJWT } from 'jose'
import { ulid } from '../../std/ids.ts'
import type { Context } from '../context.ts'
import type { TokenPurpose } from '../keys/key.ts'
import type { TokenKey } from '../keys/token-keys.ts'
import type { PersonId } from '../people/person.ts'

const TOKEN_LIFETIME_S = 3600

export type PersonTokens = { readonly accessToken: string; readonly idToken: string; readonly expiresInS: number }

/**
 * Signs the two tokens of a log-in: an access token (RFC 9068) and an id token (OpenID Connect Core §2). Each kind
 * has its own key and `typ`, so that neither can stand in for the other.
 */
export async function issuePersonTokens(
  context: Context,
  ring: readonly TokenKey[],
  person: { readonly id: PersonId; readonly clientId: string; readonly email: string; readonly name: string | null },
): Promise<PersonTokens> {
  const { publicUrl } = context.settings
  const issuedAt = Math.floor(context.clock.now().getTime() / 1000)
  const base = { iss: publicUrl, sub: person.id, iat: issuedAt, exp: issuedAt + TOKEN_LIFETIME_S }
  const access = activeKey(ring, 'access_token')
  const accessToken = await new SignJWT({
    ...base,
    aud: publicUrl,
    client_id: person.clientId,
    tenant: context.tenant.id,
    jti: ulid(issuedAt * 1000, context.random.bytes),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: access.kid })
    .sign(access.privateKey)
  const id = activeKey(ring, 'id_token')
  const idToken = await new SignJWT({
    ...base,
    aud: person.clientId,
    email: person.email,
    email_verified: true,
    ...(person.name === null ? {} : { name: person.name }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: id.kid })
    .sign(id.privateKey)
  return { accessToken, idToken, expiresInS: TOKEN_LIFETIME_S }
}

function activeKey(ring: readonly TokenKey[], purpose: TokenPurpose): TokenKey {
  const key = ring.find((candidate) => candidate.active && candidate.purpose === purpose)
  if (!key) throw new Error(`there is no active key for ${purpose}`)
  return key
}
