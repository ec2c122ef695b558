/** A fact that a proofing found, and what stands behind it. */
export type Claim = {
  readonly field: ClaimField
  readonly value: string
  readonly source: 'MRZ' | 'VIZ' | 'BARCODE' | 'CHIP' | 'WALLET' | 'REVIEWER'
  /** 0 to 1. */
  readonly confidence: number
  readonly protectedBy: 'SIGNATURE' | 'CHECK_DIGIT' | 'NONE'
}

export type ClaimField =
  | 'firstName'
  | 'lastName'
  | 'birthDate'
  | 'birthPlace'
  | 'gender'
  | 'nationality'
  | 'personalNumber'
  | 'document.type'
  | 'document.number'
  | 'document.issuedOn'
  | 'document.expiryDate'
  | 'document.issuanceCountry'
  | 'document.issuanceAuthority'

export type Verdict = 'OK' | 'NOT_OK' | 'UNCERTAIN' | 'SKIPPED' | 'NOT_SUPPORTED'

/** One thing that was looked at. `doc.notExpired`, `bio.faceMatch`, `chip.passiveAuthentication`, … */
export type Check = {
  readonly code: `${'doc' | 'bio' | 'chip' | 'wallet' | 'data' | 'risk'}.${string}`
  readonly verdict: Verdict
  /** Whether a verdict of NOT_OK alone refuses the person. */
  readonly blocking: boolean
  readonly score?: number
  readonly threshold?: number
  /** The field that the check compared, where it compared one. */
  readonly field?: ClaimField
}

export type Assurance = 'NONE' | 'SELF_ASSERTED' | 'DOCUMENT_PHOTO' | 'DOCUMENT_CHIP' | 'WALLET_PID' | 'REVIEWED'

/** What the platform already believes of the person, for the provider to compare with. */
export type ProofingRequest = {
  readonly id: string
  readonly email: string
  readonly expected: {
    readonly firstName: string
    readonly lastName: string
    readonly birthDate: string
    readonly personalNumber: string
    /** ISO 3166-1 alpha-2. */
    readonly country: string
  }
}

/**
 * What a provider reports: claims and checks, never a decision. `ended` says that the session came to its end, or
 * why it did not produce a finding.
 */
export type ProofingReport = {
  readonly ended: 'complete' | 'cancelled' | 'expired' | 'failed'
  readonly assurance: Assurance
  readonly sandbox: boolean
  readonly claims: readonly Claim[]
  readonly checks: readonly Check[]
}

/** A way to prove who somebody is. Providers keep no state of ours: the request comes with each call. */
export type ProofingProvider = {
  readonly id: string
  /** Opens a session. `providerRef` is the provider's own name for it; calling again for one id gives the same. */
  start(request: ProofingRequest): Promise<{ readonly providerRef: string }>
  /** The report, or null while the session goes on. */
  report(providerRef: string, request: ProofingRequest, startedAt: Date): Promise<ProofingReport | null>
}
