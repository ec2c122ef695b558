import { announce, record } from '../audit/record.ts'
import { NO_BINDING, readCode } from '../challenges/challenge.ts'
import { findNewest } from '../challenges/challenges.store.ts'
import { redeemChallenge } from '../challenges/redeem-challenge.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import { markPhoneVerified, readPersonData, sealOfPerson } from '../people/people.store.ts'
import { type Onboarding, requireStep } from './onboarding.ts'
import { moveStep } from './onboardings.store.ts'
import { actingPerson, ownOnboarding } from './own-onboarding.ts'
import { sendPhoneCode } from './send-phone-code.ts'

/**
 * Confirms the number with the code from the SMS; the next step is the proofing.
 *
 * @throws DomainError onboarding.not_found, onboarding.wrong_step, challenge.failed, challenge.malformed
 */
export async function confirmPhone(context: Context, onboardingId: string, codeText: string): Promise<Onboarding> {
  const code = readCode(codeText)
  const confirmed = await context.db.transaction(async (tx) => {
    const onboarding = await atPhoneStep(context, tx, onboardingId)
    const { personId } = onboarding
    const { phone } = await readPersonData(tx, await sealOfPerson(tx, context.vault, personId), personId)
    if (!phone) throw new Error('a process waits for a number that is not there')
    const won = await redeemChallenge(context, tx, await findNewest(tx, personId, 'phone'), {
      purpose: 'phone',
      channel: 'sms',
      clientId: actingPerson(context).clientId,
      personId,
      addressMac: phone.mac,
      binding: NO_BINDING,
      code,
    })
    if (!won) return undefined
    const now = context.clock.now()
    await markPhoneVerified(tx, personId, phone.mac, now)
    await moveStep(tx, onboarding.id, ['phone_verification'], 'kyc', now)
    await announce(context, tx, {
      action: 'onboarding.phone_verified',
      subject: { kind: 'onboarding', id: onboarding.id },
    })
    return { ...onboarding, step: 'kyc' as const }
  })
  if (!confirmed) fail('challenge.failed')
  return confirmed
}

/**
 * Sends another code to the same number. Beyond the limits of sending nothing is sent and the answer is the same.
 *
 * @throws DomainError onboarding.not_found, onboarding.wrong_step
 */
export async function resendPhoneCode(context: Context, onboardingId: string): Promise<Onboarding> {
  return await context.db.transaction(async (tx) => {
    const onboarding = await atPhoneStep(context, tx, onboardingId)
    const { personId } = onboarding
    const seal = await sealOfPerson(tx, context.vault, personId)
    const { phone } = await readPersonData(tx, seal, personId)
    if (!phone) throw new Error('a process waits for a number that is not there')
    const sent = await sendPhoneCode(context, tx, { personId, seal, telephone: phone.number, mac: phone.mac })
    const subject = { kind: 'onboarding', id: onboarding.id }
    await record(context, tx, { action: 'onboarding.code_resent', subject, details: { withheld: !sent } })
    return onboarding
  })
}

async function atPhoneStep(context: Context, tx: Tx, id: string): Promise<Onboarding> {
  const onboarding = await ownOnboarding(context, tx, id)
  requireStep(onboarding, 'phone_verification')
  return onboarding
}
