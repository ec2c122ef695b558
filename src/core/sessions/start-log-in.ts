import { record } from '../audit/record.ts'
import { NO_BINDING } from '../challenges/challenge.ts'
import { issueChallenge } from '../challenges/issue-challenge.ts'
import type { Context } from '../context.ts'
import { queueMessage } from '../messages/queue-message.ts'
import { codeForLogin } from '../messages/templates.ts'
import { normaliseEmail } from '../people/email.ts'
import { findPersonByEmail, findSeal } from '../people/people.store.ts'
import { addressMac, personIdOf } from '../people/person.ts'
import { newPersonSeal } from '../people/person-seal.ts'
import { actingClient } from '../tenants/acting-client.ts'

export type LogInStarted = {
  readonly email: string
  readonly session: string
  readonly userId: string
}

/**
 * Starts a log-in: a session and, if the address has an account, a code on its way. The answer, and the work that is
 * done before it, are the same when there is none: the id is derived from the address, the session is real and can
 * never be confirmed, and the code is written to nobody.
 *
 * @throws DomainError credential.wrong_client, person.email_invalid
 */
export async function startLogIn(
  context: Context,
  input: { readonly email: string; readonly clientId: string },
): Promise<LogInStarted> {
  const { vault, tenant } = context
  const clientId = actingClient(context, input.clientId)
  const email = normaliseEmail(input.email)
  const mac = addressMac(vault, tenant.id, email)
  const derivedId = personIdOf(vault, tenant.id, email)
  return await context.db.transaction(async (tx) => {
    const person = await findPersonByEmail(tx, mac)
    const known = person && !person.disabled ? person : undefined
    const issued = await issueChallenge(context, tx, {
      purpose: 'login',
      channel: 'email',
      clientId,
      personId: known?.id ?? null,
      addressMac: mac,
      binding: NO_BINDING,
    })
    if (issued.code !== null) {
      const seal = (await findSeal(tx, vault, derivedId)) ?? newPersonSeal(context, derivedId).seal
      await queueMessage(context, tx, {
        personId: known?.id ?? null,
        seal,
        channel: 'email',
        to: email,
        text: codeForLogin(tenant, issued.code),
        challengeId: issued.id,
      })
    }
    const details = { withheld: issued.code === null }
    await record(context, tx, { action: 'login.started', subject: { kind: 'challenge', id: issued.id }, details })
    return { email, session: issued.session, userId: person?.id ?? derivedId }
  })
}
