import {
  type Certificate,
  findPath,
  type InvalidPath,
  type PathFailure,
  type PathResult,
  type Purpose,
} from '../../pki/index.ts'
import { indeterminate, type Problem, type SubIndication } from './problem.ts'
import { checkRevocation, type RevocationVerdict } from './revocation-freshness.ts'
import type { CertificateQuestion, CertificateVerdict, ValidationContext } from './validation-context.ts'
import type { PreparedPolicy } from './validation-policy.ts'

/** EN 319 102-1 5.2.6 and 5.1.3. */
const subIndications: Readonly<Record<PathFailure, SubIndication>> = {
  no_path: 'NO_CERTIFICATE_CHAIN_FOUND',
  not_yet_valid: 'OUT_OF_BOUNDS_NO_POE',
  expired: 'OUT_OF_BOUNDS_NO_POE',
  bad_signature: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  weak_algorithm: 'CRYPTO_CONSTRAINTS_FAILURE',
  name_chaining: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  not_an_authority: 'CHAIN_CONSTRAINTS_FAILURE',
  path_too_long: 'CHAIN_CONSTRAINTS_FAILURE',
  key_usage: 'CHAIN_CONSTRAINTS_FAILURE',
  wrong_purpose: 'CHAIN_CONSTRAINTS_FAILURE',
  unknown_critical_extension: 'CHAIN_CONSTRAINTS_FAILURE',
  name_not_permitted: 'CHAIN_CONSTRAINTS_FAILURE',
  name_excluded: 'CHAIN_CONSTRAINTS_FAILURE',
  unsupported_name_constraint: 'CHAIN_CONSTRAINTS_FAILURE',
  policy: 'CHAIN_CONSTRAINTS_FAILURE',
  malformed: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  too_much_work: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
}

/** A chain to an anchor in which every certificate was valid at that moment (RFC 5280 6). */
export function findChain(
  { certificate, purpose }: CertificateQuestion,
  time: Date,
  { policy, intermediates }: ValidationContext,
): PathResult {
  const { algorithms, links, acceptPolicies } = policy
  const wanted = purpose === 'documentSigning' ? acceptPolicies : undefined
  return findPath(certificate, {
    anchors: anchorsFor(purpose, policy),
    intermediates,
    time,
    algorithms,
    links,
    purpose,
    ...(wanted && { policies: { acceptable: wanted, requireExplicit: true } }),
  })
}

function anchorsFor(purpose: Purpose, { anchors, timestampAnchors }: PreparedPolicy): readonly Certificate[] {
  if (purpose === 'documentSigning') return anchors
  if (purpose === 'timeStamping') return timestampAnchors
  // Whoever answers for a certificate may stand below either.
  return anchors === timestampAnchors ? anchors : [...anchors, ...timestampAnchors]
}

/** X.509 certificate validation (EN 319 102-1 5.2.6): may the certificate be relied upon at the moment of validation? */
export async function validateCertificate(
  question: CertificateQuestion,
  context: ValidationContext,
): Promise<CertificateVerdict> {
  const { time } = context.policy
  const result = findChain(question, time, context)
  if (result.ok) return await judgeRevocations(question, result.path, { freshAt: time }, context)
  const isOver = result.reason === 'expired' && question.certificate.notAfter < time
  return isOver ? await afterTheEnd(question, result, context) : { path: [], revocations: [], problem: explain(result) }
}

function explain({ reason, serial, clause, until }: InvalidPath): Problem {
  const message = `No valid chain leads to a trust anchor (${reason} at serial number ${serial}, ${clause}).`
  // What was strong enough once may do with a proof that it existed then.
  const subIndication = until ? 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' : subIndications[reason]
  return indeterminate(subIndication, `chain.${reason}`, message)
}

/** An expired certificate: was it good to its end, as far as anything is known? */
async function afterTheEnd(
  question: CertificateQuestion,
  failure: InvalidPath,
  context: ValidationContext,
): Promise<CertificateVerdict> {
  const end = question.certificate.notAfter
  const result = findChain(question, end, context)
  if (!result.ok) return { path: [], revocations: [], problem: explain(failure) }
  const then = await judgeRevocations(question, result.path, { freshAt: end }, context)
  if (then.problem?.subIndication === 'REVOKED_NO_POE') return then
  if (then.revocations[0]?.status !== 'good') return { ...then, problem: explain(failure) }
  const message = 'The certificate has expired. It is not known to have been revoked.'
  return { ...then, problem: indeterminate('OUT_OF_BOUNDS_NOT_REVOKED', 'chain.expired', message) }
}

export type RevocationMoments = {
  readonly freshAt: Date
  /** What was signed existed by then: a later revocation of the signer does not concern it. */
  readonly signedBy?: Date
}

/** Asks for the revocation of each certificate of a chain but the anchor. */
export async function judgeRevocations(
  question: CertificateQuestion,
  path: readonly Certificate[],
  { freshAt, signedBy }: RevocationMoments,
  context: ValidationContext,
): Promise<CertificateVerdict> {
  if (context.policy.revocation === 'none') return { path, revocations: [] }
  const revocations: RevocationVerdict[] = []
  for (const [i, issuer] of path.slice(1).entries()) {
    const certificate = path[i]
    if (certificate === undefined) break
    const purpose = i === 0 ? question.purpose : 'certificateAuthority'
    revocations.push(await checkRevocation({ certificate, issuer }, purpose, { freshAt }, context))
  }
  const [own] = revocations
  const revoked = own?.status === 'revoked' ? { revokedAt: own.revokedAt } : {}
  const problem = worstOf(revocations, signedBy)
  return problem ? { path, revocations, ...revoked, problem } : { path, revocations, ...revoked }
}

/** A known revocation before anything unknown; the certificate itself before its authorities. */
function worstOf(revocations: readonly RevocationVerdict[], signedBy: Date | undefined): Problem | undefined {
  const problems = revocations.flatMap((verdict, i): Problem[] => {
    const isLater = i === 0 && verdict.status === 'revoked' && signedBy !== undefined && signedBy < verdict.revokedAt
    const problem = isLater ? undefined : problemOf(verdict, i === 0)
    return problem ? [problem] : []
  })
  return problems.find(({ subIndication }) => subIndication.startsWith('REVOKED')) ?? problems[0]
}

function problemOf(verdict: RevocationVerdict, isOwn: boolean): Problem | undefined {
  switch (verdict.status) {
    case 'not_needed':
      return undefined
    case 'unknown':
      return verdict.problem
    case 'good':
      return verdict.isFresh
        ? undefined
        : indeterminate('TRY_LATER', 'revocation.stale', 'What is known about revocation is too old.')
    case 'revoked': {
      const when = verdict.revokedAt.toISOString()
      return isOwn
        ? indeterminate('REVOKED_NO_POE', 'chain.revoked', `The certificate was revoked at ${when}.`)
        : indeterminate('REVOKED_CA_NO_POE', 'chain.authority_revoked', `An authority was revoked at ${when}.`)
    }
  }
}
