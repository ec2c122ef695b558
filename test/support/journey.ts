import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, HttpClient } from './http-client.ts'
import type { Company, Insight } from './serving-insight.ts'

/*
 * The sponsored journey step by step, as a company's server and a person's telephone walk it. A step resolves with
 * what was acknowledged and throws for every other answer.
 */

/** Where a journey takes place. A crash test replaces the parts when the server was started again. */
export type World = { readonly http: HttpClient; readonly insight: Insight; readonly company: Company }

/** A person who has logged in. */
export type Traveller = {
  readonly email: string
  readonly telephone: string
  readonly userId: string
  readonly accessToken: string
  readonly idToken: string
  /** The onboarding process; empty once it is complete. */
  readonly process: string
  readonly step: string | null
}

/** An answer that a step did not expect. */
export class Unexpected extends Error {
  readonly answer: Answer

  constructor(call: string, answer: Answer) {
    super(`${call}: ${answer.status} ${answer.bytes.subarray(0, 500).toString('utf8')}`)
    this.name = 'Unexpected'
    this.answer = answer
  }
}

/** The answer's JSON if its status is one of those expected. @throws Unexpected */
export function expected<Body>(call: string, answer: Answer, ...statuses: readonly number[]): Body {
  if (!statuses.includes(answer.status)) throw new Unexpected(call, answer)
  return answer.json as Body
}

export const SAMPLE_DPI = '1234567890101'
export const SAMPLE_ADDRESS = '1 Calle 1-23 Zona 4, Guatemala City'

let numbers = Math.floor(Math.random() * 1_000_000)
/** A Guatemalan mobile number that nobody else in this run has, so that its limits are its own. */
export const freshTelephone = (): string => `+5025${String(1_000_000 + (numbers++ % 9_000_000))}`
let addresses = 0
/** An address of the sandbox persona `key` that nobody else has. */
export const freshEmail = (key = 'anna'): string => `${key}+${process.pid}-${addresses++}@example.com`

export async function companyToken({ http, company }: World): Promise<string> {
  const answer = await http.call('POST', '/oauth/token', {
    raw: 'grant_type=client_credentials',
    headers: {
      authorization: `Basic ${Buffer.from(`${company.clientId}:${company.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  })
  return expected<{ access_token: string }>('token', answer, 200).access_token
}

/** @returns whether the account is new */
export async function signUp({ http, company }: World, token: string, email: string): Promise<boolean> {
  const json = { email, client_id: company.clientId }
  const answer = await http.call('POST', '/v1/auth/signup', { token, json })
  expected('signup', answer, 200, 201)
  return answer.status === 201
}

export type LoginStarted = { readonly email: string; readonly session: string; readonly user_id: string }

export async function startLogin({ http, company }: World, token: string, email: string): Promise<LoginStarted> {
  const json = { email, client_id: company.clientId }
  return expected('login', await http.call('POST', '/v1/auth/login', { token, json }), 200)
}

export function confirmationOf({ company }: Pick<World, 'company'>, started: LoginStarted, otp: string) {
  return {
    email: started.email,
    session: started.session,
    method: 'email',
    client_id: company.clientId,
    otp,
    user_id: started.user_id,
  }
}

export type Tokens = {
  readonly access_token: string
  readonly expires_in: number
  readonly token_type: string
  readonly id_token: string
  readonly onboarding_step: string | null
  readonly onboarding_process_ulid: string | null
}

/** Both calls of a log-in, with the code from the mailbox in between. */
export async function logIn(
  world: World,
  token: string,
  email: string,
  telephone: string = freshTelephone(),
): Promise<Traveller> {
  const started = await startLogin(world, token, email)
  const code = await world.insight.codeSentTo(world.company, started.email)
  const json = confirmationOf(world, started, code)
  const answer = await world.http.call('POST', '/v1/auth/login-confirmation', { token, json })
  const tokens = expected<Tokens>('login-confirmation', answer, 200)
  return {
    email: started.email,
    telephone,
    userId: started.user_id,
    accessToken: tokens.access_token,
    idToken: tokens.id_token,
    process: tokens.onboarding_process_ulid ?? '',
    step: tokens.onboarding_step,
  }
}

export async function enrichData({ http }: World, { accessToken: token, ...person }: Traveller): Promise<void> {
  const json = { dpi: SAMPLE_DPI, telephone: person.telephone, address: SAMPLE_ADDRESS }
  expected(
    'data-enrichment',
    await http.call('POST', `/v1/onboarding/${person.process}/data-enrichment`, { token, json }),
    200,
  )
}

export async function confirmPhone(world: World, { accessToken: token, ...person }: Traveller): Promise<void> {
  const json = { otp: await world.insight.codeSentTo(world.company, person.telephone) }
  const target = `/v1/onboarding/${person.process}/phone-confirmation`
  expected('phone-confirmation', await world.http.call('POST', target, { token, json }), 200)
}

export async function startKyc({ http }: World, { accessToken: token, process }: Traveller): Promise<string> {
  const answer = await http.call('POST', `/v1/onboarding/${process}/kyc-session`, { token })
  return expected<{ url: string }>('kyc-session', answer, 200).url
}

export type KycStatus = { readonly user_id: string; readonly status: string; readonly message?: string }

export async function kycStatus({ http }: World, { accessToken: token, process }: Traveller): Promise<KycStatus> {
  return expected('kyc-status', await http.call('GET', `/v1/onboarding/${process}/kyc-status`, { token }), 200)
}

const PATIENCE_MS = 15_000

/** Asks until the answer is no more `undefined`. @throws when that takes longer than patience lasts */
export async function until<Result>(what: string, ask: () => Promise<Result | undefined>): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const result = await ask()
    if (result !== undefined) return result
    await sleep(25)
  }
  throw new Error(`${what} did not come to pass within ${PATIENCE_MS} ms`)
}

/** The status once the provider has been heard. */
export async function kycOutcome(world: World, person: Traveller): Promise<KycStatus> {
  return await until('the end of the proofing', async () => {
    const now = await kycStatus(world, person)
    return now.status === 'Processing' ? undefined : now
  })
}

export type CertificateReply = {
  readonly certificate_id: string
  readonly name: string
  readonly type: string
  readonly status: string
  readonly expiry_date: string
}

/** The certificate that a job issues once the proofing was accepted. */
export async function certificateOf({ http }: World, { accessToken: token }: Traveller): Promise<CertificateReply> {
  return await until('the certificate', async () => {
    const answer = await http.call('GET', '/v1/certificates', { token })
    return expected<CertificateReply[]>('certificates', answer, 200)[0]
  })
}

/** Everything from an unknown address to a certificate. */
export async function onboard(world: World, email: string = freshEmail()) {
  const token = await companyToken(world)
  await signUp(world, token, email)
  const person = await logIn(world, token, email)
  await enrichData(world, person)
  await confirmPhone(world, person)
  await startKyc(world, person)
  await kycOutcome(world, person)
  const { certificate_id: certificateId } = await certificateOf(world, person)
  return { token, person, certificateId }
}
