import { newRequestId, openTenant, startProofing } from '../../src/core/index.ts'
import { HOUR_MS, later } from '../../src/std/time.ts'
import {
  companyToken,
  confirmPhone,
  enrichData,
  freshEmail,
  kycOutcome,
  logIn,
  signUp,
  startKyc,
  type Traveller,
} from '../support/journey.ts'
import type { Serving } from '../support/serving.ts'

/** Every page that the server shows, by what a person would call it. */
export const PAGES = [
  'the front page',
  'the list of interfaces',
  'the reference',
  'a proofing under way',
  'a confirmed identity',
  'a rejected identity',
  'a link that has ended',
] as const

export type PageName = (typeof PAGES)[number]

/** The address of each page, once there is somebody whose page it is. */
export async function addressesOf(serving: Serving): Promise<Readonly<Record<PageName, string>>> {
  const { publicUrl } = serving.platform.settings
  const [underWay, confirmed, rejected] = await Promise.all([
    openLinks(serving),
    concludedLink(serving, 'anna'),
    concludedLink(serving, 'impostor'),
  ])
  return {
    'the front page': `${publicUrl}/`,
    'the list of interfaces': `${publicUrl}/docs`,
    'the reference': `${publicUrl}/docs/sponsored`,
    'a proofing under way': underWay.newer,
    'a confirmed identity': confirmed,
    'a rejected identity': rejected,
    'a link that has ended': underWay.older,
  }
}

async function concludedLink(serving: Serving, persona: string): Promise<string> {
  const person = await readyForProofing(serving, persona)
  const url = await startKyc(serving, person)
  await kycOutcome(serving, person)
  return url
}

/** Two links to one session that begins in an hour by its own clock, so that the sandbox does not end it before. */
async function openLinks(serving: Serving): Promise<{ readonly older: string; readonly newer: string }> {
  const { platform, company } = serving
  const person = await readyForProofing(serving, 'slow')
  const actor = { kind: 'person', id: person.userId, clientId: company.clientId } as const
  const scope = { actor, facade: 'test', requestId: newRequestId(platform) }
  const context = await openTenant(platform, company.tenantId, scope)
  const inAnHour = { ...context, clock: { now: () => later(platform.clock.now(), HOUR_MS) } }
  const older = await startProofing(inAnHour, person.process)
  const newer = await startProofing(inAnHour, person.process)
  return { older: older.url, newer: newer.url }
}

async function readyForProofing(serving: Serving, persona: string): Promise<Traveller> {
  const email = freshEmail(persona)
  const token = await companyToken(serving)
  await signUp(serving, token, email)
  const person = await logIn(serving, token, email)
  await enrichData(serving, person)
  await confirmPhone(serving, person)
  return person
}
