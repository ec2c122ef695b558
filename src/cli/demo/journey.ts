import { readFile } from 'node:fs/promises'
import { type Context, createTenant, newRequestId, openTenant, type Platform } from '../../core/index.ts'
import { UsageError } from '../errors.ts'
import type { RunningServer } from '../tools.ts'
import { type Client, openClient } from './client.ts'
import { openMailbox } from './mailbox.ts'
import { type Onboarded, onboard } from './onboard.ts'
import { silently } from './progress.ts'
import { type SignedFile, signFile } from './sign.ts'
import { type Company, companyToken, type Step, type Traveller } from './world.ts'

/** What the journey brought home. */
export type Souvenirs = {
  readonly contract: Buffer
  readonly first: { readonly person: Onboarded; readonly file: SignedFile }
  readonly second: { readonly person: Onboarded; readonly file: SignedFile }
  /** DER, as the server publishes them. */
  readonly root: Buffer
  readonly issuing: Buffer
}

const COMPANY = { name: 'Banco del Ejemplo', mode: 'sandbox', country: 'GT' } as const

/** The sample of the API's own documentation. */
const JUAN: Traveller = {
  email: 'user@company.com',
  dpi: '1234567890101',
  telephone: '+50212345678',
  address: '1 Calle 1-23 Zona 4, Guatemala City',
}
const ANA: Traveller = {
  email: 'ana@example.com',
  dpi: '2000000200101',
  telephone: '+50255512345',
  address: '6a Avenida 9-40 Zona 1, Quetzaltenango',
}

/** Walks from two unknown e-mail addresses to a contract that both people signed. */
export async function travel(server: RunningServer, contractPath: string, step: Step): Promise<Souvenirs> {
  const contract = await readContract(contractPath)
  const client = openClient(server.address)
  const company = await step(`A company, ${COMPANY.name}, gets a sandbox and a token`, () =>
    found(server.platform, client),
  )
  const juan = await onboard(company, JUAN, step)
  const reason = 'Acepto el contrato'
  const first = await signFile(company, juan, contract, { fileName: 'contract.pdf', field: 'Signature1', reason }, step)
  const ana = await step('A second person goes through the same onboarding', () => onboard(company, ANA, silently))
  const second = await step('The second person signs what the first one has signed', () =>
    signFile(company, ana, first.bytes, { fileName: 'contract.pdf', field: 'Signature2', reason }, silently),
  )
  const { body: root } = await client.send({ method: 'GET', path: '/pki/root.cer' })
  const { body: issuing } = await client.send({ method: 'GET', path: '/pki/issuing.cer' })
  return { contract, first: { person: juan, file: first }, second: { person: ana, file: second }, root, issuing }
}

async function readContract(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new UsageError('usage.unreadable_file', `The sample ${path} cannot be read.`, {}, { cause })
  }
}

/** What an operator does for a company, and the company's first call. */
async function found(platform: Platform, client: Client): Promise<Company> {
  const { tenant, client: credentials, clientSecret } = await createTenant(platform, COMPANY)
  const context: Context = await openTenant(platform, tenant.id, {
    actor: { kind: 'operator', id: 'cli' },
    facade: 'cli',
    requestId: newRequestId(platform),
  })
  const token = await companyToken(client, credentials.id, clientSecret)
  return { client, clientId: credentials.id, token, mailbox: openMailbox(context) }
}
