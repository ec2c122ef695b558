import { ulid } from '../../std/ids.ts'
import { announce } from '../audit/record.ts'
import { contextFor, type Platform } from '../context.ts'
import { newClientId, newClientSecret, secretHashOf } from './client-secret.ts'
import type { Client, ClientId, Tenant, TenantId, TenantMode } from './tenant.ts'
import { insertClient, insertTenant } from './tenants.store.ts'

/** What a client may ask for: the scope of each facade that takes one. */
export const SCOPES = ['chancery'] as const

export type NewTenant = {
  readonly tenant: Tenant
  readonly client: Client
  /** Shown once; only its hash is kept. */
  readonly clientSecret: string
}

/**
 * Creates a company with its first client. Fixed ids may be given by who sets up a sandbox that examples refer to.
 */
export async function createTenant(
  platform: Platform,
  input: {
    readonly name: string
    readonly mode: TenantMode
    readonly country: string
    readonly clientId?: string
    readonly clientSecret?: string
  },
): Promise<NewTenant> {
  const { clock, random, database } = platform
  const now = clock.now()
  const tenant: Tenant = {
    id: ulid(now.getTime(), random.bytes) as TenantId,
    name: input.name,
    mode: input.mode,
    country: input.country,
    suspended: false,
  }
  const client: Client = {
    id: (input.clientId ?? newClientId(random)) as ClientId,
    tenantId: tenant.id,
    name: `${input.name} (first client)`,
    scopes: SCOPES,
    disabled: false,
    tokensFrom: now,
  }
  const clientSecret = input.clientSecret ?? newClientSecret(random)
  const context = contextFor(platform, {
    tenant,
    actor: { kind: 'operator', id: 'cli' },
    facade: 'cli',
    requestId: ulid(now.getTime(), random.bytes),
  })
  await database.tenant(tenant.id).transaction(async (tx) => {
    await insertTenant(tx, tenant, now)
    await insertClient(tx, client, secretHashOf(clientSecret), now)
    await announce(context, tx, {
      action: 'tenant.created',
      subject: { kind: 'tenant', id: tenant.id },
      details: { mode: tenant.mode },
    })
  })
  return { tenant, client, clientSecret }
}
