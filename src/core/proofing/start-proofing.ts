import { enqueue } from '../../db/index.ts'
import { sha256 } from '../../std/bytes.ts'
import { ulid } from '../../std/ids.ts'
import { later } from '../../std/time.ts'
import { announce } from '../audit/record.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import { requireStep } from '../onboarding/onboarding.ts'
import { readDossier } from '../onboarding/onboardings.store.ts'
import { ownOnboarding } from '../onboarding/own-onboarding.ts'
import { readPersonData, sealOfPerson } from '../people/people.store.ts'
import { MAX_ATTEMPTS, type Proofing, type ProofingId, SESSION_LIFETIME_MS } from './proofing.ts'
import { concludeProofingJob } from './proofing-jobs.ts'
import { insertProofing, listProofings, replaceToken } from './proofings.store.ts'
import type { ProofingRequest } from './provider.ts'

export type ProofingSession = { readonly url: string; readonly expiresAt: Date }

/** Links carry 256 bits of chance, so a plain hash hides them. */
export const proofingTokenHash = (token: string): Buffer => sha256('chancery/proofing-link\0', token)

/**
 * Opens a proofing session and gives the link for the person. While one is open, gives it a new link instead: the
 * old link ends, the session goes on.
 *
 * @throws DomainError onboarding.not_found, onboarding.wrong_step, proofing.do_not_retry, platform.unavailable
 */
export async function startProofing(context: Context, onboardingId: string): Promise<ProofingSession> {
  const { clock, random, proofingProvider } = context
  const token = random.bytes(32).toString('base64url')
  const tokenHash = proofingTokenHash(token)
  const now = clock.now()
  const request = await context.db.transaction((tx) => buildRequest(context, tx, onboardingId))
  // Asked outside the transaction: a slow provider must not hold a connection.
  const { providerRef } = await proofingProvider.start(request)
  return await context.db.transaction(async (tx) => {
    const onboarding = await ownOnboarding(context, tx, onboardingId)
    requireStep(onboarding, 'kyc')
    const { personId } = onboarding
    const earlier = await listProofings(tx, personId)
    const url = `${context.settings.publicUrl}/proofing/${token}`
    const open = earlier.find((proofing) => proofing.status === 'pending')
    if (open) {
      await replaceToken(tx, open.id, tokenHash)
      return { url, expiresAt: open.expiresAt }
    }
    requireAnotherTry(earlier)
    const expiresAt = later(now, SESSION_LIFETIME_MS)
    const made = await insertProofing(tx, await sealOfPerson(tx, context.vault, personId), {
      tenantId: context.tenant.id,
      personId,
      onboardingId: onboarding.id,
      provider: proofingProvider.id,
      providerRef,
      tokenHash,
      sandbox: context.tenant.mode === 'sandbox',
      request,
      createdAt: now,
      expiresAt,
    })
    // Somebody else opened one in this moment; the caller asks again and gets it.
    if (!made) fail('request.limited')
    const id = request.id as ProofingId
    await enqueue(tx, {
      task: concludeProofingJob,
      payload: { tenantId: context.tenant.id, proofingId: id },
      jobKey: `proofing:${id}`,
      maxAttempts: 25,
    })
    await announce(context, tx, {
      action: 'proofing.started',
      subject: { kind: 'proofing', id },
      details: { provider: proofingProvider.id },
    })
    return { url, expiresAt }
  })
}

async function buildRequest(context: Context, tx: Tx, onboardingId: string): Promise<ProofingRequest> {
  const onboarding = await ownOnboarding(context, tx, onboardingId)
  requireStep(onboarding, 'kyc')
  requireAnotherTry(await listProofings(tx, onboarding.personId))
  const seal = await sealOfPerson(tx, context.vault, onboarding.personId)
  const dossier = await readDossier(tx, seal, onboarding.id)
  if (!dossier) throw new Error('a process waits for its proofing without a dossier')
  const { email } = await readPersonData(tx, seal, onboarding.personId)
  return {
    id: ulid(context.clock.now().getTime(), context.random.bytes),
    email,
    expected: {
      firstName: dossier.givenName,
      lastName: dossier.surname,
      birthDate: dossier.dateOfBirth,
      personalNumber: dossier.nationalId,
      country: dossier.country,
    },
  }
}

function requireAnotherTry(earlier: readonly Proofing[]): void {
  const rejections = earlier.filter((proofing) => proofing.status === 'rejected')
  if (rejections.length >= MAX_ATTEMPTS || rejections.some((proofing) => proofing.mayRetry === false))
    fail('proofing.do_not_retry')
}
