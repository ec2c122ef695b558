import { sql } from 'kysely'
import type { Tx } from '../context.ts'
import type { PersonId } from '../people/person.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Bound, ChallengeId, Purpose } from './challenge.ts'
import { TRIES } from './challenge.ts'

export async function insertChallenge(
  tx: Tx,
  challenge: Bound & {
    readonly id: ChallengeId
    readonly tenantId: TenantId
    readonly sessionHash: Buffer
    readonly codeMac: Buffer
    readonly createdAt: Date
    readonly expiresAt: Date
  },
): Promise<void> {
  await tx
    .insertInto('challenges')
    .values({
      id: challenge.id,
      tenant_id: challenge.tenantId,
      purpose: challenge.purpose,
      channel: challenge.channel,
      session_hash: challenge.sessionHash,
      client_id: challenge.clientId,
      person_id: challenge.personId,
      address_mac: challenge.addressMac,
      code_mac: challenge.codeMac,
      binding: challenge.binding,
      created_at: challenge.createdAt,
      expires_at: challenge.expiresAt,
    })
    .execute()
}

/** Ends every open code of this purpose and address: only the newest one is good. */
export async function supersede(tx: Tx, purpose: Purpose, addressMac: Buffer, at: Date): Promise<void> {
  await tx
    .updateTable('challenges')
    .set({ superseded_at: at })
    .where('purpose', '=', purpose)
    .where('address_mac', '=', addressMac)
    .where('consumed_at', 'is', null)
    .where('superseded_at', 'is', null)
    .execute()
}

export type ChallengeHandle = { readonly id: ChallengeId; readonly addressMac: Buffer }

/** The challenge behind a session, whether or not it is still good. */
export async function findBySession(tx: Tx, sessionHash: Buffer): Promise<ChallengeHandle | undefined> {
  const row = await tx
    .selectFrom('challenges')
    .select(['id', 'address_mac'])
    .where('session_hash', '=', sessionHash)
    .executeTakeFirst()
  return row && { id: row.id as ChallengeId, addressMac: row.address_mac }
}

/** The newest challenge of a person for a purpose that needs no session of its own. */
export async function findNewest(tx: Tx, personId: PersonId, purpose: Purpose): Promise<ChallengeHandle | undefined> {
  const row = await tx
    .selectFrom('challenges')
    .select(['id', 'address_mac'])
    .where('person_id', '=', personId)
    .where('purpose', '=', purpose)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row && { id: row.id as ChallengeId, addressMac: row.address_mac }
}

/**
 * Evaluates a code: one statement counts the try and, when everything fits, consumes the challenge. Callers in
 * parallel wait for each other's row lock, so at most three tries are counted and one of them wins.
 *
 * A challenge "from the future" was made before the clock was set back, and is refused like an expired one.
 * @returns true for the one call that consumed it.
 */
export async function evaluate(
  tx: Tx,
  id: ChallengeId,
  answer: Bound & { readonly codeMac: Buffer; readonly magic: boolean; readonly at: Date },
): Promise<boolean> {
  const result = await sql<{ won: boolean }>`
    update challenges
    set attempts = attempts + 1,
        consumed_at = case
          when (code_mac = ${answer.codeMac} or ${answer.magic}::boolean)
           and person_id = ${answer.personId}::uuid
           and purpose = ${answer.purpose}
           and channel = ${answer.channel}
           and client_id = ${answer.clientId}
           and address_mac = ${answer.addressMac}
           and binding = ${answer.binding}
          then ${answer.at}::timestamptz end
    where id = ${id}
      and consumed_at is null
      and superseded_at is null
      and attempts < ${TRIES}
      and created_at <= ${answer.at}
      and expires_at > ${answer.at}
    returning consumed_at is not null as won
  `.execute(tx)
  return result.rows[0]?.won === true
}
