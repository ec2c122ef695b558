import type { Tx } from '../context.ts'
import type { OnboardingId } from '../onboarding/onboarding.ts'
import type { PersonId } from '../people/person.ts'
import type { PersonSeal } from '../people/person-seal.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Decision } from './decide.ts'
import type { Proofing, ProofingId } from './proofing.ts'
import type { Check, Claim, ProofingRequest } from './provider.ts'

const COLUMNS = [
  'id',
  'person_id',
  'onboarding_id',
  'provider_ref',
  'status',
  'may_retry',
  'reasons',
  'checks',
  'created_at',
  'expires_at',
] as const

const proofingOf = (row: {
  id: string
  person_id: string
  onboarding_id: string
  provider_ref: string
  status: Proofing['status']
  may_retry: boolean | null
  reasons: string[]
  checks: readonly unknown[]
  created_at: Date
  expires_at: Date
}): Proofing => ({
  id: row.id as ProofingId,
  personId: row.person_id as PersonId,
  onboardingId: row.onboarding_id as OnboardingId,
  providerRef: row.provider_ref,
  status: row.status,
  mayRetry: row.may_retry,
  reasons: row.reasons,
  checks: row.checks as readonly Check[],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

const EXPECTED = 'proofings.expected'
const CLAIMS = 'proofings.claims'

export async function listProofings(tx: Tx, personId: PersonId): Promise<readonly Proofing[]> {
  const rows = await tx
    .selectFrom('proofings')
    .select(COLUMNS)
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(proofingOf)
}

export async function findProofing(tx: Tx, id: ProofingId): Promise<Proofing | undefined> {
  const row = await tx.selectFrom('proofings').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && proofingOf(row)
}

export async function findProofingByToken(
  tx: Tx,
  tokenHash: Buffer,
): Promise<(Proofing & { readonly sandbox: boolean }) | undefined> {
  const row = await tx
    .selectFrom('proofings')
    .select([...COLUMNS, 'sandbox'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return row && { ...proofingOf(row), sandbox: row.sandbox }
}

export async function insertProofing(
  tx: Tx,
  seal: PersonSeal,
  proofing: {
    readonly tenantId: TenantId
    readonly personId: PersonId
    readonly onboardingId: OnboardingId
    readonly provider: string
    readonly providerRef: string
    readonly tokenHash: Buffer
    readonly sandbox: boolean
    readonly request: ProofingRequest
    readonly createdAt: Date
    readonly expiresAt: Date
  },
): Promise<boolean> {
  const { request } = proofing
  const made = await tx
    .insertInto('proofings')
    .values({
      id: request.id,
      tenant_id: proofing.tenantId,
      person_id: proofing.personId,
      onboarding_id: proofing.onboardingId,
      provider: proofing.provider,
      provider_ref: proofing.providerRef,
      token_hash: proofing.tokenHash,
      status: 'pending',
      assurance: 'NONE',
      sandbox: proofing.sandbox,
      expected_sealed: seal.seal(EXPECTED, request.id, request),
      created_at: proofing.createdAt,
      expires_at: proofing.expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/** Gives a session that goes on a new link; the old link ends. */
export async function replaceToken(tx: Tx, id: ProofingId, tokenHash: Buffer): Promise<void> {
  await tx
    .updateTable('proofings')
    .set({ token_hash: tokenHash })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute()
}

export async function readRequest(tx: Tx, seal: PersonSeal, id: ProofingId): Promise<ProofingRequest> {
  const row = await tx.selectFrom('proofings').select('expected_sealed').where('id', '=', id).executeTakeFirstOrThrow()
  return seal.open<ProofingRequest>(EXPECTED, id, row.expected_sealed)
}

/** Ends a session, once: false when it has ended already. An end never changes. */
export async function finalize(
  tx: Tx,
  seal: PersonSeal,
  id: ProofingId,
  decision: Decision,
  claims: readonly Claim[],
  at: Date,
): Promise<boolean> {
  const ended = await tx
    .updateTable('proofings')
    .set({
      status: decision.outcome,
      may_retry: decision.mayRetry,
      assurance: decision.assurance,
      reasons: [...decision.reasons],
      checks: JSON.stringify(decision.checks),
      claims_sealed: seal.seal(CLAIMS, id, claims),
      finalized_at: at,
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}
