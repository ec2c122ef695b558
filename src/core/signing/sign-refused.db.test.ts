import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  becomeHolder,
  type Company,
  type Holder,
  newestCode,
  newPhone,
  openCompany,
  signRequest,
  upload,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { asAnswer, intentOf, readySigning, resultsOf, usesOf } from '../../../test/support/core-signing.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../std/time.ts'
import { setUnverifiedPhone } from '../people/people.store.ts'
import { addressMac } from '../people/person.ts'
import { signUp } from '../people/sign-up.ts'
import { startLogIn } from '../sessions/start-log-in.ts'
import { challengeSignature } from './challenge-signature.ts'
import { type SignRequest, signDocument } from './sign-document.ts'

let platform: CorePlatform
let company: Company
let ana: Holder
let eva: Holder

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
  ana = await becomeHolder(company, 'anna+1@example.com')
  eva = await becomeHolder(company, 'anna+2@example.com', { nationalId: '2532564960101' })
})
// A number gets ten messages in a day.
beforeEach(() => platform.clock.move(DAY_MS))
afterAll(() => platform.close())

const failed = { code: 'challenge.failed' }
const sign = (holder: Holder, request: SignRequest) => signDocument(holder.context, request)

const replacePhone = async (holder: Holder, verifiedNow: boolean): Promise<() => Promise<void>> => {
  const [before] = await platform.behind.administer('select phone_mac, phone_verified_at from people where id = $1', [
    holder.id,
  ])
  const mac = addressMac(platform.vault, company.tenant.id, newPhone())
  const [row] = await platform.behind.administer<{ phone_sealed: Buffer }>(
    'select phone_sealed from people where id = $1',
    [holder.id],
  )
  const sealed = row?.phone_sealed ?? Buffer.alloc(0)
  await holder.context.db.transaction((tx) => setUnverifiedPhone(tx, holder.id, { mac, sealed }))
  if (verifiedNow)
    await platform.behind.administer('update people set phone_verified_at = now() where id = $1', [holder.id])
  return async () => {
    await platform.behind.administer('update people set phone_mac = $2, phone_verified_at = $3 where id = $1', [
      holder.id,
      before?.['phone_mac'],
      before?.['phone_verified_at'],
    ])
  }
}

