import { sql } from 'kysely'
import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../std/time.ts'
import type { Context, Needs, Tx } from '../context.ts'

/** At most `max` uses within any `windowMs`: a sliding window, not a bucket with edges. */
export type Limit = { readonly max: number; readonly windowMs: number }

/** Messages to one address or number, whoever asks. */
const SENDING: readonly Limit[] = [
  { max: 3, windowMs: 10 * MINUTE_MS },
  { max: 10, windowMs: DAY_MS },
]
/** Codes evaluated for one account. */
export const EVALUATION: Limit = { max: 10, windowMs: HOUR_MS }
/** Wrong codes in one tenant, over all accounts: beyond it somebody tries one guess on each of many. */
export const ANOMALY: Limit = { max: 300, windowMs: 5 * MINUTE_MS }

/**
 * Takes one use, if there is one left, in one statement: parallel callers wait for each other's row.
 *
 * @returns false when the limit is reached; nothing is taken then.
 */
export async function take(context: Needs<'tenant' | 'clock'>, tx: Tx, key: string, limit: Limit): Promise<boolean> {
  const now = context.clock.now()
  const since = later(now, -limit.windowMs)
  const until = later(now, limit.windowMs)
  const taken = await sql<{ key: string }>`
    insert into limits as l (tenant_id, key, hits, expires_at)
    values (${context.tenant.id}, ${key}, array[${now}::timestamptz], ${until})
    on conflict (tenant_id, key) do update
      set hits = array(select h from unnest(l.hits) h where h > ${since}) || ${now}::timestamptz, expires_at = ${until}
      where (select count(*) from unnest(l.hits) h where h > ${since}) < ${limit.max}
    returning key
  `.execute(tx)
  return taken.rows.length > 0
}

/** Whether a limit is used up. Reads without a lock, so a few parallel callers may still get through. */
export async function isUsedUp(context: Needs<'clock'>, tx: Tx, key: string, limit: Limit): Promise<boolean> {
  const since = later(context.clock.now(), -limit.windowMs)
  const used = await sql<{ used: number }>`
    select (select count(*) from unnest(hits) h where h > ${since})::int as used from limits where key = ${key}
  `.execute(tx)
  return (used.rows[0]?.used ?? 0) >= limit.max
}

/** Gives the last use back: a code that was right was no guess. */
export async function giveBack(context: Needs<'tenant'>, tx: Tx, key: string): Promise<void> {
  await sql`
    update limits set hits = hits[1:cardinality(hits) - 1]
    where tenant_id = ${context.tenant.id} and key = ${key} and cardinality(hits) > 0
  `.execute(tx)
}

/**
 * Whether one more message may go to an address. A refusal is silent towards the caller, whose answer must not
 * tell; whoever asked says so in the audit row of what it did.
 */
export async function permitSending(
  context: Needs<'tenant' | 'clock'>,
  tx: Tx,
  kind: 'login' | 'phone' | 'activation' | 'notice',
  addressMac: Buffer,
): Promise<boolean> {
  const address = addressMac.toString('base64url')
  for (const limit of SENDING) {
    if (!(await take(context, tx, `send:${kind}:${limit.windowMs}:${address}`, limit))) return false
  }
  return true
}

/** Text messages that one company may cause in a day: the stop for a leak that the other limits miss. */
const DAILY_TEXTS: Limit = { max: 2000, windowMs: DAY_MS }

/** Whether one more text message may be paid for today. */
export async function permitSpending(context: Context, tx: Tx): Promise<boolean> {
  const since = later(context.clock.now(), -DAILY_TEXTS.windowMs)
  const sent = await tx
    .selectFrom('messages')
    .select((columns) => columns.fn.countAll<number>().as('count'))
    .where('channel', '=', 'sms')
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow()
  if (sent.count < DAILY_TEXTS.max) return true
  context.log.error(
    { tenant: context.tenant.id, limit: DAILY_TEXTS.max },
    'the daily limit of text messages is reached: none is sent',
  )
  return false
}
