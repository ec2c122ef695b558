/** The verdict over one signature or time-stamp, in the words of EN 319 102-1 5.1.3. */
export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'

/** Why it is not passed: every name that EN 319 102-1 tables 5 and 6 give. */
export const subIndications = [
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'REVOKED',
  'EXPIRED',
  'NOT_YET_VALID',
  'SIG_CONSTRAINTS_FAILURE',
  'CHAIN_CONSTRAINTS_FAILURE',
  'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE',
  'POLICY_PROCESSING_ERROR',
  'SIGNATURE_POLICY_NOT_AVAILABLE',
  'TIMESTAMP_ORDER_FAILURE',
  'NO_SIGNING_CERTIFICATE_FOUND',
  'NO_CERTIFICATE_CHAIN_FOUND',
  'NO_CERTIFICATE_CHAIN_FOUND_NO_POE',
  'REVOKED_NO_POE',
  'REVOKED_CA_NO_POE',
  'OUT_OF_BOUNDS_NOT_REVOKED',
  'OUT_OF_BOUNDS_NO_POE',
  'REVOCATION_OUT_OF_BOUNDS_NO_POE',
  'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
  'NO_POE',
  'TRY_LATER',
  'SIGNED_DATA_NOT_FOUND',
] as const

export type SubIndication = (typeof subIndications)[number]

/** Why a signature or time-stamp is not valid. */
export type Problem = {
  readonly indication: Exclude<Indication, 'TOTAL-PASSED'>
  readonly subIndication: SubIndication
  /** Stable name of the rule that is broken. */
  readonly code: string
  /** For people. */
  readonly message: string
}

/** Something to know that does not decide the verdict. */
export type Finding = { readonly code: string; readonly message: string }

export function failed(subIndication: SubIndication, code: string, message: string): Problem {
  return { indication: 'TOTAL-FAILED', subIndication, code, message }
}

export function indeterminate(subIndication: SubIndication, code: string, message: string): Problem {
  return { indication: 'INDETERMINATE', subIndication, code, message }
}

/** The problem that decides: a failure before a doubt, the earlier check before the later one. */
function decidingProblem(problems: readonly Problem[]): Problem | undefined {
  return problems.find(({ indication }) => indication === 'TOTAL-FAILED') ?? problems[0]
}

/** The verdict and its reason, as a report gives them. */
export type Verdict = {
  readonly indication: Indication
  readonly subIndication?: SubIndication
  /** The problem that decides; absent when there is none. */
  readonly reason?: Problem
}

export function verdictOf(problems: readonly Problem[]): Verdict {
  const reason = decidingProblem(problems)
  if (reason === undefined) return { indication: 'TOTAL-PASSED' }
  return { indication: reason.indication, subIndication: reason.subIndication, reason }
}
