import { buildTbsCertificateList, keyIdentifier, type RevocationReason } from '../../pki/index.ts'
import { DAY_MS, later } from '../../std/time.ts'
import type { Platform, Tx } from '../context.ts'

/** How long a list is good for those who cannot reach us. */
const LIFETIME_MS = DAY_MS
/** A list is replaced this long before it ends, revocations or not. */
const RENEWED_BEFORE_MS = LIFETIME_MS / 2

export type RevocationList = { readonly der: Buffer; readonly number: number; readonly nextUpdate: Date }

/**
 * The list of what the issuing authority has revoked, as of now: the published one, or a new one if a certificate was
 * revoked since or the old one ages. Numbers strictly increase (RFC 5280 §5.2.3): of two servers that make the next
 * one at once, one publishes it and the other drops its own.
 */
export async function currentRevocationList(platform: Platform): Promise<RevocationList> {
  const { authority, clock, database } = platform
  const now = clock.now()
  const state = await database.platform.transaction((tx) => readState(tx, authority.id))
  if (state.newest && isCurrent(state, now)) return state.newest
  const draft = await database.platform.transaction((tx) =>
    draftList(platform, tx, (state.newest?.number ?? 0) + 1, now),
  )
  // Signed outside a transaction: the key is read in one of its own.
  const der = await authority.signList(draft.tbs)
  return await database.platform.transaction((tx) => publish(tx, authority.id, { ...draft, der }))
}

type State = { readonly newest?: RevocationList & { readonly entries: number }; readonly revoked: number }

async function readState(tx: Tx, authorityId: string): Promise<State> {
  const newest = await tx
    .selectFrom('revocation_lists')
    .select(['der', 'number', 'entries', 'next_update as nextUpdate'])
    .where('authority_id', '=', authorityId)
    .orderBy('number', 'desc')
    .executeTakeFirst()
  const { revoked } = await tx
    .selectFrom('certificates')
    .select((columns) => columns.fn.countAll<number>().as('revoked'))
    .where('authority_id', '=', authorityId)
    .where('status', '=', 'revoked')
    .executeTakeFirstOrThrow()
  return newest ? { newest, revoked } : { revoked }
}

function isCurrent({ newest, revoked }: State, now: Date): boolean {
  if (!newest || newest.entries !== revoked) return false
  return newest.nextUpdate.getTime() - now.getTime() > RENEWED_BEFORE_MS
}

type Draft = {
  readonly tbs: Uint8Array
  readonly number: number
  readonly entries: number
  readonly thisUpdate: Date
  readonly nextUpdate: Date
}

async function draftList({ authority }: Platform, tx: Tx, number: number, now: Date): Promise<Draft> {
  const { issuer } = authority
  const rows = await tx
    .selectFrom('certificates')
    .select(['serial', 'revoked_at', 'revocation_reason'])
    .where('authority_id', '=', authority.id)
    .where('status', '=', 'revoked')
    .orderBy('revoked_at')
    .orderBy('serial')
    .execute()
  // A list knows whole seconds only.
  const thisUpdate = new Date(Math.floor(now.getTime() / 1000) * 1000)
  const nextUpdate = later(thisUpdate, LIFETIME_MS)
  const tbs = buildTbsCertificateList({
    algorithm: issuer.algorithm,
    issuer: issuer.name,
    keyIdentifier: keyIdentifier(issuer.spki),
    number,
    thisUpdate,
    nextUpdate,
    revoked: rows.map((row) => ({
      serial: row.serial,
      revokedAt: row.revoked_at ?? now,
      reason: (row.revocation_reason ?? 'unspecified') as RevocationReason,
    })),
  })
  return { tbs, number, entries: rows.length, thisUpdate, nextUpdate }
}

/** Stores a list under its number, or finds that somebody else's has it. */
async function publish(tx: Tx, authorityId: string, list: Draft & { readonly der: Buffer }): Promise<RevocationList> {
  const { number, entries, thisUpdate, nextUpdate, der } = list
  const published = await tx
    .insertInto('revocation_lists')
    .values({ authority_id: authorityId, number, entries, this_update: thisUpdate, next_update: nextUpdate, der })
    .onConflict((conflict) => conflict.columns(['authority_id', 'number']).doNothing())
    .returning('number')
    .executeTakeFirst()
  if (published) return { der, number, nextUpdate }
  const { newest } = await readState(tx, authorityId)
  if (!newest) throw new Error('a revocation list vanished between two statements of one transaction')
  return newest
}
