import { z } from 'zod'
import { Refused } from '../errors.ts'
import { poll } from './poll.ts'
import type { Company, Step, Traveller } from './world.ts'

/** A person who is through the onboarding and may sign. */
export type Onboarded = {
  readonly traveller: Traveller
  /** The person's access token. */
  readonly token: string
  /** As the registry told it and the proofing confirmed it. */
  readonly fullName: string
  readonly certificateId: string
}

/** A session of a person, and where their onboarding stands. */
type LoggedIn = { readonly token: string; readonly process: string }

const Started = z.object({ session: z.string(), user_id: z.string() })
const Confirmed = z.object({ access_token: z.string(), onboarding_process_ulid: z.string().nullable() })
const Enriched = z.object({ full_name: z.string() })
const Progress = z.object({ onboarding_step: z.string().nullable() })
const KycStatus = z.object({ status: z.string() })
const Certificates = z.array(z.object({ certificate_id: z.string(), status: z.string() }))

/** Takes a person from an e-mail address to a certificate, by the documented calls alone. */
export async function onboard(company: Company, traveller: Traveller, step: Step): Promise<Onboarded> {
  await step('The company registers an e-mail address: 201, and 200 the second time', () => signUp(company, traveller))
  const { token, process } = await step('The person logs in with the code from their e-mail', () =>
    logIn(company, traveller),
  )
  const fullName = await step('National id, telephone and address in; name and birth date out', () =>
    enrich(company, traveller, token, process),
  )
  await step('The code from the SMS confirms the telephone', () => confirmPhone(company, traveller, token, process))
  await step('The identity is proven', () => proveIdentity(company, token, process))
  const certificateId = await step('A certificate is issued to the proven identity', () =>
    awaitCertificate(company, token),
  )
  return { traveller, token, fullName, certificateId }
}

async function signUp({ client, clientId, token }: Company, { email }: Traveller): Promise<void> {
  const call = { method: 'POST', path: '/v1/auth/signup', token, json: { email, client_id: clientId } } as const
  await client.ask(call, 201, z.object({ email: z.literal(email) }))
  await client.ask(call, 200, z.object({ email: z.literal(email) }))
}

/** Logs a person in, with a code that no other log-in has used. */
async function logIn(company: Company, traveller: Traveller): Promise<LoggedIn> {
  const { client, clientId, token } = company
  const { email } = traveller
  const { session, user_id, otp } = await requestLogIn(company, traveller)
  const json = { email, session, method: 'email', client_id: clientId, otp, user_id }
  const confirmed = await client.ask(
    { method: 'POST', path: '/v1/auth/login-confirmation', token, json },
    200,
    Confirmed,
  )
  const process = confirmed.onboarding_process_ulid
  if (process === null) throw new Refused('demo.already_onboarded', `${email} has no onboarding process.`)
  return { token: confirmed.access_token, process }
}

/** Asks for a log-in and reads the code from the person's mail. */
export async function requestLogIn(
  { client, clientId, token, mailbox }: Company,
  { email }: Traveller,
): Promise<{ session: string; user_id: string; otp: string }> {
  const json = { email, client_id: clientId }
  const started = await client.ask({ method: 'POST', path: '/v1/auth/login', token, json }, 200, Started)
  return { ...started, otp: await mailbox.nextCode(email) }
}

async function enrich({ client }: Company, traveller: Traveller, token: string, process: string): Promise<string> {
  const { dpi, telephone, address } = traveller
  const path = `/v1/onboarding/${process}/data-enrichment`
  const enriched = await client.ask({ method: 'POST', path, token, json: { dpi, telephone, address } }, 200, Enriched)
  return enriched.full_name
}

async function confirmPhone(
  { client, mailbox }: Company,
  { telephone }: Traveller,
  token: string,
  process: string,
): Promise<void> {
  const otp = await mailbox.nextCode(telephone)
  const path = `/v1/onboarding/${process}/phone-confirmation`
  const progress = await client.ask({ method: 'POST', path, token, json: { otp } }, 200, Progress)
  if (progress.onboarding_step !== 'kyc')
    throw new Refused('demo.wrong_step', `After the telephone comes ${progress.onboarding_step}, not the proofing.`)
}

async function proveIdentity({ client }: Company, token: string, process: string): Promise<void> {
  const path = `/v1/onboarding/${process}`
  const { url } = await client.ask(
    { method: 'POST', path: `${path}/kyc-session`, token },
    200,
    z.object({ url: z.string() }),
  )
  // The person follows the link; in a sandbox nothing is left for them to do there.
  await client.send({ method: 'GET', path: url })
  await poll('The result of the proofing', async () => {
    const { status } = await client.ask({ method: 'GET', path: `${path}/kyc-status`, token }, 200, KycStatus)
    if (status === 'Processing') return undefined
    if (status === 'Approved') return status
    throw new Refused('demo.not_approved', `The proofing ended with ${status}.`)
  })
}

async function awaitCertificate({ client }: Company, token: string): Promise<string> {
  return await poll('The certificate', async () => {
    const list = await client.ask({ method: 'GET', path: '/v1/certificates', token }, 200, Certificates)
    return list.find(({ status }) => status === 'Active')?.certificate_id
  })
}
