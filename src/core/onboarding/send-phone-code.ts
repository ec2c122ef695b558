import { NO_BINDING } from '../challenges/challenge.ts'
import { issueChallenge } from '../challenges/issue-challenge.ts'
import { permitSpending } from '../challenges/limits.ts'
import type { Context, Tx } from '../context.ts'
import { queueMessage } from '../messages/queue-message.ts'
import { codeForPhone } from '../messages/templates.ts'
import type { PersonId } from '../people/person.ts'
import type { PersonSeal } from '../people/person-seal.ts'
import type { Phone } from '../people/phone.ts'
import { actingPerson } from './own-onboarding.ts'

/**
 * Sends a code that proves the number, unless the limits of sending forbid it: the caller's answer stays the same.
 *
 * @returns whether it was sent, for the audit row of the caller
 */
export async function sendPhoneCode(
  context: Context,
  tx: Tx,
  to: { readonly personId: PersonId; readonly seal: PersonSeal; readonly telephone: Phone; readonly mac: Buffer },
): Promise<boolean> {
  const issued = await issueChallenge(context, tx, {
    purpose: 'phone',
    channel: 'sms',
    clientId: actingPerson(context).clientId,
    personId: to.personId,
    addressMac: to.mac,
    binding: NO_BINDING,
  })
  if (issued.code === null || !(await permitSpending(context, tx))) return false
  await queueMessage(context, tx, {
    personId: to.personId,
    seal: to.seal,
    channel: 'sms',
    to: to.telephone,
    text: codeForPhone(context.tenant, issued.code),
    challengeId: issued.id,
  })
  return true
}
