import type { ColumnType } from 'kysely'
import type { EnvelopeStatus } from './envelopes/envelope.ts'

/*
 * The tables as TypeScript sees them; src/db/migrations is the truth. A store types only the columns it
 * reads. `Written` columns are set once on insert and cannot be updated: the type says so.
 */

type Written<T> = ColumnType<T, T, never>
/** A counter that the database starts at zero. */
type Counter = ColumnType<number, never, number>
/** JSON goes in as text, so that an array is not taken for a PostgreSQL array. */
type Json<T> = ColumnType<T, string, string>

export type Schema = {
  tenants: {
    tenant_id: Written<string>
    name: string
    mode: Written<'sandbox' | 'live'>
    country: string
    created_at: Written<Date>
    suspended_at: Date | null
  }
  clients: {
    id: Written<string>
    tenant_id: Written<string>
    name: string
    secret_hash: Buffer
    previous_secret_hash: Buffer | null
    previous_until: Date | null
    tokens_from: Date
    scopes: string[]
    created_at: Written<Date>
    disabled_at: Date | null
  }
  people: {
    id: Written<string>
    tenant_id: Written<string>
    email_mac: Buffer
    email_sealed: Buffer
    email_verified_at: Date | null
    phone_mac: Buffer | null
    phone_sealed: Buffer | null
    phone_verified_at: Date | null
    proofing_id: string | null
    identity_sealed: Buffer | null
    identity_mac: Buffer | null
    tokens_from: Date
    created_at: Written<Date>
    disabled_at: Date | null
  }
  person_keys: { person_id: Written<string>; tenant_id: Written<string>; key_sealed: Buffer; created_at: Written<Date> }
  challenges: {
    id: Written<string>
    tenant_id: Written<string>
    purpose: Written<'login' | 'phone' | 'activation'>
    channel: Written<'email' | 'sms'>
    session_hash: Written<Buffer>
    client_id: Written<string>
    person_id: Written<string | null>
    address_mac: Written<Buffer>
    code_mac: Written<Buffer>
    binding: Written<Buffer>
    attempts: Counter
    created_at: Written<Date>
    expires_at: Written<Date>
    consumed_at: Date | null
    superseded_at: Date | null
  }
  limits: { tenant_id: string; key: string; hits: Date[]; expires_at: Date }
  messages: {
    id: Written<string>
    tenant_id: Written<string>
    person_id: Written<string | null>
    challenge_id: Written<string | null>
    channel: Written<'email' | 'sms'>
    template: Written<string>
    sealed: Buffer | null
    status: 'queued' | 'sent' | 'expired'
    created_at: Written<Date>
    expires_at: Written<Date>
    finished_at: Date | null
  }
  onboardings: {
    id: Written<string>
    tenant_id: Written<string>
    person_id: Written<string>
    client_id: Written<string>
    step: 'data_enrichment' | 'phone_verification' | 'kyc' | 'done'
    dossier_sealed: Buffer | null
    created_at: Written<Date>
    completed_at: Date | null
  }
  proofings: {
    id: Written<string>
    tenant_id: Written<string>
    person_id: Written<string>
    onboarding_id: Written<string>
    provider: Written<string>
    provider_ref: Written<string>
    token_hash: Buffer
    status: 'pending' | 'accepted' | 'rejected' | 'inconclusive' | 'failed' | 'expired' | 'cancelled'
    may_retry: boolean | null
    assurance: 'NONE' | 'SELF_ASSERTED' | 'DOCUMENT_PHOTO' | 'DOCUMENT_CHIP' | 'WALLET_PID' | 'REVIEWED'
    sandbox: Written<boolean>
    expected_sealed: Written<Buffer>
    claims_sealed: Buffer | null
    checks: ColumnType<readonly unknown[], string | undefined, string>
    reasons: ColumnType<string[], string[] | undefined, string[]>
    created_at: Written<Date>
    expires_at: Written<Date>
    finalized_at: Date | null
  }
  keys: {
    id: Written<string>
    tenant_id: Written<string | null>
    purpose: Written<'root' | 'issuing' | 'person' | 'access_token' | 'id_token' | 'company_token'>
    algorithm: Written<'ES256' | 'ES384' | 'RS256'>
    spki: Written<Buffer>
    private_sealed: Buffer | null
    state: 'active' | 'retiring' | 'destroyed'
    uses: ColumnType<number, never, number>
    created_at: Written<Date>
    retires_at: Date | null
  }
  authorities: {
    id: Written<string>
    role: Written<'root' | 'issuing'>
    key_id: Written<string>
    parent_id: Written<string | null>
    certificate: Written<Buffer>
    created_at: Written<Date>
  }
  certificates: {
    id: Written<string>
    tenant_id: Written<string>
    person_id: Written<string>
    proofing_id: Written<string>
    authority_id: Written<string>
    key_id: Written<string>
    name: Written<string>
    profile: Written<string>
    serial: Written<Buffer>
    tbs: Written<Buffer>
    der: Buffer | null
    status: 'pending' | 'active' | 'revoked'
    not_before: Written<Date>
    not_after: Written<Date>
    revoked_at: Date | null
    revocation_reason: string | null
    created_at: Written<Date>
  }
  revocation_lists: {
    authority_id: Written<string>
    number: Written<number>
    entries: Written<number>
    this_update: Written<Date>
    next_update: Written<Date>
    der: Written<Buffer>
  }
  documents: {
    id: Written<string>
    tenant_id: Written<string>
    person_id: Written<string>
    path: Written<string>
    origin: Written<'upload' | 'signature'>
    source_id: Written<string | null>
    max_bytes: Written<number>
    upload_expires_at: Date | null
    sha256: string | null
    size: number | null
    created_at: Written<Date>
    stored_at: Date | null
  }
  downloads: {
    token_hash: Written<Buffer>
    tenant_id: Written<string>
    document_id: Written<string>
    person_id: Written<string>
    created_at: Written<Date>
    expires_at: Written<Date>
    used_at: Date | null
  }
  envelopes: {
    id: Written<string>
    tenant_id: Written<string>
    facade: Written<string>
    status: EnvelopeStatus
    created_at: Written<Date>
    completed_at: Date | null
  }
  envelope_documents: {
    envelope_id: Written<string>
    document_id: Written<string>
    tenant_id: Written<string>
    position: Written<number>
    sha256: Written<string>
  }
  envelope_roles: {
    id: Written<string>
    tenant_id: Written<string>
    envelope_id: Written<string>
    person_id: Written<string>
    certificate_id: Written<string>
    challenge_id: Written<string>
    position: Written<number>
    signed_at: Date | null
  }
  intents: {
    id: Written<string>
    tenant_id: Written<string>
    envelope_id: Written<string>
    role_id: Written<string>
    document_id: Written<string>
    document_sha256: Written<string>
    certificate_id: Written<string>
    key_id: Written<string>
    challenge_id: Written<string>
    level: Written<string>
    request_hash: Written<Buffer>
    prepared: Buffer | null
    to_be_signed: Written<Buffer>
    status: 'authorised' | 'completed' | 'aborted'
    attempts: Counter
    fence: ColumnType<number, never, number>
    lease_until: Date | null
    failure: string | null
    result_id: string | null
    created_at: Written<Date>
    finished_at: Date | null
  }
  idempotency: {
    tenant_id: Written<string>
    actor: Written<string>
    operation: Written<string>
    key: Written<string>
    body_hash: Written<Buffer>
    state: 'running' | 'done'
    lease_until: Date
    status: number | null
    sealed: Buffer | null
    expires_at: Date
  }
  audit_heads: { tenant_id: Written<string>; seq: number }
  audit: {
    tenant_id: Written<string>
    seq: Written<number>
    at: Written<Date>
    actor_kind: Written<string>
    actor_id: Written<string>
    facade: Written<string>
    request_id: Written<string>
    action: Written<string>
    subject_kind: Written<string>
    subject_id: Written<string>
    details: Json<Record<string, unknown>>
  }
  events: {
    tenant_id: Written<string>
    id: Written<string>
    at: Written<Date>
    type: Written<string>
    subject_kind: Written<string>
    subject_id: Written<string>
    data: Json<Record<string, unknown>>
  }
}
