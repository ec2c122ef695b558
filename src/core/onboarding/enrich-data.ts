import { announce } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { fail } from '../errors.ts'
import { sealOfPerson, setUnverifiedPhone } from '../people/people.store.ts'
import { addressMac } from '../people/person.ts'
import { normalisePhone, type Phone } from '../people/phone.ts'
import { readDpi } from './national-id.ts'
import { type Dossier, requireStep } from './onboarding.ts'
import { moveStep, saveDossier } from './onboardings.store.ts'
import { ownOnboarding } from './own-onboarding.ts'
import { sendPhoneCode } from './send-phone-code.ts'

export type PersonalData = { readonly nationalId: string; readonly telephone: string; readonly address: string }

/** The country whose identifiers this process takes. */
const COUNTRY = 'GT'

/**
 * Takes what the person typed, asks the registry for the rest, and sends a code to the number. May be repeated until
 * the number is verified: a typing error in it must not end the process.
 *
 * @throws DomainError onboarding.not_found, onboarding.wrong_step, onboarding.national_id_invalid,
 *   onboarding.national_id_unknown, person.phone_invalid, person.phone_not_allowed, platform.unavailable
 */
export async function enrichData(context: Context, onboardingId: string, data: PersonalData): Promise<Dossier> {
  const { tenant, vault, clock, registry } = context
  const steps = ['data_enrichment', 'phone_verification'] as const
  requireStep(await context.db.transaction((tx) => ownOnboarding(context, tx, onboardingId)), ...steps)
  const nationalId = readDpi(data.nationalId)
  const telephone: Phone = normalisePhone(data.telephone, tenant.mode)
  // Asked outside the transaction: a slow registry must not hold a connection.
  const entry = await registry.lookUp({ country: COUNTRY, nationalId })
  if (!entry) fail('onboarding.national_id_unknown')
  const dossier: Dossier = { country: COUNTRY, nationalId, ...entry, telephone, address: data.address }
  await context.db.transaction(async (tx) => {
    const onboarding = await ownOnboarding(context, tx, onboardingId)
    const { personId } = onboarding
    const moved = await moveStep(tx, onboarding.id, steps, 'phone_verification', clock.now())
    if (!moved) fail('onboarding.wrong_step', { expected: onboarding.step })
    const seal = await sealOfPerson(tx, vault, personId)
    const mac = addressMac(vault, tenant.id, telephone)
    await setUnverifiedPhone(tx, personId, { mac, sealed: seal.seal('people.phone', personId, telephone) })
    await saveDossier(tx, seal, onboarding.id, dossier)
    const sent = await sendPhoneCode(context, tx, { personId, seal, telephone, mac })
    await announce(context, tx, {
      action: 'onboarding.data_enriched',
      subject: { kind: 'onboarding', id: onboarding.id },
      details: { withheld: !sent },
    })
  })
  return dossier
}
