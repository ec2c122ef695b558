import { setTimeout as sleep } from 'node:timers/promises'
import { decodePrepared, finish, keySigner, type Prepared, sign } from '../../pades/index.ts'
import { ulid } from '../../std/ids.ts'
import { SECOND_MS } from '../../std/time.ts'
import { announce, record } from '../audit/record.ts'
import { type Certificate, standing } from '../certificates/certificate.ts'
import { findCertificate } from '../certificates/certificates.store.ts'
import type { UsableCertificate } from '../certificates/own-certificates.ts'
import type { Context, Tx } from '../context.ts'
import { type Document, type DocumentId, requireContent } from '../documents/document.ts'
import { findDocument, insertDocument } from '../documents/documents.store.ts'
import type { StoredAs } from '../documents/file-store.ts'
import { completeRole } from '../envelopes/envelopes.store.ts'
import { fail } from '../errors.ts'
import { useKey } from '../keys/keys.store.ts'
import { type Intent, type IntentId, type Level, MAX_ATTEMPTS } from './intent.ts'
import {
  abortIntent,
  type Claim,
  claimIntent,
  completeIntent,
  findIntent,
  preparedPlace,
  releaseIntent,
} from './intents.store.ts'
import { cmsSignerOf } from './prepare-signature.ts'
import { selfCheck } from './self-check.ts'

export type FinishedSignature = {
  readonly documentPath: string
  readonly signedAt: Date
  readonly level: Level
  readonly sha256: string
}

/** Why an intent is given up when its certificate was revoked or expired before the end. */
const CERTIFICATE_ENDED = 'certificate_not_active'

const WAIT_MS = 50
const WAIT_AT_MOST_MS = 10 * SECOND_MS

/**
 * Brings an authorised signature to its end: by who asked for it, or by the job after a crash. One claim at a time;
 * whoever comes second waits for the result of the first.
 *
 * @throws DomainError signing.failed or certificate.not_active when it was given up, signing.in_progress when somebody else takes too long
 */
export async function finishSignature(context: Context, id: IntentId): Promise<FinishedSignature> {
  for (let waited = 0; waited < WAIT_AT_MOST_MS; waited += WAIT_MS) {
    const step = await context.db.transaction((tx) => takeStep(context, tx, id))
    if (step.result) return step.result
    if (step.work) return await finishClaimed(context, step.work)
    await sleep(WAIT_MS)
  }
  fail('signing.in_progress')
}

/** What a claim holds: everything to make the signature, and the key, whose use is counted by now. */
type Work = {
  readonly claim: Claim
  readonly prepared: Prepared
  readonly document: Document
  readonly certificate: UsableCertificate
  readonly key: Awaited<ReturnType<typeof useKey>>
}

type Step = { readonly result?: FinishedSignature; readonly work?: Work }

async function takeStep(context: Context, tx: Tx, id: IntentId): Promise<Step> {
  const now = context.clock.now()
  const claim = await claimIntent(tx, id, now)
  if (!claim) return await readResult(tx, id)
  const { intent } = claim
  const certificate = await findCertificate(tx, intent.certificateId)
  const document = await findDocument(tx, { id: intent.documentId })
  if (!document) throw new Error('the document of an intent is gone')
  const refusal = reasonAgainst(certificate, intent, now)
  if (!certificate?.der || refusal) {
    await giveUp(context, tx, claim, refusal ?? 'certificate_missing')
    return {}
  }
  const key = await useKey(tx, context.vault, intent.keyId)
  return {
    work: {
      claim,
      prepared: decodePrepared(context.vault.open(preparedPlace(intent.id), claim.preparedSealed)),
      document,
      certificate: { ...certificate, der: certificate.der },
      key,
    },
  }
}

function reasonAgainst(certificate: Certificate | undefined, intent: Intent, at: Date): string | undefined {
  if (!certificate || standing(certificate, at) !== 'Active') return CERTIFICATE_ENDED
  return intent.attempts > MAX_ATTEMPTS ? 'too_many_attempts' : undefined
}

