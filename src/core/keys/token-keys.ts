import { createPublicKey, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { DAY_MS, later, SECOND_MS } from '../../std/time.ts'
import type { Platform, Tx } from '../context.ts'
import { makeKey, storeKey } from './create-key.ts'
import type { TokenPurpose } from './key.ts'
import { listKeys } from './keys.store.ts'

/** A key that signs or, once it retires, only verifies tokens of one kind. */
export type TokenKey = {
  readonly kid: string
  readonly purpose: TokenPurpose
  readonly active: boolean
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const PURPOSES: readonly TokenPurpose[] = ['company_token', 'access_token', 'id_token']
/** Longer than any token lives, so that tokens of the old key end before the key does. */
const RETIRING_MS = DAY_MS
/** How old a process's view of the ring may be. */
const REMEMBERED_MS = 3 * SECOND_MS

const remembered = new WeakMap<Platform, { readonly at: number; readonly ring: Promise<readonly TokenKey[]> }>()

/** The ring of all token keys: one active per kind, and those that retire. Read again every three seconds. */
export async function tokenKeys(platform: Platform): Promise<readonly TokenKey[]> {
  const now = platform.clock.now().getTime()
  const known = remembered.get(platform)
  if (known && now - known.at < REMEMBERED_MS) return await known.ring
  const ring = readRing(platform)
  remembered.set(platform, { at: now, ring })
  // A failed read is not remembered: the next caller tries again.
  ring.catch(() => remembered.delete(platform))
  return await ring
}

/** Makes the keys that are missing. Several processes may call it at once: one of them makes each key. */
export async function ensureTokenKeys(platform: Platform): Promise<void> {
  await platform.database.platform.transaction(async (tx) => {
    await lockRing(tx)
    const present = await listKeys(tx, platform.vault, PURPOSES)
    for (const purpose of PURPOSES) {
      if (present.some((key) => key.purpose === purpose && key.state === 'active')) continue
      await storeKey(tx, await makeKey(platform, purpose, 'ES256'), null, platform.clock.now())
    }
  })
}

/**
 * Replaces every active key. Tokens of the old keys stay good until they end, unless `endNow`: then every token
 * ever issued is refused, which is what a leaked key or a restored backup asks for.
 */
export async function rotateTokenKeys(platform: Platform, options: { readonly endNow: boolean }): Promise<void> {
  const now = platform.clock.now()
  await platform.database.platform.transaction(async (tx) => {
    await lockRing(tx)
    await tx
      .updateTable('keys')
      .set(
        options.endNow
          ? { state: 'destroyed', private_sealed: null }
          : { state: 'retiring', retires_at: later(now, RETIRING_MS) },
      )
      .where('purpose', 'in', PURPOSES)
      .where('state', 'in', options.endNow ? ['active', 'retiring'] : ['active'])
      .execute()
    for (const purpose of PURPOSES) await storeKey(tx, await makeKey(platform, purpose, 'ES256'), null, now)
  })
  remembered.delete(platform)
}

async function readRing(platform: Platform): Promise<readonly TokenKey[]> {
  const now = platform.clock.now()
  const rows = await platform.database.platform.transaction(async (tx) => {
    await tx
      .updateTable('keys')
      .set({ state: 'destroyed', private_sealed: null })
      .where('state', '=', 'retiring')
      .where('retires_at', '<=', now)
      .execute()
    return await listKeys(tx, platform.vault, PURPOSES)
  })
  return rows.flatMap((row) =>
    row.privateKey
      ? [
          {
            kid: row.id,
            purpose: row.purpose as TokenPurpose,
            active: row.state === 'active',
            publicKey: createPublicKey({ key: row.spki, format: 'der', type: 'spki' }),
            privateKey: row.privateKey,
          },
        ]
      : [],
  )
}

async function lockRing(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('chancery/token-keys'))`.execute(tx)
}
