import { ulid } from '../../std/ids.ts'
import { later } from '../../std/time.ts'
import type { Context, Tx } from '../context.ts'
import { type Bound, type ChallengeId, CODE_DIGITS, CODE_LIFETIME_MS, codeMac, sessionHash } from './challenge.ts'
import { insertChallenge, supersede } from './challenges.store.ts'
import { permitSending } from './limits.ts'

export type Issued = {
  readonly id: ChallengeId
  readonly session: string
  /** The code to send, or null when the limits of sending forbid it: the caller's answer stays the same. */
  readonly code: string | null
  readonly expiresAt: Date
}

/**
 * Makes a one-time code for a purpose, a session, a client and an address, in the caller's transaction. The newest
 * code of an address ends the older ones, unless the new one may not be sent.
 */
export async function issueChallenge(context: Context, tx: Tx, bound: Bound): Promise<Issued> {
  const { clock, random, vault, tenant } = context
  const now = clock.now()
  const id = ulid(now.getTime(), random.bytes) as ChallengeId
  const session = `sess_${random.bytes(16).toString('hex')}`
  const code = random.digits(CODE_DIGITS)
  const expiresAt = later(now, CODE_LIFETIME_MS)
  const permitted = await permitSending(context, tx, bound.purpose, bound.addressMac)
  if (permitted) await supersede(tx, bound.purpose, bound.addressMac, now)
  // Without a session of its own the challenge would only hide the one whose code did arrive.
  else if (bound.purpose === 'phone') return { id, session, code: null, expiresAt }
  await insertChallenge(tx, {
    ...bound,
    id,
    tenantId: tenant.id,
    sessionHash: sessionHash(session),
    codeMac: codeMac(vault, id, code),
    createdAt: now,
    expiresAt,
  })
  return { id, session, code: permitted ? code : null, expiresAt }
}
