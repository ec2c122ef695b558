import { ulid } from '../../std/ids.ts'
import { announce, record } from '../audit/record.ts'
import { type UsableCertificate, usableCertificate } from '../certificates/own-certificates.ts'
import { activationBinding, type ChallengeId, CODE_LIFETIME_MS } from '../challenges/challenge.ts'
import { issueChallenge } from '../challenges/issue-challenge.ts'
import { permitSpending } from '../challenges/limits.ts'
import type { Context, Tx } from '../context.ts'
import { fileNameOf, requireContent, type StoredDocument } from '../documents/document.ts'
import { type DocumentReference, ownDocument } from '../documents/own-document.ts'
import type { EnvelopeId, RoleId } from '../envelopes/envelope.ts'
import { insertSentEnvelope } from '../envelopes/envelopes.store.ts'
import { fail } from '../errors.ts'
import { queueMessage } from '../messages/queue-message.ts'
import { codeForSigning } from '../messages/templates.ts'
import { actingPerson } from '../onboarding/own-onboarding.ts'
import { readPersonData, sealOfPerson } from '../people/people.store.ts'
import { requireSignable } from './require-signable.ts'

export type SignatureChallenge = {
  readonly challengeId: ChallengeId
  readonly channel: 'sms'
  readonly expiresInS: number
}

/**
 * Opens the envelope of one document and one signer, and sends the code that activates the signer's key by SMS:
 * for this document's hash and this certificate alone. A code that came by e-mail never does.
 *
 * @throws DomainError document.*, certificate.not_found, certificate.not_active, signing.no_second_channel,
 *   request.limited when the limits of sending are reached
 */
export async function challengeSignature(
  context: Context,
  input: { readonly document: DocumentReference; readonly certificateId: string },
): Promise<SignatureChallenge> {
  const found = await context.db.transaction(async (tx) => ({
    document: requireContent(await ownDocument(context, tx, input.document)),
    certificate: await usableCertificate(context, tx, input.certificateId),
  }))
  await requireSignable(context, found.document)
  const challengeId = await context.db.transaction((tx) => open(context, tx, found.document, found.certificate))
  // Said openly, unlike at log-in: the number is the acting person's own.
  if (!challengeId) fail('request.limited')
  return { challengeId, channel: 'sms', expiresInS: CODE_LIFETIME_MS / 1000 }
}

async function open(
  context: Context,
  tx: Tx,
  document: StoredDocument,
  certificate: UsableCertificate,
): Promise<ChallengeId | undefined> {
  const { clock, random, tenant, vault } = context
  const { id: personId, clientId } = actingPerson(context)
  const seal = await sealOfPerson(tx, vault, personId)
  const { phone } = await readPersonData(tx, seal, personId)
  if (!phone?.verified) fail('signing.no_second_channel')
  const issued = await issueChallenge(context, tx, {
    purpose: 'activation',
    channel: 'sms',
    clientId,
    personId,
    addressMac: phone.mac,
    binding: activationBinding(document.content, certificate.id),
  })
  if (issued.code === null || !(await permitSpending(context, tx))) {
    await record(context, tx, { action: 'message.withheld', subject: { kind: 'challenge', id: issued.id } })
    return undefined
  }
  const now = clock.now()
  const envelopeId = ulid(now.getTime(), random.bytes) as EnvelopeId
  await insertSentEnvelope(tx, {
    id: envelopeId,
    roleId: ulid(now.getTime(), random.bytes) as RoleId,
    tenantId: tenant.id,
    facade: context.facade,
    documents: [document],
    personId,
    certificateId: certificate.id,
    challengeId: issued.id,
    at: now,
  })
  const text = codeForSigning(tenant, issued.code, { name: fileNameOf(document.path), sha256: document.content.sha256 })
  await queueMessage(context, tx, { personId, seal, channel: 'sms', to: phone.number, text, challengeId: issued.id })
  await announce(context, tx, {
    action: 'envelope.sent',
    subject: { kind: 'envelope', id: envelopeId },
    details: { documentId: document.id, sha256: document.content.sha256, certificateId: certificate.id },
  })
  return issued.id
}
