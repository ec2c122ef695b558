import type { Database, Tx as DatabaseTx, TenantDb } from '../db/index.ts'
import type { FileConfinement } from '../pades/index.ts'
import type { Clock } from '../std/time.ts'
import type { Authority } from './certificates/authority.ts'
import type { FileStore } from './documents/file-store.ts'
import { type TokenKey, tokenKeys } from './keys/token-keys.ts'
import type { Mailer, Texter } from './messages/gateways.ts'
import type { Registry } from './onboarding/registry.ts'
import type { ProofingProvider } from './proofing/provider.ts'
import type { Schema } from './schema.ts'
import type { Tenant, TenantMode } from './tenants/tenant.ts'
import type { Vault } from './vault.ts'

/** Chance, from the context so that a test can repeat a run. */
export type Random = {
  /** `count` bytes from a generator fit for keys. */
  bytes(count: number): Buffer
  /** A string of `count` decimal digits, each equally likely. */
  digits(count: number): string
}

/** Where the platform tells its operator what happens. Fields never hold personal data or secrets. */
export type Log = {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

export type Settings = {
  /** Origin under which people and companies reach this server, without a slash at the end. */
  readonly publicUrl: string
  /**
   * Origin of what certificates point to. Plain HTTP, as EN 319 412-2 §4.3.11 asks: what is fetched there is signed,
   * and a validator that wants to check a TLS certificate must not need another one first.
   */
  readonly pkiUrl?: string
}

/** Who the platform asks about people. */
export type Outside = { readonly registry: Registry; readonly proofingProvider: ProofingProvider }

/** What the platform has, whoever asks. Built once, by app/compose.ts. */
export type Platform = {
  readonly database: Database<Schema>
  readonly clock: Clock
  readonly random: Random
  readonly vault: Vault
  readonly files: FileStore
  /** Where files that nobody knows are looked at. */
  readonly confinement: FileConfinement
  /** The outside world of a sandbox tenant and of a live one: never the same. */
  readonly outside: Readonly<Record<TenantMode, Outside>>
  readonly authority: Authority
  readonly mailer: Mailer
  readonly texter: Texter
  readonly log: Log
  readonly settings: Settings
}

/** Who acts: a company's client, a person of it, an operator, or the platform itself. */
export type Actor =
  | { readonly kind: 'client'; readonly id: string }
  | { readonly kind: 'person'; readonly id: string; readonly clientId: string }
  | { readonly kind: 'operator'; readonly id: string }
  | { readonly kind: 'system'; readonly id: string }

/** What a use case has: the platform narrowed to one tenant and one actor. */
export type Context = Omit<Platform, 'database' | 'outside'> &
  Outside & {
    readonly db: TenantDb<Schema>
    /** The keys that sign and verify tokens: the platform's, not the tenant's. */
    readonly tokenRing: () => Promise<readonly TokenKey[]>
    readonly tenant: Tenant
    readonly actor: Actor
    /** Which door the call came through: a facade's name, `cli` or `job`. */
    readonly facade: string
    readonly requestId: string
  }

/** The part of the context that a use case touches. */
export type Needs<Part extends keyof Context> = Pick<Context, Part>

/** A transaction on the tables of the platform; stores take it and write typed queries. */
export type Tx = DatabaseTx<Schema>

/** Narrows the platform to a tenant, for one request or one job. */
export function contextFor(
  platform: Platform,
  scope: Pick<Context, 'tenant' | 'actor' | 'facade' | 'requestId'>,
): Context {
  const { database, outside, ...rest } = platform
  return {
    ...rest,
    ...outside[scope.tenant.mode],
    ...scope,
    db: database.tenant(scope.tenant.id),
    tokenRing: () => tokenKeys(platform),
  }
}
