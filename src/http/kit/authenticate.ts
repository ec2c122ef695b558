import {
  authenticatePerson,
  contextFor,
  fail,
  findClient,
  type Platform,
  type TokenPurpose,
  tokenKeys,
  type VerifiedToken,
  verifyToken,
} from '../../core/index.ts'
import { bearerToken } from './bearer.ts'
import type { Authenticate, Caller } from './facade.ts'

/** The token that `POST /oauth/token` gives to a company's client, as the credential of a facade. */
export const companyOfToken: Authenticate = async (platform, caller) => {
  const { subject, issuedAt, claims } = await verified(platform, caller, 'company_token')
  const found = await findClient(platform, subject)
  if (!found || claims['client_id'] !== subject || claims['tenant'] !== found.tenant.id) fail('credential.invalid')
  const { client, tenant } = found
  if (client.disabled || issuedAt < wholeSeconds(client.tokensFrom)) fail('credential.invalid')
  if (tenant.suspended) fail('tenant.suspended')
  const { facade, requestId } = caller
  return contextFor(platform, { tenant, actor: { kind: 'client', id: client.id }, facade, requestId })
}

/** The access token that a log-in gives to a person, as the credential of a facade. */
export const personOfToken: Authenticate = async (platform, caller) => {
  const { subject, issuedAt, claims } = await verified(platform, caller, 'access_token')
  const { client_id: clientId, tenant: tenantId } = claims
  if (typeof clientId !== 'string' || typeof tenantId !== 'string') fail('credential.invalid')
  const person = { subject, clientId, tenantId, issuedAt: issuedAt.getTime() / 1000 }
  const { facade, requestId } = caller
  return await authenticatePerson(platform, person, { facade, requestId })
}

async function verified(platform: Platform, { headers }: Caller, purpose: TokenPurpose): Promise<VerifiedToken> {
  // Before the keys are read: a request without a token costs no query.
  const token = bearerToken(headers)
  const { publicUrl } = platform.settings
  const ring = await tokenKeys(platform)
  return await verifyToken(token, ring, { purpose, issuer: publicUrl, audience: publicUrl, now: platform.clock.now() })
}

/** A token's time has whole seconds, so the first tokens after the change carry a time before it. */
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000)
}
