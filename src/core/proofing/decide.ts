import { matchNames } from './name-match.ts'
import type { Assurance, Check, Claim, ClaimField, ProofingReport, ProofingRequest, Verdict } from './provider.ts'

export type Outcome = 'accepted' | 'rejected' | 'inconclusive' | 'failed' | 'expired' | 'cancelled'

/** What the core made of a report. Providers find; only this decides. */
export type Decision = {
  readonly outcome: Outcome
  /** Whether the person may try again; said of a rejection only. */
  readonly mayRetry: boolean | null
  /** Codes of the checks that decided. */
  readonly reasons: readonly string[]
  readonly checks: readonly Check[]
  readonly assurance: Assurance
}

/** Rejections that another photograph cannot heal. */
const FINAL = new Set<string>(['bio.faceMatch', 'chip.passiveAuthentication', 'data.minimumAge', 'risk.sanctions'])

/** Below this, a claim that nothing protects is not believed. */
const MIN_CONFIDENCE = 0.8

/** Adds the comparisons with what was expected and decides. `attempt` counts from 1. */
export function decide(
  report: ProofingReport,
  request: ProofingRequest,
  attempt: { readonly number: number; readonly max: number },
): Decision {
  if (report.ended !== 'complete') {
    const outcome = report.ended
    return { outcome, mayRetry: null, reasons: [`session.${outcome}`], checks: report.checks, assurance: 'NONE' }
  }
  const checks = [...report.checks, ...compare(report.claims, request)]
  const refused = checks.filter((check) => check.blocking && check.verdict === 'NOT_OK')
  if (refused.length > 0) {
    const reasons = refused.map((check) => check.code)
    const mayRetry = attempt.number < attempt.max && !reasons.some((code) => FINAL.has(code))
    return { outcome: 'rejected', mayRetry, reasons, checks, assurance: 'NONE' }
  }
  const doubtful = checks.filter((check) => check.verdict === 'UNCERTAIN')
  if (doubtful.length > 0 || report.assurance === 'NONE') {
    return {
      outcome: 'inconclusive',
      mayRetry: null,
      reasons: doubtful.map((check) => check.code),
      checks,
      assurance: 'NONE',
    }
  }
  return { outcome: 'accepted', mayRetry: null, reasons: [], checks, assurance: report.assurance }
}

/** The strongest claim of a field: a signature before a check digit before a bare reading, then the surer one. */
export function bestClaim(claims: readonly Claim[], field: ClaimField): Claim | undefined {
  const rank = { SIGNATURE: 2, CHECK_DIGIT: 1, NONE: 0 } as const
  return claims
    .filter((claim) => claim.field === field)
    .sort((a, b) => rank[b.protectedBy] - rank[a.protectedBy] || b.confidence - a.confidence)[0]
}

function compare(claims: readonly Claim[], { expected }: ProofingRequest): readonly Check[] {
  return [
    check('data.givenNameMatches', 'firstName', claims, (value) => matchNames(expected.firstName, value)),
    check('data.surnameMatches', 'lastName', claims, (value) => matchNames(expected.lastName, value)),
    check('data.birthDateMatches', 'birthDate', claims, same(expected.birthDate)),
    check('data.nationalIdMatches', 'personalNumber', claims, same(expected.personalNumber)),
  ]
}

/** A field that the provider did not find is no proof of it: UNCERTAIN, so that a person looks. */
function check(
  code: Check['code'],
  field: ClaimField,
  claims: readonly Claim[],
  matches: (value: string) => Verdict,
): Check {
  const claim = bestClaim(claims, field)
  const verdict = !claim || claim.confidence < MIN_CONFIDENCE ? 'UNCERTAIN' : matches(claim.value)
  return { code, field, verdict, blocking: true }
}

const same =
  (expected: string) =>
  (value: string): Verdict => {
    const plain = (text: string): string => text.replace(/[\s-]/g, '').toUpperCase()
    return plain(expected) === plain(value) ? 'OK' : 'NOT_OK'
  }
