import type { Branded } from '../../std/ids.ts'
import { HOUR_MS } from '../../std/time.ts'
import type { OnboardingId } from '../onboarding/onboarding.ts'
import type { PersonId } from '../people/person.ts'
import type { Outcome } from './decide.ts'
import type { Check } from './provider.ts'

export type ProofingId = Branded<string, 'ProofingId'>

/** How long a person has to finish a session. */
export const SESSION_LIFETIME_MS = HOUR_MS
/** Attempts at most: presentation attacks get better with practice. */
export const MAX_ATTEMPTS = 3

export type Proofing = {
  readonly id: ProofingId
  readonly personId: PersonId
  readonly onboardingId: OnboardingId
  readonly providerRef: string
  readonly status: 'pending' | Outcome
  readonly mayRetry: boolean | null
  readonly reasons: readonly string[]
  readonly checks: readonly Check[]
  readonly createdAt: Date
  readonly expiresAt: Date
}
