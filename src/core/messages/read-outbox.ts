import type { Context } from '../context.ts'
import { findSeal } from '../people/people.store.ts'
import type { PersonId } from '../people/person.ts'
import { type Envelope, MESSAGE_PLACE } from './queue-message.ts'

/** A message as the sandbox's outbox shows it. */
export type OutboxMessage = {
  readonly id: string
  readonly channel: 'email' | 'sms'
  readonly template: string
  readonly to: string
  readonly subject: string
  readonly body: string
  readonly sentAt: Date
}

/** The newest messages of a sandbox, newest first. A live tenant has none: what was sent is not kept. */
export async function readOutbox(
  context: Context,
  filter: { readonly to?: string; readonly limit: number },
): Promise<readonly OutboxMessage[]> {
  if (context.tenant.mode !== 'sandbox') return []
  return await context.db.transaction(async (tx) => {
    const rows = await tx
      .selectFrom('messages')
      .selectAll()
      .where('person_id', 'is not', null)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(NEWEST)
      .execute()
    const messages: OutboxMessage[] = []
    for (const row of rows) {
      const seal = await findSeal(tx, context.vault, row.person_id as PersonId)
      if (seal && row.sealed) messages.push(opened(row, seal.open<Envelope>(MESSAGE_PLACE, row.id, row.sealed)))
    }
    return messages.filter(({ to }) => filter.to === undefined || filter.to === to).slice(0, filter.limit)
  })
}

/** How far back the outbox looks. */
const NEWEST = 200

function opened(
  row: Pick<OutboxMessage, 'id' | 'channel' | 'template'> & { created_at: Date },
  envelope: Envelope,
): OutboxMessage {
  const { id, channel, template, created_at: sentAt } = row
  return { id, channel, template, ...envelope, sentAt }
}
