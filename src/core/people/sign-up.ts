import { announce, record } from '../audit/record.ts'
import { permitSending } from '../challenges/limits.ts'
import type { Context, Tx } from '../context.ts'
import { queueMessage } from '../messages/queue-message.ts'
import { noticeExistingAccount, noticeWelcome } from '../messages/templates.ts'
import { actingClient } from '../tenants/acting-client.ts'
import { type Email, normaliseEmail } from './email.ts'
import { findPersonByEmail, insertPerson, sealOfPerson } from './people.store.ts'
import { addressMac, type PersonId, personIdOf } from './person.ts'
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
    const at = clock.now()
    const created = await insertPerson(tx, { id, tenantId: tenant.id, email, emailMac, seal, keySealed, at })
    const person = await findPersonByEmail(tx, emailMac)
    if (!person) throw new Error('a person vanished between two statements of one transaction')
    const sent = await notify(context, tx, { created, personId: person.id, email, emailMac })
    const happening = { subject: { kind: 'person', id: person.id }, details: { withheld: !sent } }
    if (created) await announce(context, tx, { action: 'person.signed_up', ...happening })
    else await record(context, tx, { action: 'person.signed_up_again', ...happening })
    return { email, created }
  })
}

type Notice = {
  readonly created: boolean
  readonly personId: PersonId
  readonly email: Email
  readonly emailMac: Buffer
}

/** Tells the mailbox, within the limits of sending. @returns whether it was told */
async function notify(context: Context, tx: Tx, { created, personId, email, emailMac }: Notice): Promise<boolean> {
  if (!(await permitSending(context, tx, 'notice', emailMac))) return false
  const text = created ? noticeWelcome(context.tenant) : noticeExistingAccount(context.tenant)
  const seal = await sealOfPerson(tx, context.vault, personId)
  await queueMessage(context, tx, { personId, seal, channel: 'email', to: email, text })
  return true
}
