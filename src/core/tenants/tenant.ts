import type { Branded } from '../../std/ids.ts'

export type TenantId = Branded<string, 'TenantId'>
export type ClientId = Branded<string, 'ClientId'>

/** A company. In `sandbox` every outside provider is a deterministic stand-in and says so; in `live` none is. */
export type TenantMode = 'sandbox' | 'live'

export type Tenant = {
  readonly id: TenantId
  readonly name: string
  readonly mode: TenantMode
  /** ISO 3166-1 alpha-2: where the company's national identifiers come from unless a call says otherwise. */
  readonly country: string
  readonly suspended: boolean
}

/** An OAuth2 client of a company. Its secret is known to nobody but the company: a hash is kept. */
export type Client = {
  readonly id: ClientId
  readonly tenantId: TenantId
  readonly name: string
  readonly scopes: readonly string[]
  readonly disabled: boolean
  /** Tokens issued before this moment are refused. */
  readonly tokensFrom: Date
}
