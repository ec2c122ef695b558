import { equalBytes, sha256 } from '../../std/bytes.ts'
import type { Branded } from '../../std/ids.ts'
import { MINUTE_MS } from '../../std/time.ts'
import { fail } from '../errors.ts'
import type { PersonId } from '../people/person.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Vault } from '../vault.ts'

export type ChallengeId = Branded<string, 'ChallengeId'>
export type Purpose = 'login' | 'phone' | 'activation'
export type Channel = 'email' | 'sms'

/** NIST SP 800-63B-4 §3.1.3.2 allows ten minutes. */
export const CODE_LIFETIME_MS = 5 * MINUTE_MS
export const CODE_DIGITS = 6
export const TRIES = 3

/** Accepted in a sandbox beside the code that was sent. Shown in the table of magic values. */
const SANDBOX_CODE = '000000'

/** Who a code was made for, and for what. Every part is compared when the code comes back. */
export type Bound = {
  readonly purpose: Purpose
  readonly channel: Channel
  readonly clientId: string
  /** Null for a log-in to an address without an account. */
  readonly personId: PersonId | null
  /** The address or number that the code went to. */
  readonly addressMac: Buffer
  /** What else the code is good for; see `activationBinding`. */
  readonly binding: Buffer
}

/** The binding of a code that is good for nothing beside its session. */
export const NO_BINDING: Buffer = Buffer.alloc(32)

/** An activation is for exactly this document, signed with exactly this certificate's key. */
export function activationBinding(document: { readonly sha256: string }, certificateId: string): Buffer {
  return sha256('chancery/activation\0', document.sha256, '\0', certificateId)
}

/** Codes are kept as a keyed hash: the key is not in the database, so a copy of it tells none of the million. */
export function codeMac(vault: Vault, challengeId: ChallengeId, code: string): Buffer {
  return vault.mac('one-time-code', challengeId, code)
}

/** Sessions carry 128 bits of chance, so a plain hash hides them. */
export function sessionHash(session: string): Buffer {
  return sha256('chancery/session\0', session)
}

/**
 * Reads a code as a person types it: spaces are dropped, nothing else is forgiven.
 * @throws DomainError challenge.malformed, which costs no try
 */
export function readCode(text: string): string {
  const code = text.replaceAll(' ', '')
  if (!/^[0-9]{6}$/.test(code)) fail('challenge.malformed')
  return code
}

/** Whether the code is the sandbox's magic one, which no live tenant knows. */
export function isMagic(tenant: Tenant, code: string): boolean {
  return tenant.mode === 'sandbox' && equalBytes(Buffer.from(code), Buffer.from(SANDBOX_CODE))
}
