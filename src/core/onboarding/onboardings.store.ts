import type { Tx } from '../context.ts'
import type { PersonId } from '../people/person.ts'
import type { PersonSeal } from '../people/person-seal.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Dossier, Onboarding, OnboardingId, Step } from './onboarding.ts'

const COLUMNS = ['id', 'person_id', 'step'] as const

const onboardingOf = (row: { id: string; person_id: string; step: Step }): Onboarding => ({
  id: row.id as OnboardingId,
  personId: row.person_id as PersonId,
  step: row.step,
})

export async function findOnboarding(tx: Tx, id: OnboardingId): Promise<Onboarding | undefined> {
  const row = await tx.selectFrom('onboardings').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && onboardingOf(row)
}

/** The newest process of a person, open or done. */
export async function findNewestOnboarding(tx: Tx, personId: PersonId): Promise<Onboarding | undefined> {
  const row = await tx
    .selectFrom('onboardings')
    .select(COLUMNS)
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
  return row && onboardingOf(row)
}

/** Opens a process unless the person has an open one. */
export async function insertOnboarding(
  tx: Tx,
  onboarding: {
    readonly id: OnboardingId
    readonly tenantId: TenantId
    readonly personId: PersonId
    readonly clientId: string
    readonly at: Date
  },
): Promise<boolean> {
  const made = await tx
    .insertInto('onboardings')
    .values({
      id: onboarding.id,
      tenant_id: onboarding.tenantId,
      person_id: onboarding.personId,
      client_id: onboarding.clientId,
      step: 'data_enrichment',
      created_at: onboarding.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/** Moves a process from one of `from` to `to`: false when it stands elsewhere by now. */
export async function moveStep(tx: Tx, id: OnboardingId, from: readonly Step[], to: Step, at: Date): Promise<boolean> {
  const moved = await tx
    .updateTable('onboardings')
    .set({ step: to, completed_at: to === 'done' ? at : null })
    .where('id', '=', id)
    .where('step', 'in', from)
    .returning('id')
    .executeTakeFirst()
  return moved !== undefined
}

const DOSSIER = 'onboardings.dossier'

export async function saveDossier(tx: Tx, seal: PersonSeal, id: OnboardingId, dossier: Dossier): Promise<void> {
  await tx
    .updateTable('onboardings')
    .set({ dossier_sealed: seal.seal(DOSSIER, id, dossier) })
    .where('id', '=', id)
    .execute()
}

export async function readDossier(tx: Tx, seal: PersonSeal, id: OnboardingId): Promise<Dossier | undefined> {
  const row = await tx.selectFrom('onboardings').select('dossier_sealed').where('id', '=', id).executeTakeFirst()
  return row?.dossier_sealed ? seal.open<Dossier>(DOSSIER, id, row.dossier_sealed) : undefined
}
