import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  asPerson,
  becomeHolder,
  type Company,
  type Holder,
  openCompany,
  signRequest,
  upload,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { Confinement, confineFiles, type FileConfinement } from '../../pades/index.ts'
import { overwritten, signed, signers } from '../../pades/testing/signing.ts'
import { damages } from '../../pdf/testing/damage.ts'
import { buildEncrypted } from '../../pdf/testing/encrypted-builder.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { DAY_MS } from '../../std/time.ts'
import { challengeSignature } from './challenge-signature.ts'
import { signDocument } from './sign-document.ts'

let platform: CorePlatform
let company: Company
let ana: Holder

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
  ana = await becomeHolder(company, 'anna+1@example.com')
})
// A number gets ten messages in a day.
beforeEach(() => platform.clock.move(DAY_MS))
afterAll(() => platform.close())

/** Asks for the activation code of a document. */
async function ask(pdf: Buffer, context = ana.context) {
  const document = { id: await upload(ana, pdf) }
  return await challengeSignature(context, { document, certificateId: ana.certificate.id })
}

/** Everything but making fields and changing pages (ISO 32000-2 table 22, bits 4 and 6). */
const FORMS_ONLY = -44

describe('a document that nobody could sign is refused before a code is sent', () => {
  const rows: [string, () => Buffer | Promise<Buffer>, object][] = [
    ['no PDF', () => Buffer.from('no PDF'), { code: 'document.unreadable', details: { reason: 'not_a_pdf' } }],
    [
      'one that viewers repair',
      () => damages['startxref points elsewhere'](buildPdf('table')),
      { code: 'document.unreadable', details: { reason: 'damaged', finding: 'repair.xref_rebuilt' } },
    ],
    [
      'one that was cut off',
      () => buildPdf('stream').subarray(0, 300),
      { code: 'document.unreadable', details: { reason: 'damaged' } },
    ],
    [
      'one that needs a password',
      () => buildEncrypted('table', 'AES-256', { user: 'secret' }),
      { code: 'document.password_needed' },
    ],
    [
      'one whose author forbids it',
      () => buildEncrypted('table', 'AES-128', { permissions: -300 }),
      { code: 'document.signing_forbidden', details: { reason: 'permission' } },
    ],
    [
      'one that is certified against every change',
      () => signed(buildPdf('table'), signers.ana, { certify: 1 }),
      { code: 'document.signing_forbidden', details: { reason: 'certified_no_changes' } },
    ],
    [
      'one with a broken signature',
      async () => overwritten(await signed(buildPdf('table'), signers.ana), 'Page 1', 'Page 9'),
      { code: 'document.unreadable', details: { reason: 'broken_signature' } },
    ],
  ]
  test.each(rows)('%s', async (_, make, answer) => {
    await expect(ask(await make())).rejects.toMatchObject(answer)
  })

  async function withConfinement(confinement: FileConfinement, reason: string): Promise<void> {
    try {
      const context = asPerson(company, ana.id, { ...platform, confinement })
      const refused = { code: 'document.unreadable', details: { reason } }
      await expect(ask(buildPdf('table'), context)).rejects.toMatchObject(refused)
    } finally {
      await confinement.close()
    }
  }

  test('one that takes too long', () => withConfinement(confineFiles({ timeMs: 0 }), 'too_much_work'))

  test('one that the engine does not survive, of which the operator hears', async () => {
    const main = new URL('../../../test/support/failing-admission-main.ts', import.meta.url)
    await withConfinement(new Confinement({ main }), 'reader_failed')
    expect(platform.entries.at(-1)).toMatchObject({ level: 'warn', fields: { cause: 'crash' } })
  })
})

test('a document whose author allows no new fields is signed in one that is there, and nowhere else', async () => {
  const pdf = buildEncrypted('table', 'AES-256', { permissions: FORMS_ONLY })
  const request = await signRequest(ana, await upload(ana, pdf))
  await expect(signDocument(ana.context, request)).rejects.toMatchObject({
    code: 'document.signing_forbidden',
    details: { reason: 'permission' },
  })
  await expect(signDocument(ana.context, { ...request, field: { existing: 'Sig_A' } })).resolves.toMatchObject({
    level: 'B-B',
  })
})

test('a document that somebody signed whom we do not know is signed beside them', async () => {
  const pdf = await signed(buildPdf('stream'), signers.ana)
  await expect(signDocument(ana.context, await signRequest(ana, await upload(ana, pdf)))).resolves.toMatchObject({
    level: 'B-B',
  })
})
