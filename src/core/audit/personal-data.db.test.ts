import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  becomeHolder,
  newestCode,
  openCompany,
  piecesOf,
  signRequest,
  upload,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { readySigning, withFiles } from '../../../test/support/core-signing.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { createUpload } from '../documents/create-upload.ts'
import { createDownload } from '../documents/download.ts'
import { openUpload, receiveUpload } from '../documents/receive-upload.ts'
import { readOutbox } from '../messages/read-outbox.ts'
import type { Registry } from '../onboarding/registry.ts'
import { signDocument } from '../signing/sign-document.ts'
import { rotateClientSecret } from '../tenants/clients.ts'

/*
 * One person with a telling value in every field walks the whole way; then every cell of every table is looked
 * through. What a copy of the database tells is what is listed here, and nothing else.
 */

let platform: CorePlatform
/** Every value by what it is. */
const secrets = new Map<string, string>()
const cells: { readonly column: string; readonly value: Buffer }[] = []

const registry: Registry = {
  lookUp: async () => ({
    givenName: 'Xochiquetzal',
    surname: 'Tepeyollotl',
    dateOfBirth: '1977-03-29',
    taxId: '88776655-4',
  }),
}

beforeAll(async () => {
  platform = await openCorePlatform()
  const world = { ...platform.outside.sandbox, registry }
  const telling: CorePlatform = { ...platform, outside: { sandbox: world, live: world } }
  const company = await openCompany(telling)
  const holder = await becomeHolder(company, 'anna+canarymail@canary.example', { address: 'Calle Canaria 4711' })
  const code = await newestCode(company, holder.email)
  const documentId = await upload(holder, buildPdf('table'), 'Testamento-canario.pdf')
  const waiting = await signRequest(holder, documentId)
  const request = { ...waiting, reason: 'Canary reason', location: 'Canary place' }
  const { documentPath } = await signDocument(holder.context, request)
  // Another signature is left where a crash would leave it: decided, and not made.
  const words = { reason: 'Canary reason', location: 'Canary place' }
  const begun = { ...(await readySigning(holder)), ...words }
  const dying = withFiles(holder, { append: async () => Promise.reject(new Error('crash')) })
  await expect(signDocument(dying, begun)).rejects.toThrow('crash')
  const { url } = await createDownload(holder.context, documentPath)
  const upload2 = await createUpload(holder.context, { tier: 'tier-1', fileName: 'second.pdf' })
  const secret = (await rotateClientSecret(telling, company.clientId, 1000)) ?? ''
  for (const [name, value] of Object.entries({
    email: holder.email,
    'e-mail domain': 'canary.example',
    telephone: holder.telephone,
    'telephone without its country': holder.telephone.slice(4),
    address: 'Calle Canaria',
    'national id': '1234567890101',
    'given name': 'Xochiquetzal',
    surname: 'Tepeyollotl',
    'date of birth': '1977-03-29',
    'tax id': '88776655',
    'log-in code': code,
    'activation code': request.code,
    'access token': holder.accessToken,
    'id token': holder.idToken,
    'download link': url.slice(url.lastIndexOf('/') + 1),
    'upload signature': upload2.fields['x-amz-signature'],
    'client secret': company.clientSecret,
    'new client secret': secret,
    'file name': 'Testamento-canario',
    reason: 'Canary reason',
    location: 'Canary place',
  }))
    secrets.set(name, value)
  await dump()
})
afterAll(() => platform.close())

