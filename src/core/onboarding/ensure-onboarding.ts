import { ulid } from '../../std/ids.ts'
import { record } from '../audit/record.ts'
import type { Context, Tx } from '../context.ts'
import type { PersonId } from '../people/person.ts'
import type { Onboarding, OnboardingId } from './onboarding.ts'
import { findNewestOnboarding, insertOnboarding } from './onboardings.store.ts'

/** The open process of a person whose identity is not proven; made if there is none. May be called twice. */
export async function ensureOnboarding(
  context: Context,
  tx: Tx,
  personId: PersonId,
  clientId: string,
): Promise<Onboarding> {
  const now = context.clock.now()
  const id = ulid(now.getTime(), context.random.bytes) as OnboardingId
  const made = await insertOnboarding(tx, { id, tenantId: context.tenant.id, personId, clientId, at: now })
  if (made) await record(context, tx, { action: 'onboarding.opened', subject: { kind: 'onboarding', id } })
  const open = await findNewestOnboarding(tx, personId)
  if (!open) throw new Error('an onboarding vanished between two statements of one transaction')
  return open
}
