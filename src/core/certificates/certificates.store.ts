import type { LintedTbs } from '../../pki/index.ts'
import type { Tx } from '../context.ts'
import type { KeyId } from '../keys/key.ts'
import type { PersonId } from '../people/person.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Certificate, CertificateId, HolderReason } from './certificate.ts'
import type { Drafted } from './profile.ts'

const COLUMNS = ['id', 'person_id', 'key_id', 'name', 'serial', 'der', 'status', 'not_before', 'not_after'] as const

const certificateOf = (row: {
  id: string
  person_id: string
  key_id: string
  name: string
  serial: Buffer
  der: Buffer | null
  status: Certificate['status']
  not_before: Date
  not_after: Date
}): Certificate => ({
  id: row.id as CertificateId,
  personId: row.person_id as PersonId,
  keyId: row.key_id as KeyId,
  name: row.name,
  serial: row.serial,
  der: row.der,
  status: row.status,
  notBefore: row.not_before,
  notAfter: row.not_after,
})

export async function findCertificate(tx: Tx, id: string): Promise<Certificate | undefined> {
  const row = await tx.selectFrom('certificates').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && certificateOf(row)
}

/** A person's certificates that can sign at `at`, newest first. */
export async function listActive(tx: Tx, personId: PersonId, at: Date): Promise<readonly Certificate[]> {
  const rows = await tx
    .selectFrom('certificates')
    .select(COLUMNS)
    .where('person_id', '=', personId)
    .where('status', '=', 'active')
    .where('not_before', '<=', at)
    .where('not_after', '>', at)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(certificateOf)
}

export type PendingCertificate = { readonly id: CertificateId; readonly tbs: LintedTbs }

/** The one certificate of a person that was stored for signing and is not signed yet, with its bytes. */
export async function findPending(tx: Tx, personId: PersonId): Promise<PendingCertificate | undefined> {
  const row = await tx
    .selectFrom('certificates')
    .select(['id', 'tbs'])
    .where('person_id', '=', personId)
    .where('status', '=', 'pending')
    .executeTakeFirst()
  // Only linted bytes are ever stored in this column.
  return row && { id: row.id as CertificateId, tbs: row.tbs as Uint8Array as LintedTbs }
}

/** Stores the to-be-signed bytes, before the authority's key sees them. */
export async function insertPending(
  tx: Tx,
  certificate: Drafted & {
    readonly id: CertificateId
    readonly tenantId: TenantId
    readonly personId: PersonId
    readonly proofingId: string
    readonly authorityId: string
    readonly keyId: KeyId
    readonly name: string
    readonly profile: string
    readonly at: Date
  },
): Promise<void> {
  await tx
    .insertInto('certificates')
    .values({
      id: certificate.id,
      tenant_id: certificate.tenantId,
      person_id: certificate.personId,
      proofing_id: certificate.proofingId,
      authority_id: certificate.authorityId,
      key_id: certificate.keyId,
      name: certificate.name,
      profile: certificate.profile,
      serial: certificate.serial,
      tbs: Buffer.from(certificate.tbs),
      status: 'pending',
      not_before: certificate.notBefore,
      not_after: certificate.notAfter,
      created_at: certificate.at,
    })
    .execute()
}

/** Stores the signed certificate, once: false when another caller has. */
export async function activate(tx: Tx, id: CertificateId, der: Buffer): Promise<boolean> {
  const done = await tx
    .updateTable('certificates')
    .set({ status: 'active', der })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}

/** Revokes, once: false when it was revoked before. A revocation is never taken back. */
export async function revoke(tx: Tx, id: CertificateId, reason: HolderReason, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('certificates')
    .set({ status: 'revoked', revoked_at: at, revocation_reason: reason })
    .where('id', '=', id)
    .where('status', '=', 'active')
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}
