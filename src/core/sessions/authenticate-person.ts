import { isUlid, isUuid } from '../../std/ids.ts'
import { type Context, contextFor, type Platform } from '../context.ts'
import { fail } from '../errors.ts'
import { findPerson } from '../people/people.store.ts'
import type { PersonId } from '../people/person.ts'
import { findClient } from '../tenants/clients.ts'
import type { TenantId } from '../tenants/tenant.ts'

/** What a verified access token says of its holder. */
export type PersonClaims = {
  readonly subject: string
  readonly clientId: string
  readonly tenantId: string
  /** Seconds since 1970. */
  readonly issuedAt: number
}

/**
 * The context of a person whose token was verified: the company and the person are looked up on every call, so that
 * a token ends with its person, its client or its company, not an hour later.
 *
 * @throws DomainError credential.invalid, tenant.suspended
 */
export async function authenticatePerson(
  platform: Platform,
  claims: PersonClaims,
  request: { readonly facade: string; readonly requestId: string },
): Promise<Context> {
  const { subject, clientId, tenantId, issuedAt } = claims
  if (!isUuid(subject) || !isUlid(tenantId)) fail('credential.invalid')
  const known = await findClient(platform, clientId)
  if (!known || known.client.disabled || known.tenant.id !== tenantId) fail('credential.invalid')
  if (known.tenant.suspended) fail('tenant.suspended')
  const actor = { kind: 'person', id: subject, clientId } as const
  const context = contextFor(platform, { tenant: { ...known.tenant, id: tenantId as TenantId }, actor, ...request })
  const person = await context.db.transaction((tx) => findPerson(tx, subject as PersonId))
  // A token knows whole seconds only.
  const from = Math.floor((person?.tokensFrom.getTime() ?? 0) / 1000)
  if (!person || person.disabled || issuedAt < from) fail('credential.invalid')
  return context
}
