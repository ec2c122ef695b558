import type { CertificateId } from '../certificates/certificate.ts'
import type { ChallengeId } from '../challenges/challenge.ts'
import type { Tx } from '../context.ts'
import type { StoredDocument } from '../documents/document.ts'
import type { PersonId } from '../people/person.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { EnvelopeId, RoleId } from './envelope.ts'

/** Stores an envelope that is sent at once: these documents, one role, and the challenge that activates its key. */
export async function insertSentEnvelope(
  tx: Tx,
  envelope: {
    readonly id: EnvelopeId
    readonly roleId: RoleId
    readonly tenantId: TenantId
    readonly facade: string
    readonly documents: readonly StoredDocument[]
    readonly personId: PersonId
    readonly certificateId: CertificateId
    readonly challengeId: ChallengeId
    readonly at: Date
  },
): Promise<void> {
  const { id, tenantId } = envelope
  await tx
    .insertInto('envelopes')
    .values({ id, tenant_id: tenantId, facade: envelope.facade, status: 'sent', created_at: envelope.at })
    .execute()
  for (const [position, document] of envelope.documents.entries()) {
    await tx
      .insertInto('envelope_documents')
      .values({
        envelope_id: id,
        document_id: document.id,
        tenant_id: tenantId,
        position,
        sha256: document.content.sha256,
      })
      .execute()
  }
  await tx
    .insertInto('envelope_roles')
    .values({
      id: envelope.roleId,
      tenant_id: tenantId,
      envelope_id: id,
      person_id: envelope.personId,
      certificate_id: envelope.certificateId,
      challenge_id: envelope.challengeId,
      position: 0,
    })
    .execute()
}

export type Role = {
  readonly id: RoleId
  readonly envelopeId: EnvelopeId
  readonly personId: PersonId
  readonly certificateId: CertificateId
  readonly challengeId: ChallengeId
}

/** The role that a challenge activates. With `lock`, callers in parallel take turns until the transaction ends. */
export async function findRole(tx: Tx, challengeId: string, lock: boolean): Promise<Role | undefined> {
  const query = tx
    .selectFrom('envelope_roles')
    .select(['id', 'envelope_id', 'person_id', 'certificate_id', 'challenge_id'])
    .where('challenge_id', '=', challengeId)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return (
    row && {
      id: row.id as RoleId,
      envelopeId: row.envelope_id as EnvelopeId,
      personId: row.person_id as PersonId,
      certificateId: row.certificate_id as CertificateId,
      challengeId: row.challenge_id as ChallengeId,
    }
  )
}

/** Marks a role signed and, when nobody else is to sign, the envelope completed. */
export async function completeRole(tx: Tx, roleId: RoleId, envelopeId: EnvelopeId, at: Date): Promise<void> {
  await tx.updateTable('envelope_roles').set({ signed_at: at }).where('id', '=', roleId).execute()
  await tx
    .updateTable('envelopes')
    .set({ status: 'completed', completed_at: at })
    .where('id', '=', envelopeId)
    .where('status', '=', 'sent')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('envelope_roles')
            .select('id')
            .where('envelope_id', '=', envelopeId)
            .where('signed_at', 'is', null),
        ),
      ),
    )
    .execute()
}