async function dump(): Promise<void> {
  const columns = await platform.behind.administer<{ schema: string; table: string; column: string; bytes: boolean }>(`
    select table_schema as schema, table_name as table, column_name as column, data_type = 'bytea' as bytes
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'
  `)
  for (const { schema, table, column, bytes } of columns) {
    const cell = bytes ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`
    const rows = await platform.behind.administer<{ value: Buffer | null }>(
      `select ${cell} as value from "${schema}"."${table}"`,
    )
    for (const { value } of rows) if (value !== null) cells.push({ column: `${table}.${column}`, value })
  }
}

/** Every way in which a value may stand in bytes for all to read. */
function spellings(value: string): readonly Buffer[] {
  const utf8 = Buffer.from(value)
  const utf16 = Buffer.from(value, 'utf16le').swap16()
  return [
    utf8,
    Buffer.from(value.toUpperCase()),
    Buffer.from(value, 'utf16le'),
    utf16,
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('hex').toUpperCase()),
    Buffer.from(utf16.toString('hex')),
    Buffer.from(utf16.toString('hex').toUpperCase()),
    // Where the encoding of the neighbours does not reach.
    Buffer.from(utf8.toString('base64').replace(/.{0,2}=*$/, '')),
  ]
}

const columnsWith = (value: string): readonly string[] => {
  const forms = spellings(value)
  const found = cells.filter((cell) => forms.some((form) => cell.value.includes(form)))
  return [...new Set(found.map(({ column }) => column))].sort()
}

/** A certificate says who its holder is: that is what it is for. */
const IN_CERTIFICATES = ['certificates.der', 'certificates.tbs']
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'given name': IN_CERTIFICATES,
  surname: IN_CERTIFICATES,
  'national id': IN_CERTIFICATES,
  // The company names its documents by path.
  'file name': ['documents.path'],
}

test('the tables were looked through', () => {
  const tables = new Set(cells.map(({ column }) => column.split('.')[0]))
  for (const table of ['people', 'audit', 'events', 'messages', 'challenges', 'intents', '_private_jobs'])
    expect(tables).toContain(table)
  expect(secrets.size).toBe(21)
  expect(columnsWith('Acme')).toEqual(['clients.name', 'tenants.name'])
})

describe('no copy of the database tells', () => {
  test.each([
    ...['email', 'e-mail domain', 'telephone', 'telephone without its country', 'address', 'national id'],
    ...['given name', 'surname', 'date of birth', 'tax id', 'log-in code', 'activation code', 'access token'],
    ...['id token', 'download link', 'upload signature', 'client secret', 'new client secret', 'file name'],
    ...['reason', 'location'],
  ])('the %s', (name) => {
    expect(columnsWith(secrets.get(name) ?? 'Acme')).toEqual(ALLOWED[name] ?? [])
  })
})

test('no log tells anything of it', () => {
  const text = JSON.stringify(platform.entries)
  for (const [name, value] of secrets) expect(text.includes(value), name).toBe(false)
})

test('a message of the sandbox opens with the key of its person only', async () => {
  const rows = await platform.behind.administer<{ sealed: Buffer }>('select sealed from messages limit 1')
  const [row] = rows
  if (!row) throw new Error('there is no message')
  expect(() => platform.vault.open('messages.sealed', row.sealed)).toThrow()
})

test('a sealed field that was moved to another person does not open', async () => {
  const company = await openCompany(platform)
  const [ana, eva] = [
    await becomeHolder(company, 'anna+a@example.com'),
    await becomeHolder(company, 'anna+b@example.com'),
  ]
  await platform.behind.administer(
    'update people p set phone_sealed = o.phone_sealed from people o where p.id = $1 and o.id = $2',
    [ana.id, eva.id],
  )
  const { fields, documentId } = await createUpload(ana.context, { tier: 'tier-1', fileName: 'a.pdf' })
  const opened = await openUpload(platform, new Map(Object.entries(fields)), 'test')
  await receiveUpload(opened, piecesOf(buildPdf('table')))
  await expect(signRequest(ana, documentId)).rejects.toMatchObject({ code: 'seal.broken' })
})

test('nothing of a person opens once their key is destroyed', async () => {
  const company = await openCompany(platform)
  const ana = await becomeHolder(company, 'anna+c@example.com')
  await platform.behind.administer('delete from person_keys where person_id = $1', [ana.id])
  expect(await readOutbox(company.context, { limit: 100 })).toEqual([])
})
