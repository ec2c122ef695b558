import { enqueue } from '../../db/index.ts'
import { encodePrepared } from '../../pades/index.ts'
import { equalBytes, sha256 } from '../../std/bytes.ts'
import { ulid } from '../../std/ids.ts'
import { later, SECOND_MS } from '../../std/time.ts'
import { record } from '../audit/record.ts'
import { type UsableCertificate, usableCertificate } from '../certificates/own-certificates.ts'
import { activationBinding, readCode } from '../challenges/challenge.ts'
import { redeemChallenge } from '../challenges/redeem-challenge.ts'
import type { Context, Tx } from '../context.ts'
import { requireContent, type StoredDocument } from '../documents/document.ts'
import { type DocumentReference, ownDocument } from '../documents/own-document.ts'
import { findRole, type Role } from '../envelopes/envelopes.store.ts'
import { fail } from '../errors.ts'
import { actingPerson } from '../onboarding/own-onboarding.ts'
import { readPersonData, sealOfPerson } from '../people/people.store.ts'
import { fullName } from '../people/person.ts'
import { type FinishedSignature, finishSignature } from './finish-signature.ts'
import { type IntentId, LEVELS } from './intent.ts'
import { findIntent, insertIntent, preparedPlace } from './intents.store.ts'
import { prepareSignature, type SignatureWish } from './prepare-signature.ts'
import { finishSignatureJob } from './signing-jobs.ts'

export type SignRequest = SignatureWish & {
  readonly document: DocumentReference
  readonly certificateId: string
  readonly challengeId: string
  readonly code: string
  readonly level?: string
}

/** Whoever began a signature has had enough time by then; a job finishes it. */
const FINISH_AFTER_MS = 10 * SECOND_MS

/**
 * Signs a document with the acting person's key, activated by the code of the challenge for exactly this document
 * and certificate.
 *
 * The code is consumed and the intent, with every byte that the key will sign, is stored in one transaction before
 * the key is used. The same request again gives the same signature; another request with a used code is refused.
 *
 * @throws DomainError challenge.failed, challenge.malformed, document.*, certificate.*, signing.*
 */
export async function signDocument(context: Context, request: SignRequest): Promise<FinishedSignature> {
  const code = readCode(request.code)
  if (request.level !== undefined && !LEVELS.some((level) => level === request.level))
    fail('signing.level_unavailable', { offered: LEVELS })
  const requestHash = sha256(JSON.stringify({ ...request, code }))
  const begun = await context.db.transaction((tx) => findBegun(context, tx, { ...request, requestHash }, false))
  if (begun.intentId) return await finishSignature(context, begun.intentId)
  const found = await context.db.transaction((tx) => gather(context, tx, request))
  const prepared = await prepareSignature(context, found.document, found.certificate, found.signer, request)
  const intentId = await context.db.transaction((tx) =>
    authorise(context, tx, {
      ...found,
      code,
      challengeId: request.challengeId,
      requestHash,
      encoded: Buffer.from(encodePrepared(prepared)),
      toBeSigned: Buffer.from(prepared.toBeSigned),
    }),
  )
  if (!intentId) fail('challenge.failed')
  return await finishSignature(context, intentId)
}

type Begun = { readonly role?: Role; readonly intentId?: IntentId }

/** The acting person's role behind a challenge, and the intent if this very request was authorised before. */
async function findBegun(
  context: Context,
  tx: Tx,
  request: { readonly challengeId: string; readonly requestHash: Buffer },
  lock: boolean,
): Promise<Begun> {
  const role = await findRole(tx, request.challengeId, lock)
  if (role?.personId !== actingPerson(context).id) return {}
  const intent = await findIntent(tx, { roleId: role.id })
  return intent && equalBytes(intent.requestHash, request.requestHash) ? { role, intentId: intent.id } : { role }
}

async function gather(context: Context, tx: Tx, request: SignRequest) {
  const { id: personId } = actingPerson(context)
  const document = requireContent(await ownDocument(context, tx, request.document))
  const certificate = await usableCertificate(context, tx, request.certificateId)
  const { identity, phone } = await readPersonData(tx, await sealOfPerson(tx, context.vault, personId), personId)
  if (!identity) fail('person.not_verified')
  if (!phone?.verified) fail('signing.no_second_channel')
  return { document, certificate, phoneMac: phone.mac, signer: { name: fullName(identity) } }
}

type Authorisation = {
  readonly document: StoredDocument
  readonly certificate: UsableCertificate
  readonly phoneMac: Buffer
  readonly code: string
  readonly challengeId: string
  readonly requestHash: Buffer
  readonly encoded: Buffer
  readonly toBeSigned: Buffer
}

/** Consumes the activation and stores the intent. Undefined when the code is not good for this request. */
async function authorise(context: Context, tx: Tx, input: Authorisation): Promise<IntentId | undefined> {
  const { id: personId, clientId } = actingPerson(context)
  // Locked: the same request in parallel waits here, then finds what the first one stored.
  const { role, intentId } = await findBegun(context, tx, input, true)
  if (intentId) return intentId
  const handle = role && { id: role.challengeId, addressMac: input.phoneMac }
  const won = await redeemChallenge(context, tx, handle, {
    purpose: 'activation',
    channel: 'sms',
    clientId,
    personId,
    addressMac: input.phoneMac,
    binding: activationBinding(input.document.content, input.certificate.id),
    code: input.code,
  })
  return role && won ? await store(context, tx, role, input) : undefined
}

async function store(context: Context, tx: Tx, role: Role, input: Authorisation): Promise<IntentId> {
  const { clock, random, tenant } = context
  const now = clock.now()
  const id = ulid(now.getTime(), random.bytes) as IntentId
  const { document, certificate } = input
  await insertIntent(tx, {
    id,
    tenantId: tenant.id,
    envelopeId: role.envelopeId,
    roleId: role.id,
    documentId: document.id,
    documentSha256: document.content.sha256,
    certificateId: certificate.id,
    keyId: certificate.keyId,
    challengeId: role.challengeId,
    level: 'B-B',
    requestHash: input.requestHash,
    preparedSealed: context.vault.seal(preparedPlace(id), input.encoded),
    toBeSigned: input.toBeSigned,
    at: now,
  })
  await enqueue(tx, {
    task: finishSignatureJob,
    payload: { tenantId: tenant.id, intentId: id },
    runAt: later(now, FINISH_AFTER_MS),
    jobKey: `intent:${id}`,
    maxAttempts: 25,
  })
  await record(context, tx, {
    action: 'signature.authorised',
    subject: { kind: 'intent', id },
    details: { documentSha256: document.content.sha256, certificateId: certificate.id, keyId: certificate.keyId },
  })
  return id
}
