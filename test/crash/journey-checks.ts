import { createHash } from 'node:crypto'
import { validate } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { kycStatus, type Traveller, until, type World } from '../support/journey.ts'
import { download } from '../support/journey-documents.ts'
import type { Insight } from '../support/serving-insight.ts'
import type { Trail } from './journey-steps.ts'

/** Something that was acknowledged, and a look at whether it is still there. */
type Fact = readonly [name: string, acknowledged: unknown, holds: () => Promise<boolean>]

/** Names what was acknowledged and is gone. Looks as the person does, and at the rows where no call shows it. */
export async function lostOf(world: World, trail: Trail): Promise<string[]> {
  const lost: string[] = []
  for (const [name, acknowledged, holds] of factsOf(world, trail)) {
    if (acknowledged !== undefined && !(await holds())) lost.push(name)
  }
  return lost
}

const STEPS = ['data_enrichment', 'phone_verification', 'kyc', 'done']

function factsOf(world: World, trail: Trail): Fact[] {
  const { insight, http } = world
  const { person } = trail
  const token = person?.accessToken ?? ''
  const counts = async (text: string): Promise<boolean> => (await insight.rows(text))[0]?.['count'] === 1
  const reached = async (step: string): Promise<boolean> => {
    const [row] = await insight.rows(`select step from onboardings where id = '${person?.process}'`)
    return STEPS.indexOf(String(row?.['step'])) >= STEPS.indexOf(step)
  }
  const isFile = async (path: string, expected: Uint8Array): Promise<boolean> =>
    person !== undefined && (await download(world, person, path)).equals(expected)
  return [
    ['the account', trail.signedUp, async () => (await signUpAgain(world, trail)) === 200],
    ['the log-in', person, async () => (await statusOf(world, person)) !== undefined],
    ['the personal data', trail.enriched, () => reached('phone_verification')],
    ['the telephone', trail.phoneConfirmed, () => reached('kyc')],
    [
      'the proofing session',
      trail.sessionUrl,
      async () => (await http.call('GET', new URL(trail.sessionUrl ?? '').pathname)).status === 200,
    ],
    ['the approval', trail.approved, async () => (await statusOf(world, person)) === 'Approved'],
    [
      'the certificate',
      trail.certificate,
      async () =>
        (await http.call('GET', `/v1/certificates/${trail.certificate?.certificate_id}`, { token })).status === 200,
    ],
    [
      'the upload form',
      trail.form,
      () => counts(`select count(*)::int as count from documents where id = '${trail.form?.doc_ulid}'`),
    ],
    ['the uploaded file', trail.uploaded, () => isFile(trail.form?.fields.key ?? '', trail.file)],
    [
      'the challenge',
      trail.challenged,
      () => counts(`select count(*)::int as count from challenges where id = '${trail.challenged?.challengeId}'`),
    ],
    [
      'the signature',
      trail.signed,
      async () => {
        if (!person || !trail.signed) return false
        const file = await download(world, person, trail.signed.document_path)
        return createHash('sha256').update(file).digest('hex') === trail.signed.sha256
      },
    ],
    ['the signed file', trail.signedFile, () => isFile(trail.signed?.document_path ?? '', trail.signedFile ?? NOTHING)],
  ]
}

const NOTHING = new Uint8Array()

async function signUpAgain({ http, company }: World, { token, email }: Trail): Promise<number> {
  return (await http.call('POST', '/v1/auth/signup', { token, json: { email, client_id: company.clientId } })).status
}

async function statusOf(world: World, person: Traveller | undefined): Promise<string | undefined> {
  return person && (await kycStatus(world, person)).status
}

/** What our validator says of the signed file, judged by what the server publishes. */
export async function verdictOn({ http }: World, file: Uint8Array) {
  const [root, issuing] = await Promise.all(['root', 'issuing'].map((name) => http.call('GET', `/pki/${name}.cer`)))
  if (!root || !issuing) throw new Error('the authorities are not published')
  const { indication, signatures } = await validate(bytesSource(file), {
    trustAnchors: [root.bytes],
    intermediates: [issuing.bytes],
    time: new Date(),
    revocation: 'none',
  })
  return { indication, coverage: signatures.map(({ coverage }) => coverage) }
}

/** What has to be empty once the work that was under way has ended, by the rule that a row in it would break. */
const BROKEN = {
  'the audit sequence of a company has a gap': `
    select tenant_id from audit_heads join audit using (tenant_id) group by tenant_id, audit_heads.seq
    having count(*) <> audit_heads.seq or max(audit.seq) <> audit_heads.seq`,
  'an intent has not ended': `select id from intents where status = 'authorised'`,
  'an intent was given up': `select id from intents where status = 'aborted'`,
  'a completed intent has no result': `select id from intents where status = 'completed' and result_id is null`,
  'a role was signed twice': `select role_id from intents group by role_id having count(*) > 1`,
  'a signed document is the result of no intent': `
    select id from documents where origin = 'signature' and id not in (select result_id from intents where result_id is not null)`,
  'a key was used without an attempt': `
    select keys.id from keys left join intents on intents.key_id = keys.id where purpose = 'person'
    group by keys.id having keys.uses <> coalesce(sum(intents.attempts), 0)`,
  'a certificate waits for ever': `select id from certificates where status = 'pending'`,
  'a person has two active certificates of one identity': `
    select person_id from certificates where status = 'active' group by person_id having count(*) > 1`,
  'a proofing has not ended': `select id from proofings where status = 'pending'`,
  'a message has not left': `select id from messages where status = 'queued'`,
  // Without an error and without its key it was not given up: another one took its place while a killed process
  // still held it.
  'a job was given up': `
    select task_identifier, attempts, last_error from graphile_worker.jobs
    where attempts >= max_attempts and (last_error is not null or key is not null)`,
  'a job is waiting though it is due': `
    select task_identifier, attempts, last_error from graphile_worker.jobs
    where run_at < now() - interval '1 second' and attempts < max_attempts`,
} as const

/** The rules that rows break, after waiting for what a job still repairs. */
export async function brokenRules(insight: Insight): Promise<string[]> {
  const look = async (): Promise<string[]> => {
    const broken: string[] = []
    for (const [rule, text] of Object.entries(BROKEN)) {
      const rows = await insight.rows(text)
      if (rows.length > 0) broken.push(`${rule}: ${JSON.stringify(rows.slice(0, 3))}`)
    }
    return broken
  }
  try {
    return await until('rest', async () => {
      const broken = await look()
      return broken.length === 0 ? broken : undefined
    })
  } catch {
    // It did not come to rest: what is still broken is the finding.
    return await look()
  }
}
