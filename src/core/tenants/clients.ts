import { ulid } from '../../std/ids.ts'
import { later, SECOND_MS } from '../../std/time.ts'
import { record } from '../audit/record.ts'
import { contextFor, type Platform } from '../context.ts'
import { matchesSecret, newClientSecret, secretHashOf } from './client-secret.ts'
import type { Client, Tenant } from './tenant.ts'
import { type FoundClient, findClientAnywhere, replaceSecret } from './tenants.store.ts'

type KnownClient = { readonly client: Client; readonly tenant: Tenant }

/** How long a revoked client may still be served from memory; five seconds is the promise. */
const REMEMBERED_MS = 2 * SECOND_MS

const remembered = new WeakMap<
  Platform,
  Map<string, { readonly at: number; readonly found: FoundClient | undefined }>
>()

/** Finds a client and its company by the client's id; remembers the answer for two seconds. */
export async function findClient(platform: Platform, id: string): Promise<KnownClient | undefined> {
  const found = await findRemembered(platform, id)
  return found && { client: found.client, tenant: found.tenant }
}

/** Whether a client's secret is right at the moment. A disabled client has none. */
export async function secretMatches(platform: Platform, id: string, secret: string): Promise<boolean> {
  const found = await platform.database.platform.transaction((tx) => findClientAnywhere(tx, id))
  if (!found || found.client.disabled || found.tenant.suspended) return false
  return matchesSecret(found.secrets, secret, platform.clock.now())
}

/**
 * Gives a client a new secret. `graceMs` is how long the old one still works beside it; with 0 it ends now,
 * and so do the tokens that were issued with it.
 */
export async function rotateClientSecret(platform: Platform, id: string, graceMs: number): Promise<string | undefined> {
  const found = await platform.database.platform.transaction((tx) => findClientAnywhere(tx, id))
  if (!found) return undefined
  const { clock, random } = platform
  const secret = newClientSecret(random)
  const now = clock.now()
  const context = contextFor(platform, {
    tenant: found.tenant,
    actor: { kind: 'operator', id: 'cli' },
    facade: 'cli',
    requestId: ulid(now.getTime(), random.bytes),
  })
  await context.db.transaction(async (tx) => {
    await replaceSecret(tx, found.client.id, {
      secretHash: secretHashOf(secret),
      previousUntil: graceMs > 0 ? later(now, graceMs) : null,
      ...(graceMs > 0 ? {} : { tokensFrom: now }),
    })
    await record(context, tx, {
      action: 'client.secret_rotated',
      subject: { kind: 'client', id },
      details: { graceMs },
    })
  })
  remembered.get(platform)?.delete(id)
  return secret
}

async function findRemembered(platform: Platform, id: string): Promise<FoundClient | undefined> {
  let known = remembered.get(platform)
  if (!known) {
    known = new Map()
    remembered.set(platform, known)
  }
  const now = platform.clock.now().getTime()
  const hit = known.get(id)
  if (hit && now - hit.at < REMEMBERED_MS) return hit.found
  const found = await platform.database.platform.transaction((tx) => findClientAnywhere(tx, id))
  // Unknown ids are not kept: they would fill the memory at a stranger's wish.
  if (found) known.set(id, { at: now, found })
  else known.delete(id)
  return found
}
