import { enqueue } from '../../db/index.ts'
import { later, SECOND_MS } from '../../std/time.ts'
import { announce } from '../audit/record.ts'
import { issueCertificateJob } from '../certificates/certificate-jobs.ts'
import type { Context, Tx } from '../context.ts'
import { moveStep, readDossier } from '../onboarding/onboardings.store.ts'
import { sealOfPerson, setIdentity } from '../people/people.store.ts'
import type { Identity } from '../people/person.ts'
import type { PersonSeal } from '../people/person-seal.ts'
import { type Decision, decide } from './decide.ts'
import { MAX_ATTEMPTS, type Proofing, type ProofingId } from './proofing.ts'
import { concludeProofingJob } from './proofing-jobs.ts'
import { finalize, findProofing, listProofings, readRequest } from './proofings.store.ts'
import type { ProofingReport } from './provider.ts'

const ASK_AGAIN_MS = 2 * SECOND_MS

/**
 * Asks the provider about a session and, when it has ended, decides; what a job does. The decision, the person's
 * identity and the job that issues the certificate commit together. May be called twice: an end never changes.
 */
export async function concludeProofing(context: Context, proofingId: ProofingId): Promise<void> {
  const { clock, vault } = context
  const found = await context.db.transaction(async (tx) => {
    const proofing = await findProofing(tx, proofingId)
    if (proofing?.status !== 'pending') return undefined
    const request = await readRequest(tx, await sealOfPerson(tx, vault, proofing.personId), proofingId)
    const rejections = (await listProofings(tx, proofing.personId)).filter(({ status }) => status === 'rejected').length
    return { proofing, request, attempt: { number: rejections + 1, max: MAX_ATTEMPTS } }
  })
  if (!found) return
  const { proofing, request, attempt } = found
  const report =
    (await context.proofingProvider.report(proofing.providerRef, request, proofing.createdAt)) ??
    (proofing.expiresAt <= clock.now() ? EXPIRED : null)
  if (!report) {
    await context.db.transaction((tx) => askAgain(context, tx, proofingId))
    return
  }
  const decision = decide(report, request, attempt)
  await context.db.transaction((tx) => conclude(context, tx, proofing, report, decision))
}

const EXPIRED: ProofingReport = { ended: 'expired', assurance: 'NONE', sandbox: false, claims: [], checks: [] }

async function askAgain(context: Context, tx: Tx, proofingId: ProofingId): Promise<void> {
  await enqueue(tx, {
    task: concludeProofingJob,
    payload: { tenantId: context.tenant.id, proofingId },
    runAt: later(context.clock.now(), ASK_AGAIN_MS),
    // One asks at a time, also after a job that ran twice.
    jobKey: `proofing:${proofingId}`,
    maxAttempts: 25,
  })
}

async function conclude(
  context: Context,
  tx: Tx,
  proofing: Proofing,
  report: ProofingReport,
  decision: Decision,
): Promise<void> {
  const now = context.clock.now()
  const { personId } = proofing
  const seal = await sealOfPerson(tx, context.vault, personId)
  if (!(await finalize(tx, seal, proofing.id, decision, report.claims, now))) return
  if (decision.outcome === 'accepted') {
    await adoptIdentity(context, tx, proofing, seal)
    await moveStep(tx, proofing.onboardingId, ['kyc'], 'done', now)
    await enqueue(tx, {
      task: issueCertificateJob,
      payload: { tenantId: context.tenant.id, personId },
      jobKey: `certificate:${personId}`,
      maxAttempts: 25,
    })
  }
  await announce(context, tx, {
    action: `proofing.${decision.outcome}`,
    subject: { kind: 'proofing', id: proofing.id },
    details: { reasons: decision.reasons, assurance: decision.assurance },
  })
}

/**
 * What the certificate may carry: the registry's spelling, because every field of it was compared with the proof
 * and found the same. A document's machine-readable zone has no accents.
 */
async function adoptIdentity(context: Context, tx: Tx, proofing: Proofing, seal: PersonSeal): Promise<void> {
  const { personId } = proofing
  const dossier = await readDossier(tx, seal, proofing.onboardingId)
  if (!dossier) throw new Error('a proofing was accepted without a dossier')
  const identity: Identity = {
    givenName: dossier.givenName,
    surname: dossier.surname,
    dateOfBirth: dossier.dateOfBirth,
    country: dossier.country,
    nationalId: dossier.nationalId,
  }
  await setIdentity(tx, personId, {
    proofingId: proofing.id,
    sealed: seal.seal('people.identity', personId, identity),
    mac: context.vault.mac('identity', context.tenant.id, identity.country, identity.nationalId),
  })
}
