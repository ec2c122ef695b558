import { isUlid } from '../../std/ids.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import type { PersonId } from '../people/person.ts'
import type { Onboarding, OnboardingId } from './onboarding.ts'
import { findOnboarding } from './onboardings.store.ts'

/** The person who acts. @throws when a company or the system calls what only a person may */
export function actingPerson(context: Pick<Context, 'actor'>): { readonly id: PersonId; readonly clientId: string } {
  const { actor } = context
  if (actor.kind !== 'person') fail('credential.invalid')
  return { id: actor.id as PersonId, clientId: actor.clientId }
}

/**
 * The process, if it is the acting person's own. Somebody else's answers like one that does not exist.
 * @throws DomainError onboarding.not_found
 */
export async function ownOnboarding(context: Context, tx: Tx, id: string): Promise<Onboarding> {
  const { id: personId } = actingPerson(context)
  const onboarding = isUlid(id.toUpperCase()) ? await findOnboarding(tx, id.toUpperCase() as OnboardingId) : undefined
  if (!onboarding || onboarding.personId !== personId) fail('onboarding.not_found')
  return onboarding
}
