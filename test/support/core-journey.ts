import type { Certificate } from '../../src/core/certificates/certificate.ts'
import {
  type Context,
  concludeProofing,
  confirmLogIn,
  confirmPhone,
  contextFor,
  createTenant,
  createUpload,
  deliverMessage,
  enrichData,
  openUpload,
  type PersonalData,
  type PersonId,
  type Platform,
  type ProofingId,
  readOutbox,
  receiveUpload,
  requestOwnCertificate,
  type SignatureChallenge,
  type SignRequest,
  signUp,
  startLogIn,
  startProofing,
  type Tenant,
  type TenantMode,
} from '../../src/core/index.ts'
import { challengeSignature } from '../../src/core/signing/challenge-signature.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { MINUTE_MS } from '../../src/std/time.ts'
import type { CorePlatform } from './core-platform.ts'

/*
 * The steps of the journey, each as one call, so that a test can stop before the one it is about. Every step moves the
 * clock a little: what happens later has a later time.
 */

export type Company = {
  readonly platform: CorePlatform
  readonly tenant: Tenant
  readonly clientId: string
  readonly clientSecret: string
  /** Acts as the company's first client. */
  readonly context: Context
}

export type Member = {
  readonly company: Company
  readonly id: PersonId
  readonly email: string
  readonly onboardingId: string
  /** Acts as the person. */
  readonly context: Context
  readonly accessToken: string
  readonly idToken: string
}

export async function openCompany(
  platform: CorePlatform,
  mode: TenantMode = 'sandbox',
  country = 'US',
): Promise<Company> {
  platform.clock.move(1)
  const { tenant, client, clientSecret } = await createTenant(platform, { name: 'Acme', mode, country })
  const actor = { kind: 'client', id: client.id } as const
  const context = contextFor(platform, { tenant, actor, facade: 'test', requestId: 'test' })
  return { platform, tenant, clientId: client.id, clientSecret, context }
}

/** The context of a person, in a platform that may differ from the company's in some part. */
export function asPerson(company: Company, id: PersonId, platform: Platform = company.platform): Context {
  const actor = { kind: 'person', id, clientId: company.clientId } as const
  return contextFor(platform, { tenant: company.tenant, actor, facade: 'test', requestId: 'test' })
}

/** The code in the newest message to an address or number: from the sandbox's outbox, or from a live gateway. */
export async function newestCode(company: Company, to: string): Promise<string> {
  const body = company.tenant.mode === 'sandbox' ? await newestInOutbox(company, to) : await newestSent(company, to)
  const code = /\b\d{6}\b/.exec(body ?? '')?.[0]
  if (code === undefined) throw new Error('there is no message with a code')
  return code
}

async function newestInOutbox(company: Company, to: string): Promise<string | undefined> {
  const [message] = await readOutbox(company.context, { to, limit: 1 })
  return message?.body
}

/** Sends what is queued, as the job would. */
async function newestSent({ context, platform }: Company, to: string): Promise<string | undefined> {
  const queued = await platform.behind.administer<{ id: string }>(
    "select id from messages where status = 'queued' and tenant_id = $1 order by created_at, id",
    [context.tenant.id],
  )
  for (const { id } of queued) await deliverMessage(context, id)
  return platform.sent.findLast((message) => message.to === to)?.text
}

/** Signs somebody up and logs them in. */
export async function logIn(company: Company, email: string): Promise<Member> {
  const { platform, clientId, context } = company
  platform.clock.move(1)
  await signUp(context, { email, clientId })
  platform.clock.move(1)
  const started = await startLogIn(context, { email, clientId })
  const code = await newestCode(company, started.email)
  platform.clock.move(1)
  const confirmed = await confirmLogIn(context, { ...started, clientId, code })
  const id = started.userId as PersonId
  return {
    company,
    id,
    email: started.email,
    onboardingId: confirmed.onboarding?.id ?? '',
    context: asPerson(company, id),
    accessToken: confirmed.accessToken,
    idToken: confirmed.idToken,
  }
}

let lines = 0
/** A Guatemalan mobile number that nobody had before. */
export const newPhone = (): string => `+5025${String(lines++).padStart(7, '0')}`

export const SAMPLE_DPI = '1234567890101'

/** Gives the personal data; answers with the telephone number in it. */
export async function enrich(member: Member, data: Partial<PersonalData> = {}): Promise<string> {
  const telephone = data.telephone ?? newPhone()
  member.company.platform.clock.move(1)
  const given = { nationalId: SAMPLE_DPI, address: '6a avenida 1-23', ...data, telephone }
  await enrichData(member.context, member.onboardingId, given)
  return telephone
}

/** Gives the personal data and confirms the number. */
export async function verifyPhone(member: Member, data: Partial<PersonalData> = {}): Promise<string> {
  const telephone = await enrich(member, data)
  await confirmPhone(member.context, member.onboardingId, await newestCode(member.company, telephone))
  return telephone
}

/** Goes through one proofing session, to its end. */
export async function proveOnce(member: Member): Promise<void> {
  member.company.platform.clock.move(1)
  await startProofing(member.context, member.onboardingId)
  member.company.platform.clock.move(MINUTE_MS)
  const [pending] = await member.company.platform.behind.administer<{ id: string }>(
    "select id from proofings where person_id = $1 and status = 'pending'",
    [member.id],
  )
  if (!pending) throw new Error('there is no open proofing')
  await concludeProofing(member.context, pending.id as ProofingId)
}

export type Holder = Member & { readonly telephone: string; readonly certificate: Certificate }

/** Somebody who was proven and has a certificate. */
export async function becomeHolder(company: Company, email: string, data: Partial<PersonalData> = {}): Promise<Holder> {
  const member = await logIn(company, email)
  const telephone = await verifyPhone(member, data)
  await proveOnce(member)
  company.platform.clock.move(1)
  const { certificate } = await requestOwnCertificate(member.context)
  return { ...member, telephone, certificate }
}

export async function* piecesOf(...pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield piece
}

/** Uploads a document; gives its id. */
export async function upload(member: Member, bytes = buildPdf('table'), fileName = 'contract.pdf'): Promise<string> {
  const { platform } = member.company
  platform.clock.move(1)
  const { documentId, fields } = await createUpload(member.context, { tier: 'tier-1', fileName })
  await receiveUpload(await openUpload(platform, new Map(Object.entries(fields)), 'test'), piecesOf(bytes))
  return documentId
}

/** Asks for an activation code. The clock moves on so far that the limits of sending are not reached. */
export async function challenge(holder: Holder, documentId: string): Promise<SignatureChallenge> {
  holder.company.platform.clock.move(11 * MINUTE_MS)
  const certificateId = holder.certificate.id
  return await challengeSignature(holder.context, { document: { id: documentId }, certificateId })
}

/** A complete request to sign: document, challenge and the code from the phone. */
export async function signRequest(holder: Holder, documentId: string): Promise<SignRequest> {
  const { challengeId } = await challenge(holder, documentId)
  const code = await newestCode(holder.company, holder.telephone)
  return { document: { id: documentId }, certificateId: holder.certificate.id, challengeId, code }
}