describe('nothing is signed', () => {
  type Change = (mine: SignRequest) => SignRequest | Promise<SignRequest>
  const rows: [string, Change, string][] = [
    ['with a wrong code', (mine) => ({ ...mine, code: '999998' }), 'challenge.failed'],
    ['with no code', (mine) => ({ ...mine, code: '' }), 'challenge.malformed'],
    [
      'with a challenge that never was',
      (mine) => ({ ...mine, challengeId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
      'challenge.failed',
    ],
    ['with a challenge of another form', (mine) => ({ ...mine, challengeId: "' or 1=1" }), 'challenge.failed'],
    [
      'with another person’s challenge',
      async (mine) => ({ ...mine, challengeId: (await readySigning(eva)).challengeId }),
      'challenge.failed',
    ],
    [
      'with another person’s whole activation',
      async (mine) => {
        const { challengeId, code } = await readySigning(eva)
        return { ...mine, challengeId, code }
      },
      'challenge.failed',
    ],
    [
      'with another person’s certificate',
      (mine) => ({ ...mine, certificateId: eva.certificate.id }),
      'certificate.not_found',
    ],
    [
      'with a certificate that never was',
      (mine) => ({ ...mine, certificateId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
      'certificate.not_found',
    ],
    [
      'that is another person’s',
      async (mine) => ({ ...mine, document: { id: await upload(eva) } }),
      'document.not_yours',
    ],
    ['that never was', (mine) => ({ ...mine, document: { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } }), 'document.not_found'],
    ['at a level that is not offered', (mine) => ({ ...mine, level: 'B-LTA' }), 'signing.level_unavailable'],
    [
      'into a field that is not there',
      (mine) => ({ ...mine, field: { existing: 'Nobody' } }),
      'signing.field_unusable',
    ],
    [
      'on a page that is not there',
      (mine) => ({ ...mine, field: { page: 99, rectangle: [0, 0, 9, 9] as const } }),
      'signing.field_unusable',
    ],
  ]
  test.each(rows)('%s', async (_, change, code) => {
    const mine = await readySigning(ana)
    const uses = await usesOf(ana)
    await expect(sign(ana, await change(mine))).rejects.toMatchObject({ code })
    expect([await usesOf(ana), await intentOf(platform, mine), await resultsOf(platform, mine)]).toEqual([
      uses,
      undefined,
      0,
    ])
  })

  test('with the activation of another document', async () => {
    const other = await upload(ana, buildPdf('table', { pages: 3 }), 'other.pdf')
    const mine = await readySigning(ana)
    await expect(sign(ana, { ...mine, document: { id: other } })).rejects.toMatchObject(failed)
    expect(await resultsOf(platform, { ...mine, document: { id: other } })).toBe(0)
    // The try is counted; the right document is still good.
    await expect(sign(ana, mine)).resolves.toBeDefined()
  })

  test('when the document behind its id was exchanged', async () => {
    const mine = await readySigning(ana)
    const other = await upload(ana, buildPdf('table', { pages: 4 }), 'other.pdf')
    await platform.behind.administer(
      'update documents d set sha256 = o.sha256, size = o.size from documents o where d.id = $1 and o.id = $2',
      ['id' in mine.document ? mine.document.id : '', other],
    )
    await expect(sign(ana, mine)).rejects.toMatchObject(failed)
  })

  test.each([
    ['at the end of the activation', 5 * MINUTE_MS],
    ['after the clock was set back', -MINUTE_MS],
  ])('%s', async (_, ms) => {
    const mine = await readySigning(ana)
    platform.clock.move(ms)
    await expect(sign(ana, mine)).rejects.toMatchObject(failed)
    if (ms < 0) platform.clock.move(-ms)
  })

  test('after a newer activation was sent to the same number', async () => {
    const mine = await readySigning(ana)
    const newer = await readySigning(ana)
    await expect(sign(ana, { ...newer, challengeId: mine.challengeId })).rejects.toMatchObject(failed)
    await expect(sign(ana, mine)).rejects.toMatchObject(failed)
  })

  test('by the code of an e-mail', async () => {
    const mine = await readySigning(ana)
    await signUp(company.context, { email: ana.email, clientId: company.clientId })
    platform.clock.move(1)
    const started = await startLogIn(company.context, { email: ana.email, clientId: company.clientId })
    const code = await newestCode(company, started.email)
    await expect(sign(ana, { ...mine, code })).rejects.toMatchObject(failed)
    const [logIn] = await platform.behind.administer<{ id: string }>(
      "select id from challenges where purpose = 'login' and person_id = $1 order by created_at desc limit 1",
      [ana.id],
    )
    await expect(sign(ana, { ...mine, code, challengeId: logIn?.id ?? '' })).rejects.toMatchObject(failed)
  })

  test('when the number is another by now', async () => {
    const mine = await readySigning(ana)
    const restore = await replacePhone(ana, false)
    await expect(sign(ana, mine)).rejects.toMatchObject({ code: 'signing.no_second_channel' })
    await restore()
    const restoreAgain = await replacePhone(ana, true)
    await expect(sign(ana, mine)).rejects.toMatchObject(failed)
    await restoreAgain()
    await expect(sign(ana, mine)).resolves.toBeDefined()
  })

  test('by somebody of another company, whose ids answer like ones that never were', async () => {
    const elsewhere = await openCompany(platform)
    const stranger = await becomeHolder(elsewhere, 'anna+1@example.com')
    const theirs = await signRequest(stranger, await upload(stranger))
    const [path] = await platform.behind.administer<{ path: string }>(
      'select path from documents where tenant_id = $1',
      [elsewhere.tenant.id],
    )
    const mine = await readySigning(ana)
    const never = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
    const pairs: [SignRequest, SignRequest][] = [
      [
        { ...mine, document: theirs.document },
        { ...mine, document: { id: never } },
      ],
      [
        { ...mine, document: { path: path?.path ?? '' } },
        { ...mine, document: { path: 'a/b/c.pdf' } },
      ],
      [
        { ...mine, certificateId: theirs.certificateId },
        { ...mine, certificateId: never },
      ],
      [
        { ...mine, challengeId: theirs.challengeId },
        { ...mine, challengeId: never },
      ],
    ]
    for (const [foreign, unknown] of pairs) {
      const answers = await Promise.all([foreign, unknown].map((request) => sign(ana, request).catch(asAnswer)))
      expect(answers[0]).toEqual(answers[1])
      expect(answers[0]).toHaveProperty('code')
    }
  })
})

describe('an activation is not sent', () => {
  test('for a document without content, one of somebody else, or one that cannot be read', async () => {
    const certificateId = ana.certificate.id
    const ask = (id: string) => challengeSignature(ana.context, { document: { id }, certificateId })
    await expect(ask(await upload(eva))).rejects.toMatchObject({ code: 'document.not_yours' })
    await expect(ask(await upload(ana, Buffer.from('no PDF')))).rejects.toMatchObject({ code: 'document.unreadable' })
  })

  test('for somebody else’s certificate', async () => {
    const document = { id: await upload(ana) }
    await expect(
      challengeSignature(ana.context, { document, certificateId: eva.certificate.id }),
    ).rejects.toMatchObject({ code: 'certificate.not_found' })
  })

  test('more often than a number may get one, and says so', async () => {
    const document = { id: await upload(eva) }
    platform.clock.move(HOUR_MS)
    const ask = () => {
      platform.clock.move(1)
      return challengeSignature(eva.context, { document, certificateId: eva.certificate.id })
    }
    for (let i = 0; i < 3; i++) await ask()
    await expect(ask()).rejects.toMatchObject({ code: 'request.limited' })
  })
})