async function readResult(tx: Tx, id: IntentId): Promise<Step> {
  const intent = await findIntent(tx, { id })
  // The holder's own act, and not a fault of ours.
  if (intent?.failure === CERTIFICATE_ENDED) fail('certificate.not_active')
  if (!intent || intent.status === 'aborted') fail('signing.failed')
  if (intent.status !== 'completed' || !intent.resultId || !intent.finishedAt) return {}
  const result = await findDocument(tx, { id: intent.resultId })
  if (!result) throw new Error('the result of an intent is gone')
  const { path, content } = requireContent(result)
  return { result: { documentPath: path, signedAt: intent.finishedAt, level: intent.level, sha256: content.sha256 } }
}

async function finishClaimed(context: Context, work: Work): Promise<FinishedSignature> {
  try {
    const stored = await produce(context, work)
    const problem = await selfCheck(context, work.certificate, stored)
    if (problem) {
      await context.db.transaction((tx) => giveUp(context, tx, work.claim, problem))
      fail('signing.failed')
    }
    const released = await context.db.transaction((tx) => release(context, tx, work, stored))
    return released ?? fail('certificate.not_active')
  } catch (error) {
    // Whatever it was, the next attempt need not wait for the lease.
    await context.db.transaction((tx) => releaseIntent(tx, work.claim))
    throw error
  }
}

/**
 * Has the key sign what the intent recorded, and stores the file: the old bytes, then the revision. The key signs on
 * this thread: with P-256 that is quicker than to hand the work to another one and wait for it.
 */
async function produce(context: Context, { prepared, document, certificate, key }: Work): Promise<StoredAs> {
  const signed = await sign(prepared, keySigner(cmsSignerOf(context, certificate), key))
  return await context.files.append(requireContent(document).content.sha256, finish(signed))
}

/**
 * Makes the result known: document, intent, role, envelope, audit and event in one transaction. Undefined when it was
 * given up instead; that has to commit, so the caller refuses after the commit.
 */
async function release(
  context: Context,
  tx: Tx,
  { claim, document, certificate }: Work,
  stored: StoredAs,
): Promise<FinishedSignature | undefined> {
  const now = context.clock.now()
  const { intent } = claim
  const present = await findCertificate(tx, certificate.id)
  if (!present || standing(present, now) !== 'Active') {
    await giveUp(context, tx, claim, CERTIFICATE_ENDED)
    return undefined
  }
  const id = ulid(now.getTime(), context.random.bytes) as DocumentId
  const path = await insertDocument(tx, {
    id,
    tenantId: context.tenant.id,
    personId: document.personId,
    path: document.path,
    suffix: '-signed',
    origin: 'signature',
    sourceId: document.id,
    maxBytes: stored.size,
    uploadExpiresAt: null,
    content: stored,
    at: now,
  })
  // The fence: a process that slept through its lease finds that the intent is somebody else's by now.
  if (!(await completeIntent(tx, claim, id, now))) fail('signing.in_progress')
  await completeRole(tx, intent.roleId, intent.envelopeId, now)
  await announce(context, tx, {
    action: 'document.signed',
    subject: { kind: 'document', id },
    details: {
      intentId: intent.id,
      envelopeId: intent.envelopeId,
      level: intent.level,
      sha256: stored.sha256,
      sourceSha256: intent.documentSha256,
    },
  })
  return { documentPath: path, signedAt: now, level: intent.level, sha256: stored.sha256 }
}

async function giveUp(context: Context, tx: Tx, claim: Claim, reason: string): Promise<void> {
  await abortIntent(tx, claim, reason, context.clock.now())
  context.log.error({ intent: claim.intent.id, reason }, 'a signature was given up; nothing was released')
  await record(context, tx, {
    action: 'signature.aborted',
    subject: { kind: 'intent', id: claim.intent.id },
    details: { reason },
  })
}
