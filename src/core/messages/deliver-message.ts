import type { Context } from '../context.ts'
import { findSeal } from '../people/people.store.ts'
import type { PersonId } from '../people/person.ts'
import { type Envelope, MESSAGE_PLACE } from './queue-message.ts'

/**
 * Sends one queued message; what a job does. Delivery is at least once: a repetition carries the same code, and the
 * gateway sees the same id. A message that has expired is never sent late.
 *
 * @throws what the gateway throws, so that the queue tries again.
 */
export async function deliverMessage(context: Context, messageId: string): Promise<void> {
  const message = await context.db.transaction(async (tx) => {
    const row = await tx
      .selectFrom('messages')
      .selectAll()
      .where('id', '=', messageId)
      .where('status', '=', 'queued')
      .executeTakeFirst()
    if (!row?.sealed) return undefined
    const seal = row.person_id === null ? undefined : await findSeal(tx, context.vault, row.person_id as PersonId)
    return { row, envelope: seal?.open<Envelope>(MESSAGE_PLACE, row.id, row.sealed) }
  })
  if (!message) return
  const { row, envelope } = message
  if (!envelope || row.expires_at <= context.clock.now()) {
    await finish(context, messageId, 'expired')
    return
  }
  if (row.channel === 'email') {
    await context.mailer.send({ to: envelope.to, subject: envelope.subject, text: envelope.body, id: messageId })
  } else {
    await context.texter.send({ to: envelope.to, text: envelope.body, id: messageId })
  }
  await finish(context, messageId, 'sent')
}

/** The text goes with the end: nothing later needs the code or the address. */
async function finish(context: Context, messageId: string, status: 'sent' | 'expired'): Promise<void> {
  await context.db.transaction((tx) =>
    tx
      .updateTable('messages')
      .set({ status, sealed: null, finished_at: context.clock.now() })
      .where('id', '=', messageId)
      .where('status', '=', 'queued')
      .execute(),
  )
}
