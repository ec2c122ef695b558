import {
  acceptableAt,
  type Certificate,
  certificateKey,
  isFresh,
  type KnownStatus,
  needsNoStatus,
  type Purpose,
  type StatusSubject,
} from '../../pki/index.ts'
import { equalBytes } from '../../std/bytes.ts'
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.ts'
import type { HeldStatus, Statuses } from './evidence.ts'
import { indeterminate, type Problem } from './problem.ts'
import type { ValidationContext } from './validation-context.ts'

/** What is known about the revocation of one certificate. */
export type RevocationVerdict =
  | { readonly status: 'not_needed' }
  | { readonly status: 'good'; readonly held: HeldStatus; readonly isFresh: boolean }
  | { readonly status: 'revoked'; readonly held: HeldStatus; readonly revokedAt: Date }
  | { readonly status: 'unknown'; readonly problem: Problem }

/** What an answer must be to count. */
export type RevocationNeed = {
  /** The moment for which it must speak. */
  readonly freshAt: Date
  /** It must be proved to have existed by then. */
  readonly existingBy?: Date
  /** How many responders stand between this question and the first one. */
  readonly depth?: number
}

const MAX_RESPONDERS = 3

/** The revocation freshness checker (EN 319 102-1 5.2.5) and what leads to it: which answer counts. */
export async function checkRevocation(
  subject: StatusSubject,
  purpose: Purpose,
  need: RevocationNeed,
  context: ValidationContext,
): Promise<RevocationVerdict> {
  if (needsNoStatus(subject.certificate, purpose)) return { status: 'not_needed' }
  const statuses = context.evidence.statuses(subject)
  const own = await choose(statuses, subject, need, context)
  if (own.status === 'revoked' || (own.status === 'good' && own.isFresh)) return own
  const fetched = await context.evidence.fetched(subject)
  if (fetched === undefined) return own
  const known = [...statuses.known, fetched]
  return await choose({ ...statuses, known }, subject, need, context)
}

async function choose(
  { known, unusable }: Statuses,
  subject: StatusSubject,
  need: RevocationNeed,
  context: ValidationContext,
): Promise<RevocationVerdict> {
  const doubts: Problem[] = []
  const trusted: HeldStatus[] = []
  for (const held of known) {
    const doubt = await doubtOf(held, subject, need, context)
    if (doubt) doubts.push(doubt)
    else trusted.push(held)
  }
  const decisive = decisiveOf(trusted)
  if (decisive === undefined) return { status: 'unknown', problem: doubts[0] ?? nothingKnown(unusable) }
  const { finding } = decisive
  if (finding.status === 'revoked') return { status: 'revoked', held: decisive, revokedAt: finding.revokedAt }
  const fresh = isFresh(finding, need.freshAt, context.policy.revocationFreshnessMs)
  return { status: 'good', held: decisive, isFresh: fresh }
}

/** A revocation is for ever, and so outweighs what is newer; only a hold may have ended. */
function decisiveOf(trusted: readonly HeldStatus[]): HeldStatus | undefined {
  const final = trusted.find(({ finding }) => finding.status === 'revoked' && finding.reason !== 'certificateHold')
  const newestFirst = trusted.toSorted((a, b) => b.finding.thisUpdate.getTime() - a.finding.thisUpdate.getTime())
  return final ?? newestFirst[0]
}

/** Why an answer does not count, although it is right in itself. */
async function doubtOf(
  { finding, origin }: HeldStatus,
  { issuer }: StatusSubject,
  need: RevocationNeed,
  context: ValidationContext,
): Promise<Problem | undefined> {
  const proven = context.proofs.at(origin.source === 'document' ? origin.place : undefined)
  if (need.existingBy && proven > need.existingBy)
    return indeterminate('NO_POE', 'revocation.no_proof', 'Nothing proves that the revocation data existed in time.')
  if (finding.status === 'good' && isOfTheFuture(finding, context.policy.time))
    return indeterminate('TRY_LATER', 'revocation.future', 'The revocation data speaks of a time to come.')
  const { algorithm, signer } = finding
  const strong = acceptableAt(context.policy.algorithms, { algorithm, key: certificateKey(signer) }, proven)
  if (strong !== true) {
    const message = `Revocation data is not signed strongly enough: ${strong.reason}.`
    return indeterminate('CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'revocation.weak_algorithm', message)
  }
  if (proven > signer.notAfter) {
    const message = 'Who signed the revocation data had expired before that is proved to exist.'
    return indeterminate('REVOCATION_OUT_OF_BOUNDS_NO_POE', 'revocation.out_of_bounds', message)
  }
  return equalBytes(signer.der, issuer.der) ? undefined : await doubtAbout(signer, issuer, need, context)
}

/** RFC 6960 4.2.2.1: what was signed beforehand says nothing about a revocation that comes in between. */
function isOfTheFuture({ thisUpdate }: KnownStatus, now: Date): boolean {
  return thisUpdate.getTime() > now.getTime() + CLOCK_TOLERANCE_MS
}

/**
 * A responder is certified by the issuer that it speaks for, or its answer would not have come here. The issuer is
 * judged with the chain; what is left is whether it revoked the responder.
 */
async function doubtAbout(
  responder: Certificate,
  issuer: Certificate,
  need: RevocationNeed,
  context: ValidationContext,
): Promise<Problem | undefined> {
  const depth = (need.depth ?? 0) + 1
  if (depth > MAX_RESPONDERS)
    return indeterminate('TRY_LATER', 'revocation.circular', 'Responders answer for each other without end.')
  const subject = { certificate: responder, issuer }
  const verdict = await checkRevocation(subject, 'ocspSigning', { ...need, depth }, context)
  if (verdict.status === 'not_needed' || (verdict.status === 'good' && verdict.isFresh)) return undefined
  const message = verdict.status === 'revoked' ? 'The responder is revoked.' : 'The responder may be revoked.'
  return indeterminate('TRY_LATER', 'revocation.responder', message)
}

function nothingKnown(unusable: Statuses['unusable']): Problem {
  const [first] = unusable
  if (first === undefined) {
    const message = 'Nothing is known about the revocation of a certificate.'
    return indeterminate('TRY_LATER', 'chain.revocation_unknown', message)
  }
  const message = `No revocation data can be used: ${first.message} (${first.clause}).`
  return indeterminate('TRY_LATER', `revocation.${first.code}`, message)
}

/** The last moment for which an answer speaks. */
export function freshUntil({ thisUpdate, nextUpdate }: KnownStatus, maxAgeMs?: number): Date {
  const limits = [nextUpdate?.getTime(), maxAgeMs === undefined ? undefined : thisUpdate.getTime() + maxAgeMs]
  const known = limits.filter((limit) => limit !== undefined)
  return known.length === 0 ? thisUpdate : new Date(Math.min(...known))
}
