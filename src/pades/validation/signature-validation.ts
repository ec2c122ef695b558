import { type Certificate, OID } from '../../pki/index.ts'
import { checkAlgorithms } from './algorithm-constraints.ts'
import { certificateReport, chainReport } from './certificate-report.ts'
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.ts'
import { placeOf, type SignatureFacts } from './gather-facts.ts'
import { judgeCertificate } from './judge-certificate.ts'
import { failed, type Problem, verdictOf } from './problem.ts'
import type { SignatureReport, TimestampReport } from './report.ts'
import { judgeToken } from './timestamp-validation.ts'
import type { CertificateVerdict, ValidationContext } from './validation-context.ts'

/** The moments between which a signature was made, as far as time-stamps prove it. */
type Bounds = { readonly proven: Date; readonly notBefore?: Date }

/**
 * Judges a signature, with all that EN 319 102-1 5.5 and 5.6 can do for it: the best-signature-time is the earliest
 * of its own valid time-stamps and of the document time-stamps that cover it. `notBefore` is the time of the latest
 * document time-stamp that it covers itself.
 */
export async function judgeSignature(
  facts: SignatureFacts,
  notBefore: Date | undefined,
  format: SignatureReport['format'],
  context: ValidationContext,
): Promise<SignatureReport> {
  const { field, placed, dictionary, revisions, container, tokens } = facts
  const timestamps: TimestampReport[] = []
  for (const token of tokens) timestamps.push(await judgeToken(token, context))
  const proven = earliest(context.proofs.at(placeOf(placed)), timestamps)
  const bounds = notBefore ? { proven, notBefore } : { proven }
  const judged = await judgeSigner(facts, bounds, context)
  const problems = [
    ...dictionary.problems,
    ...revisions.problems,
    ...container.problems,
    ...judged.problems,
    ...contradictions(timestamps),
  ]
  const { certificate, identity } = container
  return {
    ...verdictOf(problems),
    field: field.name,
    problems,
    findings: [...dictionary.findings, ...revisions.findings, ...container.findings],
    format,
    coverage: revisions.coverage,
    changes: revisions.changes,
    ...(certificate && { signer: certificateReport(certificate) }),
    chain: judged.verdict ? chainReport(judged.verdict) : [],
    ...(identity && { identity }),
    ...(placed.claimedAt && { claimedAt: placed.claimedAt }),
    ...(proven < context.policy.time && { provenAt: proven }),
    timestamps,
    notChecked: notChecked(facts, context),
  }
}

/** A signature policy is a document for people: that there is one is all that can be said of it here. */
function notChecked({ container }: SignatureFacts, { policy }: ValidationContext): string[] {
  const attributes = container.container?.signer.signed.attributes ?? []
  const hasPolicy = attributes.some(({ type }) => type === OID.signaturePolicyIdentifier)
  return [...(policy.revocation === 'none' ? ['revocation'] : []), ...(hasPolicy ? ['signature_policy'] : [])]
}

function earliest(covered: Date, timestamps: readonly TimestampReport[]): Date {
  const times = timestamps.flatMap(({ indication, time }) => (indication === 'TOTAL-PASSED' && time ? [time] : []))
  return new Date(Math.min(covered.getTime(), ...times.map((time) => time.getTime())))
}

/** EN 319 102-1 5.5.4: time-stamps that contradict each other leave the signature without a time. */
function contradictions(timestamps: readonly TimestampReport[]): Problem[] {
  return timestamps.flatMap(({ problems }) => problems.filter(({ code }) => code === 'timestamp.order'))
}

async function judgeSigner(
  { container }: SignatureFacts,
  bounds: Bounds,
  context: ValidationContext,
): Promise<{ readonly problems: readonly Problem[]; readonly verdict?: CertificateVerdict }> {
  const { certificate, algorithms, problems } = container
  if (!certificate) return { problems: [] }
  const verdict = await judgeCertificate({ certificate, purpose: 'documentSigning', proven: bounds.proven }, context)
  const own = verdict.problem ? [certain(verdict.problem, verdict, bounds, container)] : []
  // A key that cannot be used at all is among the problems of the container.
  const isUsable = algorithms && !problems.some(({ code }) => code === 'cms.key')
  const weak = isUsable ? checkAlgorithms(algorithms, certificate, bounds.proven, context) : []
  return { problems: [...tooEarly(certificate, bounds.proven, context), ...own, ...weak], verdict }
}

/** The signature names its certificate, and so cannot be older (5.5.4). */
function tooEarly({ notBefore }: Certificate, proven: Date, { policy }: ValidationContext): Problem[] {
  const isOlder = proven < policy.time && proven.getTime() + CLOCK_TOLERANCE_MS < notBefore.getTime()
  return isOlder ? [failed('NOT_YET_VALID', 'chain.not_yet_valid', 'The signature is older than the certificate.')] : []
}

/** A doubt becomes certainty where a proof shows on which side of the limit the signature was made (5.3.4, 5.5.4). */
function certain(
  problem: Problem,
  { revokedAt }: CertificateVerdict,
  { notBefore }: Bounds,
  { certificate }: SignatureFacts['container'],
): Problem {
  const isOutOfBounds = problem.subIndication.startsWith('OUT_OF_BOUNDS')
  if (problem.subIndication === 'REVOKED_NO_POE' && revokedAt && notBefore && notBefore >= revokedAt)
    return failed('REVOKED', 'chain.revoked', 'The certificate was revoked before the signature was made.')
  if (isOutOfBounds && certificate && notBefore && notBefore > certificate.notAfter)
    return failed('EXPIRED', 'chain.expired', 'The certificate had expired before the signature was made.')
  return problem
}
