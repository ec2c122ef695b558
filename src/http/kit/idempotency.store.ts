import type { Context } from '../../core/index.ts'
import { equalBytes } from '../../std/bytes.ts'
import { DAY_MS, later, MINUTE_MS } from '../../std/time.ts'
import type { Answer } from './error-form.ts'

/** The row of a key. Whoever has the same place and another body hash uses the key for another request. */
export type Place = {
  readonly actor: string
  readonly operation: string
  readonly key: string
  readonly bodyHash: Buffer
}

/** A key that is ours until the lease ends. The end of the lease tells our claim from that of a later one. */
export type Claim = { readonly state: 'ours'; readonly place: Place; readonly leaseUntil: Date }

export type Claimed =
  | Claim
  | { readonly state: 'running'; readonly retryAfterSeconds: number }
  | { readonly state: 'done'; readonly answer: Answer }
  | { readonly state: 'other_body' }

/** How long a request may take before another one with its key may take over. */
const LEASE_MS = MINUTE_MS
/** How long an answer is kept. */
const KEPT_MS = DAY_MS

type KeyNeeds = Pick<Context, 'db' | 'tenant' | 'clock' | 'vault'>

/** Takes the key, or says who has it. One statement decides, so of parallel callers one gets it. */
export async function claim(context: KeyNeeds, place: Place): Promise<Claimed> {
  const { db, tenant, clock } = context
  const { actor, operation, key, bodyHash } = place
  const now = clock.now()
  const leaseUntil = later(now, LEASE_MS)
  return db.transaction(async (tx) => {
    await tx
      .deleteFrom('idempotency')
      .where('actor', '=', actor)
      .where('operation', '=', operation)
      .where('key', '=', key)
      .where('expires_at', '<=', now)
      .execute()
    const fresh = { state: 'running', lease_until: leaseUntil, expires_at: later(now, KEPT_MS) } as const
    const won = await tx
      .insertInto('idempotency')
      .values({ tenant_id: tenant.id, actor, operation, key, body_hash: bodyHash, ...fresh })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'actor', 'operation', 'key'])
          .doUpdateSet({ ...fresh, status: null, sealed: null })
          // Only a request that died, repeated.
          .where('idempotency.state', '=', 'running')
          .where('idempotency.lease_until', '<=', now)
          .where('idempotency.body_hash', '=', bodyHash),
      )
      .returning('key')
      .executeTakeFirst()
    if (won) return { state: 'ours', place, leaseUntil }
    const row = await tx
      .selectFrom('idempotency')
      .select(['body_hash', 'state', 'lease_until', 'status', 'sealed'])
      .where('actor', '=', actor)
      .where('operation', '=', operation)
      .where('key', '=', key)
      .executeTakeFirst()
    return row ? stateOf(context, place, row) : { state: 'running', retryAfterSeconds: 1 }
  })
}

/** Keeps the answer of our claim. Does nothing when somebody took over meanwhile: theirs is the answer then. */
export async function complete(context: KeyNeeds, { place, leaseUntil }: Claim, answer: Answer): Promise<void> {
  const sealed = context.vault.seal(placeOf(context, place), packed(answer))
  await context.db.transaction(async (tx) => {
    await tx
      .updateTable('idempotency')
      .set({ state: 'done', status: answer.status, sealed })
      .where('actor', '=', place.actor)
      .where('operation', '=', place.operation)
      .where('key', '=', place.key)
      .where('state', '=', 'running')
      .where('lease_until', '=', leaseUntil)
      .execute()
  })
}

/** Gives the key back, as if it had never been used. */
export async function release(context: KeyNeeds, { place, leaseUntil }: Claim): Promise<void> {
  await context.db.transaction(async (tx) => {
    await tx
      .deleteFrom('idempotency')
      .where('actor', '=', place.actor)
      .where('operation', '=', place.operation)
      .where('key', '=', place.key)
      .where('state', '=', 'running')
      .where('lease_until', '=', leaseUntil)
      .execute()
  })
}

type Row = {
  readonly body_hash: Buffer
  readonly state: 'running' | 'done'
  readonly lease_until: Date
  readonly status: number | null
  readonly sealed: Buffer | null
}

function stateOf(context: KeyNeeds, place: Place, row: Row): Claimed {
  if (!equalBytes(row.body_hash, place.bodyHash)) return { state: 'other_body' }
  if (row.state === 'running' || row.status === null || row.sealed === null) {
    const waitMs = row.lease_until.getTime() - context.clock.now().getTime()
    return { state: 'running', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
  }
  return { state: 'done', answer: unpacked(row.status, context.vault.open(placeOf(context, place), row.sealed)) }
}

/** Answers hold what people entrusted to us and fresh tokens, so they are sealed to their row. */
function placeOf({ tenant }: KeyNeeds, { actor, operation, key }: Place): string {
  return `idempotency/sealed/${JSON.stringify([tenant.id, actor, operation, key])}`
}

/** A content type holds no line feed, so the first one ends it. */
function packed({ contentType, text }: Answer): Buffer {
  return Buffer.from(`${contentType}\n${text}`, 'utf8')
}

function unpacked(status: number, bytes: Buffer): Answer {
  const end = bytes.indexOf(0x0a)
  return { status, contentType: bytes.toString('utf8', 0, end), text: bytes.toString('utf8', end + 1) }
}
