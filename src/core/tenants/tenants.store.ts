import type { Tx } from '../context.ts'
import type { Client, ClientId, Tenant, TenantId, TenantMode } from './tenant.ts'

type TenantRow = { tenant_id: string; name: string; mode: TenantMode; country: string; suspended_at: Date | null }

const tenantOf = (row: TenantRow): Tenant => ({
  id: row.tenant_id as TenantId,
  name: row.name,
  mode: row.mode,
  country: row.country,
  suspended: row.suspended_at !== null,
})

const TENANT_COLUMNS = ['tenant_id', 'name', 'mode', 'country', 'suspended_at'] as const

export async function findTenant(tx: Tx, id: TenantId): Promise<Tenant | undefined> {
  const row = await tx.selectFrom('tenants').select(TENANT_COLUMNS).where('tenant_id', '=', id).executeTakeFirst()
  return row && tenantOf(row)
}

export async function listTenants(tx: Tx): Promise<readonly Tenant[]> {
  const rows = await tx.selectFrom('tenants').select(TENANT_COLUMNS).orderBy('tenant_id').execute()
  return rows.map(tenantOf)
}

export async function insertTenant(tx: Tx, tenant: Tenant, at: Date): Promise<void> {
  await tx
    .insertInto('tenants')
    .values({ tenant_id: tenant.id, name: tenant.name, mode: tenant.mode, country: tenant.country, created_at: at })
    .execute()
}

/** The hashes that a client's secret may have at the moment. */
export type ClientSecrets = {
  readonly current: Buffer
  readonly previous: Buffer | null
  readonly previousUntil: Date | null
}

export type FoundClient = { readonly client: Client; readonly tenant: Tenant; readonly secrets: ClientSecrets }

/** Finds a client by its id alone: needs the platform's scope, because nobody has said which tenant. */
export async function findClientAnywhere(tx: Tx, id: string): Promise<FoundClient | undefined> {
  const row = await tx
    .selectFrom('clients as c')
    .innerJoin('tenants as t', 't.tenant_id', 'c.tenant_id')
    .select([
      'c.id',
      'c.name as client_name',
      'c.scopes',
      'c.disabled_at',
      'c.tokens_from',
      'c.secret_hash',
      'c.previous_secret_hash',
      'c.previous_until',
    ])
    .select(['t.tenant_id', 't.name', 't.mode', 't.country', 't.suspended_at'])
    .where('c.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const client: Client = {
    id: row.id as ClientId,
    tenantId: row.tenant_id as TenantId,
    name: row.client_name,
    scopes: row.scopes,
    disabled: row.disabled_at !== null,
    tokensFrom: row.tokens_from,
  }
  const secrets = { current: row.secret_hash, previous: row.previous_secret_hash, previousUntil: row.previous_until }
  return { client, tenant: tenantOf(row), secrets }
}

export async function insertClient(tx: Tx, client: Client, secretHash: Buffer, at: Date): Promise<void> {
  await tx
    .insertInto('clients')
    .values({
      id: client.id,
      tenant_id: client.tenantId,
      name: client.name,
      secret_hash: secretHash,
      tokens_from: client.tokensFrom,
      scopes: [...client.scopes],
      created_at: at,
    })
    .execute()
}

/** Puts a new secret in place. The old one works until `previousUntil`; tokens from before `tokensFrom` do not. */
export async function replaceSecret(
  tx: Tx,
  id: ClientId,
  change: { readonly secretHash: Buffer; readonly previousUntil: Date | null; readonly tokensFrom?: Date },
): Promise<void> {
  await tx
    .updateTable('clients')
    .set((columns) => ({
      previous_secret_hash: change.previousUntil ? columns.ref('secret_hash') : null,
      previous_until: change.previousUntil,
      secret_hash: change.secretHash,
      ...(change.tokensFrom ? { tokens_from: change.tokensFrom } : {}),
    }))
    .where('id', '=', id)
    .execute()
}
