import { sql } from 'kysely'
import { later } from '../../std/time.ts'
import type { CertificateId } from '../certificates/certificate.ts'
import type { ChallengeId } from '../challenges/challenge.ts'
import type { Tx } from '../context.ts'
import type { DocumentId } from '../documents/document.ts'
import type { EnvelopeId, RoleId } from '../envelopes/envelope.ts'
import type { KeyId } from '../keys/key.ts'
import type { TenantId } from '../tenants/tenant.ts'
import { type Intent, type IntentId, LEASE_MS, type Level } from './intent.ts'

const COLUMNS = [
  'id',
  'envelope_id',
  'role_id',
  'document_id',
  'document_sha256',
  'certificate_id',
  'key_id',
  'level',
  'request_hash',
  'status',
  'attempts',
  'failure',
  'result_id',
  'finished_at',
] as const

const intentOf = (row: {
  id: string
  envelope_id: string
  role_id: string
  document_id: string
  document_sha256: string
  certificate_id: string
  key_id: string
  level: string
  request_hash: Buffer
  status: Intent['status']
  attempts: number
  failure: string | null
  result_id: string | null
  finished_at: Date | null
}): Intent => ({
  id: row.id as IntentId,
  envelopeId: row.envelope_id as EnvelopeId,
  roleId: row.role_id as RoleId,
  documentId: row.document_id as DocumentId,
  documentSha256: row.document_sha256,
  certificateId: row.certificate_id as CertificateId,
  keyId: row.key_id as KeyId,
  level: row.level as Level,
  requestHash: row.request_hash,
  status: row.status,
  attempts: row.attempts,
  failure: row.failure,
  resultId: row.result_id as DocumentId | null,
  finishedAt: row.finished_at,
})

export async function findIntent(
  tx: Tx,
  by: { readonly id: IntentId } | { readonly roleId: RoleId },
): Promise<Intent | undefined> {
  const query = tx.selectFrom('intents').select(COLUMNS)
  const row = await ('id' in by
    ? query.where('id', '=', by.id)
    : query.where('role_id', '=', by.roleId)
  ).executeTakeFirst()
  return row && intentOf(row)
}

export async function insertIntent(
  tx: Tx,
  intent: Omit<Intent, 'status' | 'attempts' | 'failure' | 'resultId' | 'finishedAt'> & {
    readonly tenantId: TenantId
    readonly challengeId: ChallengeId
    readonly preparedSealed: Buffer
    readonly toBeSigned: Buffer
    readonly at: Date
  },
): Promise<void> {
  await tx
    .insertInto('intents')
    .values({
      id: intent.id,
      tenant_id: intent.tenantId,
      envelope_id: intent.envelopeId,
      role_id: intent.roleId,
      document_id: intent.documentId,
      document_sha256: intent.documentSha256,
      certificate_id: intent.certificateId,
      key_id: intent.keyId,
      challenge_id: intent.challengeId,
      level: intent.level,
      request_hash: intent.requestHash,
      prepared: intent.preparedSealed,
      to_be_signed: intent.toBeSigned,
      status: 'authorised',
      created_at: intent.at,
    })
    .execute()
}

/** One process's hold on an intent. The fence tells a process that slept too long that it lost it. */
export type Claim = { readonly intent: Intent; readonly preparedSealed: Buffer; readonly fence: number }

/** Where the prepared revision is sealed: it names the signer and says where and why they sign. */
export const preparedPlace = (id: IntentId): string => `intents.prepared/${id}`

/** Takes an intent to work on, unless it has ended or somebody else's lease still runs. */
export async function claimIntent(tx: Tx, id: IntentId, at: Date): Promise<Claim | undefined> {
  const row = await tx
    .updateTable('intents')
    .set({
      attempts: sql<number>`attempts + 1`,
      fence: sql<number>`fence + 1`,
      lease_until: later(at, LEASE_MS),
    })
    .where('id', '=', id)
    .where('status', '=', 'authorised')
    .where(({ or, eb }) => or([eb('lease_until', 'is', null), eb('lease_until', '<=', at)]))
    .returning([...COLUMNS, 'prepared', 'fence'])
    .executeTakeFirst()
  if (!row?.prepared) return undefined
  return { intent: intentOf(row), preparedSealed: row.prepared, fence: row.fence }
}

/** Ends an intent with its result, if the claim still holds. What was prepared is not needed any more. */
export async function completeIntent(tx: Tx, claim: Claim, resultId: DocumentId, at: Date): Promise<boolean> {
  return await end(tx, claim, { status: 'completed', result_id: resultId, finished_at: at })
}

/** Ends an intent without a result, if the claim still holds. `reason` is a code. */
export async function abortIntent(tx: Tx, claim: Claim, reason: string, at: Date): Promise<boolean> {
  return await end(tx, claim, { status: 'aborted', failure: reason, finished_at: at })
}

/** Gives a claim back before its lease ends, so that the next attempt need not wait. */
export async function releaseIntent(tx: Tx, claim: Claim): Promise<void> {
  await tx
    .updateTable('intents')
    .set({ lease_until: null })
    .where('id', '=', claim.intent.id)
    .where('status', '=', 'authorised')
    .where('fence', '=', claim.fence)
    .execute()
}

type End =
  | { readonly status: 'completed'; readonly result_id: DocumentId; readonly finished_at: Date }
  | { readonly status: 'aborted'; readonly failure: string; readonly finished_at: Date }

async function end(tx: Tx, claim: Claim, change: End): Promise<boolean> {
  const ended = await tx
    .updateTable('intents')
    .set({ ...change, prepared: null, lease_until: null })
    .where('id', '=', claim.intent.id)
    .where('status', '=', 'authorised')
    .where('fence', '=', claim.fence)
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}
