import { enqueue } from '../../db/index.ts'
import { ulid } from '../../std/ids.ts'
import { later } from '../../std/time.ts'
import { type ChallengeId, type Channel, CODE_LIFETIME_MS } from '../challenges/challenge.ts'
import type { Context, Tx } from '../context.ts'
import type { PersonId } from '../people/person.ts'
import type { PersonSeal } from '../people/person-seal.ts'
import { deliverMessageJob } from './message-jobs.ts'
import type { Text } from './templates.ts'

/** What is sealed in a message row. */
export type Envelope = { readonly to: string; readonly subject: string; readonly body: string }

export const MESSAGE_PLACE = 'messages.sealed'

/** Enough for the code's five minutes: e + e² + e³ + e⁴ seconds. */
const ATTEMPTS = 5

/**
 * Queues a message in the transaction of its cause. In a sandbox the row itself is the delivery: it lands in the
 * visible outbox. In a live tenant a job sends it, and never after it has expired.
 */
export async function queueMessage(
  context: Context,
  tx: Tx,
  message: {
    /** Null goes to nobody: the same rows and the same work, so that time does not tell who has an account. */
    readonly personId: PersonId | null
    readonly seal: PersonSeal
    readonly channel: Channel
    readonly to: string
    readonly text: Text
    readonly challengeId?: ChallengeId
  },
): Promise<void> {
  const { clock, random, tenant } = context
  const now = clock.now()
  const id = ulid(now.getTime(), random.bytes)
  const envelope: Envelope = { to: message.to, subject: message.text.subject, body: message.text.body }
  const sandbox = tenant.mode === 'sandbox'
  await tx
    .insertInto('messages')
    .values({
      id,
      tenant_id: tenant.id,
      person_id: message.personId,
      challenge_id: message.challengeId ?? null,
      channel: message.channel,
      template: message.text.template,
      sealed: message.seal.seal(MESSAGE_PLACE, id, envelope),
      status: sandbox ? 'sent' : 'queued',
      created_at: now,
      expires_at: later(now, CODE_LIFETIME_MS),
      finished_at: sandbox ? now : null,
    })
    .execute()
  if (sandbox) return
  await enqueue(tx, {
    task: deliverMessageJob,
    payload: { tenantId: tenant.id, messageId: id },
    jobKey: `message:${id}`,
    maxAttempts: ATTEMPTS,
  })
}
