import {
  type Certificate,
  checkTimestampToken,
  failureOf,
  knownDigest,
  knownSignature,
  readTimestampToken,
  type TimestampFault,
  type TimestampToken,
} from '../../pki/index.ts'
import { type Bytes, sha256 } from '../../std/bytes.ts'
import { SECOND_MS } from '../../std/time.ts'
import { checkAlgorithms } from './algorithm-constraints.ts'
import { certificateReport, chainReport } from './certificate-report.ts'
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.ts'
import { isPadding } from './container-format.ts'
import type { DigestOf } from './cryptographic-verification.ts'
import { judgeCertificate } from './judge-certificate.ts'
import { type Finding, failed, indeterminate, type Problem, type SubIndication, verdictOf } from './problem.ts'
import type { Place } from './proofs-of-existence.ts'
import type { TimestampReport } from './report.ts'
import type { ValidationContext } from './validation-context.ts'

/** Two authorities are each off by a second at most (EN 319 421 7.7.1). */
const ORDER_TOLERANCE_MS = 2 * SECOND_MS

/** What is known about a time-stamp whoever is trusted. */
export type TokenFacts = {
  readonly problems: readonly Problem[]
  /** Absent when it cannot be read. */
  readonly token?: TimestampToken
  /** The authority's certificate, when everything but its chain is right. */
  readonly certificate?: Certificate
  readonly others: readonly Certificate[]
  /** Where the token lies in the file. */
  readonly place: Place
  /** Hexadecimal, of the token, or of all its bytes when it cannot be read. */
  readonly sha256: string
}

/** Reads the token at the start of `bytes`, which may be padded, and checks it against what it must be over. */
export async function examineToken(bytes: Bytes, place: Place, digestOf: DigestOf): Promise<TokenFacts> {
  let token: TimestampToken
  try {
    token = readTimestampToken(bytes)
  } catch (error) {
    return { problems: [describe(failureOf(error))], others: [], place, sha256: sha256(bytes).toString('hex') }
  }
  const known = { token, place, sha256: sha256(token.der).toString('hex') }
  if (!isPadding(bytes.subarray(token.der.length))) {
    const message = 'Bytes other than zero follow the time-stamp.'
    return { ...known, problems: [failed('FORMAT_FAILURE', 'timestamp.trailing_bytes', message)], others: [] }
  }
  const { digest } = token.info.imprint
  const imprint = digest ? await digestOf(digest) : new Uint8Array()
  const check = checkTimestampToken(token, () => imprint)
  if (!check.ok) return { ...known, problems: [describe(check)], others: token.certificates }
  return { ...known, problems: [], certificate: check.certificate, others: check.others }
}

/** EN 319 102-1 5.4 with 5.3; what is not named is a fault of form. */
const subIndications: Readonly<Partial<Record<TimestampFault, Problem['subIndication']>>> = {
  imprint: 'HASH_FAILURE',
  message_digest: 'HASH_FAILURE',
  signature: 'SIG_CRYPTO_FAILURE',
  imprint_algorithm: 'CRYPTO_CONSTRAINTS_FAILURE',
  algorithm: 'CRYPTO_CONSTRAINTS_FAILURE',
  algorithm_protection: 'SIG_CONSTRAINTS_FAILURE',
  signing_certificate_missing: 'SIG_CONSTRAINTS_FAILURE',
  certificate_missing: 'NO_SIGNING_CERTIFICATE_FOUND',
  signing_certificate: 'NO_SIGNING_CERTIFICATE_FOUND',
  purpose: 'CHAIN_CONSTRAINTS_FAILURE',
  purpose_not_critical: 'CHAIN_CONSTRAINTS_FAILURE',
  key_usage: 'CHAIN_CONSTRAINTS_FAILURE',
  certificate_not_yet_valid: 'NOT_YET_VALID',
  certificate_expired: 'EXPIRED',
}

/** The sub-indications that a failure, and not only a doubt, may have (EN 319 102-1 table 5). */
const FAILURES: ReadonlySet<SubIndication> = new Set([
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'NOT_YET_VALID',
  'EXPIRED',
])

function describe({
  code,
  message,
  clause,
}: {
  readonly code: TimestampFault
  readonly message: string
  readonly clause: string
}): Problem {
  const subIndication = subIndications[code] ?? 'FORMAT_FAILURE'
  const make = FAILURES.has(subIndication) ? failed : indeterminate
  return make(subIndication, `timestamp.${code}`, `The time-stamp does not count: ${message} (${clause}).`)
}

/** Time-stamp validation (EN 319 102-1 5.4) of a token that is proved to exist by whatever covers its place. */
export async function judgeToken(facts: TokenFacts, context: ValidationContext): Promise<TimestampReport> {
  const { token, certificate, place } = facts
  const proven = context.proofs.at(place)
  const known = {
    sha256: facts.sha256,
    ...(token && { time: token.info.time }),
    ...(proven < context.policy.time && { provenAt: proven }),
  }
  if (!token || !certificate)
    return { ...verdictOf(facts.problems), problems: facts.problems, findings: [], chain: [], ...known }
  const verdict = await judgeCertificate(
    { certificate, purpose: 'timeStamping', proven, stated: token.info.time },
    context,
  )
  const problems = [
    ...facts.problems,
    ...checkOrder(token.info.time, proven, context.policy.time),
    ...(verdict.problem ? [verdict.problem] : []),
    ...checkTokenAlgorithms(token, certificate, proven, context),
  ]
  const authority = certificateReport(certificate)
  const findings = verdict.isDated ? [dated] : []
  return { ...verdictOf(problems), problems, findings, chain: chainReport(verdict), authority, ...known }
}

const dated: Finding = {
  code: 'timestamp.dated_status',
  message: 'That the authority of the time-stamp is not revoked is known for the time after it, and not for today.',
}

function checkTokenAlgorithms(
  { signer }: TimestampToken,
  certificate: Certificate,
  proven: Date,
  context: ValidationContext,
): Problem[] {
  const digest = knownDigest(signer.digestAlgorithm)
  const signature = digest && knownSignature(signer.signatureAlgorithm, digest)
  return signature ? checkAlgorithms({ digest, signature }, certificate, proven, context) : []
}

/** What is proved to have existed at one moment cannot state a later one. */
function checkOrder(stated: Date, proven: Date, now: Date): Problem[] {
  if (stated.getTime() > now.getTime() + CLOCK_TOLERANCE_MS)
    return [indeterminate('TIMESTAMP_ORDER_FAILURE', 'timestamp.future', 'The time-stamp states a time to come.')]
  if (proven >= now || stated.getTime() <= proven.getTime() + ORDER_TOLERANCE_MS) return []
  const message = 'The time-stamp states a later time than another one that covers it.'
  return [indeterminate('TIMESTAMP_ORDER_FAILURE', 'timestamp.order', message)]
}
