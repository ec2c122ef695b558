import { type Actor, type Context, contextFor, type Platform } from '../context.ts'
import { fail } from '../errors.ts'
import type { Tenant, TenantId } from './tenant.ts'
import { findTenant, listTenants } from './tenants.store.ts'

/**
 * The context of a company for work that no request of it caused: a job, an operator's command.
 * @throws DomainError tenant.not_found
 */
export async function openTenant(
  platform: Platform,
  tenantId: string,
  scope: { readonly actor: Actor; readonly facade: string; readonly requestId: string },
): Promise<Context> {
  const id = tenantId as TenantId
  const tenant = await platform.database.platform.transaction((tx) => findTenant(tx, id))
  if (!tenant) fail('tenant.not_found')
  return contextFor(platform, { tenant, ...scope })
}

/** Every company, oldest first. */
export async function readTenants(platform: Platform): Promise<readonly Tenant[]> {
  return await platform.database.platform.transaction(listTenants)
}
