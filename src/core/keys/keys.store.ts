import { createPrivateKey, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../context.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Vault } from '../vault.ts'
import type { KeyId, KeyPurpose, PublicKey } from './key.ts'

export type KeyRow = PublicKey & {
  readonly state: 'active' | 'retiring' | 'destroyed'
  readonly createdAt: Date
  readonly privateKey: KeyObject | null
}

export const privatePlace = (id: KeyId): string => `keys.private_sealed/${id}`

export async function insertKey(
  tx: Tx,
  key: PublicKey & { readonly tenantId: TenantId | null; readonly privateSealed: Buffer; readonly at: Date },
): Promise<void> {
  await tx
    .insertInto('keys')
    .values({
      id: key.id,
      tenant_id: key.tenantId,
      purpose: key.purpose,
      algorithm: key.algorithm,
      spki: key.spki,
      private_sealed: key.privateSealed,
      state: 'active',
      created_at: key.at,
    })
    .execute()
}

/** Counts a use before it happens and returns the private key. @throws when the key is destroyed or of another scope */
export async function useKey(tx: Tx, vault: Vault, id: KeyId): Promise<KeyObject> {
  const row = await tx
    .updateTable('keys')
    .set({ uses: sql<number>`uses + 1` })
    .where('id', '=', id)
    .where('state', '<>', 'destroyed')
    .returning(['private_sealed'])
    .executeTakeFirstOrThrow()
  if (!row.private_sealed) throw new Error('the key has no private part here')
  return openPrivate(vault, id, row.private_sealed)
}

/** Every key of the given purposes that is not destroyed, newest first, with its private part. */
export async function listKeys(tx: Tx, vault: Vault, purposes: readonly KeyPurpose[]): Promise<readonly KeyRow[]> {
  const rows = await tx
    .selectFrom('keys')
    .selectAll()
    .where('purpose', 'in', purposes)
    .where('state', '<>', 'destroyed')
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id as KeyId,
    purpose: row.purpose,
    algorithm: row.algorithm,
    spki: row.spki,
    state: row.state,
    createdAt: row.created_at,
    privateKey: row.private_sealed && openPrivate(vault, row.id as KeyId, row.private_sealed),
  }))
}

function openPrivate(vault: Vault, id: KeyId, sealed: Buffer): KeyObject {
  return createPrivateKey({ key: vault.open(privatePlace(id), sealed), format: 'der', type: 'pkcs8' })
}
