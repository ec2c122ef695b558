import type { Tx } from '../context.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Vault } from '../vault.ts'
import type { Email } from './email.ts'
import type { Identity, Person, PersonId } from './person.ts'
import { openPersonSeal, type PersonSeal } from './person-seal.ts'
import type { Phone } from './phone.ts'

const COLUMNS = ['id', 'email_verified_at', 'phone_verified_at', 'proofing_id', 'disabled_at', 'tokens_from'] as const

type Row = {
  id: string
  email_verified_at: Date | null
  phone_verified_at: Date | null
  proofing_id: string | null
  disabled_at: Date | null
  tokens_from: Date
}

const personOf = (row: Row): Person => ({
  id: row.id as PersonId,
  emailVerified: row.email_verified_at !== null,
  phoneVerified: row.phone_verified_at !== null,
  proofingId: row.proofing_id,
  disabled: row.disabled_at !== null,
  tokensFrom: row.tokens_from,
})

export async function findPerson(tx: Tx, id: PersonId): Promise<Person | undefined> {
  const row = await tx.selectFrom('people').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && personOf(row)
}

/** The person, locked until the transaction ends: others who want to change what hangs on it wait. */
export async function lockPerson(tx: Tx, id: PersonId): Promise<Person | undefined> {
  const row = await tx.selectFrom('people').select(COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && personOf(row)
}

export async function findPersonByEmail(tx: Tx, emailMac: Buffer): Promise<Person | undefined> {
  const row = await tx.selectFrom('people').select(COLUMNS).where('email_mac', '=', emailMac).executeTakeFirst()
  return row && personOf(row)
}

/** Stores a person unless the address has one: true when this call made it. */
export async function insertPerson(
  tx: Tx,
  person: {
    readonly id: PersonId
    readonly tenantId: TenantId
    readonly email: Email
    readonly emailMac: Buffer
    readonly seal: PersonSeal
    readonly keySealed: Buffer
    readonly at: Date
  },
): Promise<boolean> {
  const { id, tenantId, at } = person
  const made = await tx
    .insertInto('people')
    .values({
      id,
      tenant_id: tenantId,
      email_mac: person.emailMac,
      email_sealed: person.seal.seal('people.email', id, person.email),
      tokens_from: at,
      created_at: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) return false
  await tx
    .insertInto('person_keys')
    .values({ person_id: id, tenant_id: tenantId, key_sealed: person.keySealed, created_at: at })
    .execute()
  return true
}

/** The seal of a person; undefined once the person was erased. */
export async function findSeal(tx: Tx, vault: Vault, id: PersonId): Promise<PersonSeal | undefined> {
  const row = await tx.selectFrom('person_keys').select('key_sealed').where('person_id', '=', id).executeTakeFirst()
  return row && openPersonSeal(vault, id, row.key_sealed)
}

/** The seal of a person who is known to exist. */
export async function sealOfPerson(tx: Tx, vault: Vault, id: PersonId): Promise<PersonSeal> {
  const seal = await findSeal(tx, vault, id)
  if (!seal) throw new Error('a person without a key was asked for personal data')
  return seal
}

export async function markEmailVerified(tx: Tx, id: PersonId, at: Date): Promise<void> {
  await tx
    .updateTable('people')
    .set({ email_verified_at: at })
    .where('id', '=', id)
    .where('email_verified_at', 'is', null)
    .execute()
}

/** Stores a number that was not proven yet: what was proven about another number ends here. */
export async function setUnverifiedPhone(
  tx: Tx,
  id: PersonId,
  phone: { readonly mac: Buffer; readonly sealed: Buffer },
): Promise<void> {
  await tx
    .updateTable('people')
    .set({ phone_mac: phone.mac, phone_sealed: phone.sealed, phone_verified_at: null })
    .where('id', '=', id)
    .execute()
}

/** Marks the number verified if it still is the one that the code was sent to. */
export async function markPhoneVerified(tx: Tx, id: PersonId, phoneMac: Buffer, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('people')
    .set({ phone_verified_at: at })
    .where('id', '=', id)
    .where('phone_mac', '=', phoneMac)
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}

export async function setIdentity(
  tx: Tx,
  id: PersonId,
  identity: { readonly proofingId: string; readonly sealed: Buffer; readonly mac: Buffer },
): Promise<void> {
  await tx
    .updateTable('people')
    .set({ proofing_id: identity.proofingId, identity_sealed: identity.sealed, identity_mac: identity.mac })
    .where('id', '=', id)
    .execute()
}

/** The personal fields of a person, opened. */
export type PersonData = {
  readonly email: Email
  readonly phone: { readonly number: Phone; readonly mac: Buffer; readonly verified: boolean } | null
  readonly identity: Identity | null
}

export async function readPersonData(tx: Tx, seal: PersonSeal, id: PersonId): Promise<PersonData> {
  const row = await tx
    .selectFrom('people')
    .select(['email_sealed', 'phone_sealed', 'phone_mac', 'phone_verified_at', 'identity_sealed'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return {
    email: seal.open<Email>('people.email', id, row.email_sealed),
    phone:
      row.phone_sealed && row.phone_mac
        ? {
            number: seal.open<Phone>('people.phone', id, row.phone_sealed),
            mac: row.phone_mac,
            verified: row.phone_verified_at !== null,
          }
        : null,
    identity: row.identity_sealed && seal.open<Identity>('people.identity', id, row.identity_sealed),
  }
}
