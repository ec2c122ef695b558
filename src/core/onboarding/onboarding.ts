import type { Branded } from '../../std/ids.ts'
import { fail } from '../errors.ts'
import type { PersonId } from '../people/person.ts'

export type OnboardingId = Branded<string, 'OnboardingId'>

/** The steps in their order. `done` means that the identity is proven. */
export const STEPS = ['data_enrichment', 'phone_verification', 'kyc', 'done'] as const
export type Step = (typeof STEPS)[number]

export type Onboarding = {
  readonly id: OnboardingId
  readonly personId: PersonId
  readonly step: Step
}

/** What a person told and a registry added, for the person to review. */
export type Dossier = {
  readonly country: string
  readonly nationalId: string
  readonly givenName: string
  readonly surname: string
  readonly dateOfBirth: string
  readonly taxId: string | null
  readonly telephone: string
  readonly address: string
}

/** @throws DomainError onboarding.wrong_step unless the process stands at one of `steps` */
export function requireStep(onboarding: Onboarding, ...steps: readonly Step[]): void {
  if (!steps.includes(onboarding.step)) fail('onboarding.wrong_step', { expected: onboarding.step })
}
