import type { Context } from '../context.ts'
import { ownOnboarding } from '../onboarding/own-onboarding.ts'
import type { PersonId } from '../people/person.ts'
import type { Proofing } from './proofing.ts'
import { listProofings } from './proofings.store.ts'

/**
 * How the proofing of a process stands: its newest session, or none.
 * @throws DomainError onboarding.not_found
 */
export async function getProofingStatus(
  context: Context,
  onboardingId: string,
): Promise<{ readonly personId: PersonId; readonly proofing: Proofing | null }> {
  return await context.db.transaction(async (tx) => {
    const onboarding = await ownOnboarding(context, tx, onboardingId)
    const proofings = await listProofings(tx, onboarding.personId)
    return {
      personId: onboarding.personId,
      proofing: proofings.find((one) => one.onboardingId === onboarding.id) ?? null,
    }
  })
}
