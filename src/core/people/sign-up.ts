import { announce } from '../audit/record.ts'
import { permitSending } from '../challenges/limits.ts'
import type { Context } from '../context.ts'
import { queueMessage } from '../messages/queue-message.ts'
import { noticeExistingAccount, noticeWelcome } from '../messages/templates.ts'
import { actingClient } from '../tenants/acting-client.ts'
import { normaliseEmail } from './email.ts'
import { findPersonByEmail, insertPerson, sealOfPerson } from './people.store.ts'
import { addressMac, personIdOf } from './person.ts'
import { newPersonSeal } from './person-seal.ts'

/**
 * Registers a person by e-mail, or finds the one there is. Telling the company which of the two it was is this
 * call's purpose; the mailbox hears of it either way, within the limits of sending.
 *
 * @returns `created` and the address in the form the platform keeps.
 * @throws DomainError credential.wrong_client, person.email_invalid
 */
export async function signUp(
  context: Context,
  input: { readonly email: string; readonly clientId: string },
): Promise<{ readonly email: string; readonly created: boolean }> {
  const { vault, tenant, clock } = context
  actingClient(context, input.clientId)
  const email = normaliseEmail(input.email)
  const emailMac = addressMac(vault, tenant.id, email)
  const id = personIdOf(vault, tenant.id, email)
  const { seal, keySealed } = newPersonSeal(context, id)
  return await context.db.transaction(async (tx) => {
    const created = await insertPerson(tx, {
      id,
      tenantId: tenant.id,
      email,
      emailMac,
      seal,
      keySealed,
      at: clock.now(),
    })
    const person = await findPersonByEmail(tx, emailMac)
    if (!person) throw new Error('a person vanished between two statements of one transaction')
    if (await permitSending(context, tx, 'notice', emailMac)) {
      const text = created ? noticeWelcome(tenant) : noticeExistingAccount(tenant)
      const own = created ? seal : await sealOfPerson(tx, vault, person.id)
      await queueMessage(context, tx, { personId: person.id, seal: own, channel: 'email', to: email, text })
    }
    if (created) await announce(context, tx, { action: 'person.signed_up', subject: { kind: 'person', id: person.id } })
    return { email, created }
  })
}
