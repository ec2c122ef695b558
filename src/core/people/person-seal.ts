import type { Random } from '../context.ts'
import { KEY_BYTES, openWith, sealWith, type Vault } from '../vault.ts'
import type { PersonId } from './person.ts'

/**
 * Seals the personal fields of one person under that person's key. Destroying the key makes every field
 * unreadable, wherever copies of the rows went.
 */
export type PersonSeal = {
  /** `place` is table and column; `row` the id of the row. Both are authenticated. */
  seal(place: string, row: string, value: unknown): Buffer
  open<Value>(place: string, row: string, sealed: Buffer): Value
}

/** Makes a key for a new person; store `keySealed` in the transaction that stores the person. */
export function newPersonSeal(
  context: { readonly vault: Vault; readonly random: Random },
  personId: PersonId,
): { readonly seal: PersonSeal; readonly keySealed: Buffer } {
  const key = context.random.bytes(KEY_BYTES)
  return { seal: sealOf(key, personId), keySealed: context.vault.seal(keyPlace(personId), key) }
}

/** Opens the key of a person. @throws SealBroken */
export function openPersonSeal(vault: Vault, personId: PersonId, keySealed: Buffer): PersonSeal {
  return sealOf(vault.open(keyPlace(personId), keySealed), personId)
}

const keyPlace = (personId: PersonId): string => `person_keys.key_sealed/${personId}`

function sealOf(key: Buffer, personId: PersonId): PersonSeal {
  const at = (place: string, row: string): string => `${place}/${personId}/${row}`
  return {
    seal: (place, row, value) => sealWith(key, at(place, row), Buffer.from(JSON.stringify(value), 'utf8')),
    open: (place, row, sealed) => JSON.parse(openWith(key, at(place, row), sealed).toString('utf8')),
  }
}
