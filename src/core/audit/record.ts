import { sql } from 'kysely'
import { ulid } from '../../std/ids.ts'
import type { Needs, Tx } from '../context.ts'

/** What happened, in the past tense: `person.signed_up`, `certificate.issued`. */
export type Happening = {
  readonly action: string
  readonly subject: { readonly kind: string; readonly id: string }
  /** Ids, counts and codes. Never personal data: an audit row outlives the person's key. */
  readonly details?: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
}

/**
 * Writes the audit row of a change, in the transaction of the change and as its last statement but events:
 * it holds the tenant's head until the commit, which is what keeps the sequence free of gaps.
 */
export async function record(
  context: Needs<'tenant' | 'actor' | 'facade' | 'requestId' | 'clock'>,
  tx: Tx,
  happening: Happening,
): Promise<void> {
  const { tenant, actor, clock, facade, requestId } = context
  await sql`
    with head as (
      insert into audit_heads as h (tenant_id, seq) values (${tenant.id}, 1)
      on conflict (tenant_id) do update set seq = h.seq + 1
      returning seq
    )
    insert into audit (tenant_id, seq, at, actor_kind, actor_id, facade, request_id, action, subject_kind, subject_id, details)
    select ${tenant.id}, head.seq, ${clock.now()}, ${actor.kind}, ${actor.id}, ${facade}, ${requestId},
           ${happening.action}, ${happening.subject.kind}, ${happening.subject.id}, ${JSON.stringify(happening.details ?? {})}::jsonb
    from head
  `.execute(tx)
}

/** Records a change that companies are told of: the audit row and the event, with one identity for ever. */
export async function announce(
  context: Needs<'tenant' | 'actor' | 'facade' | 'requestId' | 'clock' | 'random'>,
  tx: Tx,
  happening: Happening,
): Promise<void> {
  const now = context.clock.now()
  await tx
    .insertInto('events')
    .values({
      tenant_id: context.tenant.id,
      id: ulid(now.getTime(), context.random.bytes),
      at: now,
      type: happening.action,
      subject_kind: happening.subject.kind,
      subject_id: happening.subject.id,
      data: JSON.stringify(happening.details ?? {}),
    })
    .execute()
  await record(context, tx, happening)
}
