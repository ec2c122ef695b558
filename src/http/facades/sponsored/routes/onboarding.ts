import { z } from 'zod'
import { confirmPhone, enrichData, getProofingStatus, resendPhoneCode, startProofing } from '../../../../core/index.ts'
import { type Route, route } from '../../../kit/facade.ts'
import * as examples from '../examples/examples.ts'
import { rfc3339, toEnrichedData, toKycStatus, toProgress } from '../map.ts'
import * as wire from '../wire.ts'

const nothing = z.object({})
const PROCESS = '/onboarding/{onboarding_process_ulid}'

export const onboardingRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: `${PROCESS}/data-enrichment`,
    operationId: 'onboardingEnrichData',
    tag: 'Onboarding',
    summary: 'Submit and enrich personal data',
    description:
      'Takes DPI, telephone and address, adds what the registry knows, and sends a one-time code to the telephone. May be repeated until the telephone is confirmed.',
    credential: 'person',
    params: wire.Process,
    query: nothing,
    body: wire.PersonalData,
    requestExample: examples.personalData,
    replies: {
      200: {
        description: 'The data for the person to review.',
        schema: wire.EnrichedData,
        example: examples.enrichedData,
      },
    },
    refusals: [
      'onboarding.not_found',
      'onboarding.wrong_step',
      'onboarding.national_id_invalid',
      'onboarding.national_id_unknown',
      'person.phone_invalid',
      'person.phone_not_allowed',
    ],
    run: async (context, { params, body }) => {
      const { dpi: nationalId, telephone, address } = body
      const dossier = await enrichData(context, params.onboarding_process_ulid, { nationalId, telephone, address })
      return { status: 200, body: toEnrichedData(dossier) }
    },
  }),
  route({
    method: 'POST',
    path: `${PROCESS}/phone-confirmation`,
    operationId: 'onboardingConfirmPhoneOtp',
    tag: 'Onboarding',
    summary: 'Confirm the telephone with the code from the SMS',
    description: 'The next step is the proofing of the identity.',
    credential: 'person',
    params: wire.Process,
    query: nothing,
    body: wire.PhoneCode,
    requestExample: examples.phoneCode,
    replies: {
      200: { description: 'The telephone is confirmed.', schema: wire.Progress, example: examples.progressToKyc },
    },
    refusals: ['onboarding.not_found', 'onboarding.wrong_step', 'challenge.failed', 'challenge.malformed'],
    run: async (context, { params, body }) => ({
      status: 200,
      body: toProgress(await confirmPhone(context, params.onboarding_process_ulid, body.otp)),
    }),
  }),
  route({
    method: 'POST',
    path: `${PROCESS}/phone-confirmation/resend`,
    operationId: 'onboardingResendPhoneOtp',
    tag: 'Onboarding',
    summary: 'Send another code to the telephone',
    description: 'Three in ten minutes and ten a day; beyond that the answer is the same and nothing is sent.',
    credential: 'person',
    params: wire.Process,
    query: nothing,
    body: null,
    requestExample: null,
    replies: {
      200: { description: 'A code was sent, or withheld.', schema: wire.Progress, example: examples.progressAtPhone },
    },
    refusals: ['onboarding.not_found', 'onboarding.wrong_step'],
    run: async (context, { params }) => ({
      status: 200,
      body: toProgress(await resendPhoneCode(context, params.onboarding_process_ulid)),
    }),
  }),
  route({
    method: 'POST',
    path: `${PROCESS}/kyc-session`,
    operationId: 'onboardingStartKyc',
    tag: 'Onboarding',
    summary: 'Open a session to prove the identity',
    description: 'Returns the link for the person. While a session is open, the same session gets a new link.',
    credential: 'person',
    params: wire.Process,
    query: nothing,
    body: null,
    requestExample: null,
    replies: { 200: { description: 'The session is open.', schema: wire.KycSession, example: examples.kycSession } },
    refusals: ['onboarding.not_found', 'onboarding.wrong_step', 'proofing.do_not_retry'],
    run: async (context, { params }) => {
      const { url, expiresAt } = await startProofing(context, params.onboarding_process_ulid)
      return { status: 200, body: { url, expires_at: rfc3339(expiresAt) } }
    },
  }),
  route({
    method: 'GET',
    path: `${PROCESS}/kyc-status`,
    operationId: 'onboardingGetKycStatus',
    tag: 'Onboarding',
    summary: 'Read how the proofing of the identity stands',
    description: 'The message tells, of a rejection, whether another session may be opened.',
    credential: 'person',
    params: wire.Process,
    query: nothing,
    body: null,
    requestExample: null,
    replies: { 200: { description: 'The status.', schema: wire.KycStatus, example: examples.kycStatus } },
    refusals: ['onboarding.not_found'],
    run: async (context, { params }) => {
      const { personId, proofing } = await getProofingStatus(context, params.onboarding_process_ulid)
      return { status: 200, body: toKycStatus(personId, proofing) }
    },
  }),
]
