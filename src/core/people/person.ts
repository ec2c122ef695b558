import type { Branded } from '../../std/ids.ts'
import { uuidFrom } from '../../std/ids.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Vault } from '../vault.ts'
import type { Email } from './email.ts'

export type PersonId = Branded<string, 'PersonId'>

/** A natural person as one company knows them. */
export type Person = {
  readonly id: PersonId
  readonly emailVerified: boolean
  readonly phoneVerified: boolean
  /** The accepted proofing; null until the identity is proven. */
  readonly proofingId: string | null
  readonly disabled: boolean
  /** Tokens issued before this moment are refused. */
  readonly tokensFrom: Date
}

/** What a proofing established, as a certificate may carry it. */
export type Identity = {
  readonly givenName: string
  readonly surname: string
  /** ISO 8601 date. */
  readonly dateOfBirth: string
  /** Who issued the identifier, ISO 3166-1 alpha-2. */
  readonly country: string
  /** The national identification number, as digits and letters alone. */
  readonly nationalId: string
}

/**
 * The id of the person behind an address, whether or not there is an account: an answer that carries it does not
 * tell. The same address gets the same id for ever, in one tenant, and another in every other.
 */
export function personIdOf(vault: Vault, tenantId: TenantId, email: Email): PersonId {
  return uuidFrom(vault.mac('person-id', tenantId, email)) as PersonId
}

/** The keyed hash under which an address or number is found. */
export function addressMac(vault: Vault, tenantId: TenantId, address: string): Buffer {
  return vault.mac('address', tenantId, address)
}

/** The name as one text: for a greeting, a token, and the common name of a certificate. */
export function fullName(identity: Pick<Identity, 'givenName' | 'surname'>): string {
  return `${identity.givenName} ${identity.surname}`.trim()
}
