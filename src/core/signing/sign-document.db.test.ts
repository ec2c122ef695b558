import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  asPerson,
  becomeHolder,
  type Company,
  challenge,
  type Holder,
  newestCode,
  newPhone,
  openCompany,
  signRequest,
  upload,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { validate } from '../../pades/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../std/time.ts'
import { revokeOwnCertificate } from '../certificates/own-certificates.ts'
import type { FileStore } from '../documents/file-store.ts'
import { privatePlace } from '../keys/keys.store.ts'
import { readOutbox } from '../messages/read-outbox.ts'
import { setUnverifiedPhone } from '../people/people.store.ts'
import { addressMac } from '../people/person.ts'
import { signUp } from '../people/sign-up.ts'
import { startLogIn } from '../sessions/start-log-in.ts'
import { challengeSignature } from './challenge-signature.ts'
import { finishSignature } from './finish-signature.ts'
import { type IntentId, LEASE_MS, MAX_ATTEMPTS } from './intent.ts'
import { withFile } from './open-stored.ts'
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

let spoiledCount = 0
const failed = { code: 'challenge.failed' }
const sign = (holder: Holder, request: SignRequest) => signDocument(holder.context, request)
const readySigning = async (holder = ana) => await signRequest(holder, await upload(holder))
/** Acts as a holder on a platform whose files behave otherwise. */
const withFiles = (holder: Holder, change: Partial<FileStore>) =>
  asPerson(company, holder.id, { ...platform, files: { ...platform.files, ...change } })

type IntentRow = {
  id: IntentId
  status: string
  failure: string | null
  attempts: number
  fence: number
  prepared: Buffer | null
  lease_until: Date | null
}
async function intentOf({ challengeId }: SignRequest): Promise<IntentRow | undefined> {
  const rows = await platform.behind.administer<IntentRow>('select * from intents where challenge_id = $1', [
    challengeId,
  ])
  return rows[0]
}
async function resultsOf(request: SignRequest): Promise<number> {
  const id = 'id' in request.document ? request.document.id : ''
  const [row] = await platform.behind.administer<{ n: number }>(
    'select count(*)::int as n from documents where source_id = $1',
    [id],
  )
  return row?.n ?? -1
}
async function usesOf(holder: Holder): Promise<number> {
  const [row] = await platform.behind.administer<{ uses: number }>('select uses::int from keys where id = $1', [
    holder.certificate.keyId,
  ])
  return row?.uses ?? -1
}
const actionsOf = async (id: string): Promise<readonly string[]> => {
  const rows = await platform.behind.administer<{ action: string }>(
    'select action from audit where subject_id = $1 order by seq',
    [id],
  )
  return rows.map(({ action }) => action)
}
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
    const mine = await readySigning()
    const uses = await usesOf(ana)
    await expect(sign(ana, await change(mine))).rejects.toMatchObject({ code })
    expect([await usesOf(ana), await intentOf(mine), await resultsOf(mine)]).toEqual([uses, undefined, 0])
  })

  test('with the activation of another document', async () => {
    const other = await upload(ana, buildPdf('table', { pages: 3 }), 'other.pdf')
    const mine = await readySigning()
    await expect(sign(ana, { ...mine, document: { id: other } })).rejects.toMatchObject(failed)
    expect(await resultsOf({ ...mine, document: { id: other } })).toBe(0)
    // The try is counted; the right document is still good.
    await expect(sign(ana, mine)).resolves.toBeDefined()
  })

  test('when the document behind its id was exchanged', async () => {
    const mine = await readySigning()
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
    const mine = await readySigning()
    platform.clock.move(ms)
    await expect(sign(ana, mine)).rejects.toMatchObject(failed)
    if (ms < 0) platform.clock.move(-ms)
  })

  test('after a newer activation was sent to the same number', async () => {
    const mine = await readySigning()
    const newer = await readySigning()
    await expect(sign(ana, { ...newer, challengeId: mine.challengeId })).rejects.toMatchObject(failed)
    await expect(sign(ana, mine)).rejects.toMatchObject(failed)
  })

  test('by the code of an e-mail', async () => {
    const mine = await readySigning()
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
    const mine = await readySigning()
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
    const mine = await readySigning()
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

const asAnswer = (error: { code: string; message: string; details: unknown }) => {
  const { code, message, details } = error
  return { code, message, details }
}

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

test('the message with the code names the document and the first digits of its hash', async () => {
  const documentId = await upload(ana, buildPdf('table'), 'Compraventa.pdf')
  await challenge(ana, documentId)
  const [row] = await platform.behind.administer<{ sha256: string }>('select sha256 from documents where id = $1', [
    documentId,
  ])
  const [message] = await readOutbox(company.context, { to: ana.telephone, limit: 1 })
  expect(message?.body).toContain(`"Compraventa.pdf" (${row?.sha256.slice(0, 8)})`)
})

describe('a signature is made once', () => {
  test('by the same request again, with the same answer', async () => {
    const request = await readySigning()
    const uses = await usesOf(ana)
    const first = await sign(ana, request)
    platform.clock.move(HOUR_MS)
    expect(await sign(ana, request)).toEqual(first)
    expect([await usesOf(ana), await resultsOf(request)]).toEqual([uses + 1, 1])
  })

  test('and the same request gets it when the certificate was revoked since', async () => {
    const mia = await becomeHolder(company, 'anna+7@example.com')
    const request = await readySigning(mia)
    const first = await sign(mia, request)
    await revokeOwnCertificate(mia.context, mia.certificate.id, 'superseded')
    expect(await sign(mia, request)).toEqual(first)
  })

  test('by 32 requests in parallel, with one answer', async () => {
    const request = await readySigning()
    const uses = await usesOf(ana)
    const results = await Promise.all(Array.from({ length: 32 }, () => sign(ana, request)))
    expect(new Set(results.map(({ sha256 }) => sha256)).size).toBe(1)
    expect(new Set(results.map(({ documentPath }) => documentPath)).size).toBe(1)
    expect([await usesOf(ana), await resultsOf(request)]).toEqual([uses + 1, 1])
  })

  test('and another request with the used code is refused', async () => {
    const request = await readySigning()
    await sign(ana, request)
    await expect(sign(ana, { ...request, reason: 'Another' })).rejects.toMatchObject(failed)
    await expect(sign(ana, { ...request, code: '000000' })).rejects.toMatchObject(failed)
    expect(await resultsOf(request)).toBe(1)
  })
})

describe('after a crash between the decision and the key', () => {
  /** Decides, and dies before the file is stored: the lease runs on. */
  async function killedAfterDecision() {
    const request = await readySigning()
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const append: FileStore['append'] = async (base, tail) => {
      reached.resolve()
      await gate.promise
      return await platform.files.append(base, tail)
    }
    const late = signDocument(withFiles(ana, { append }), request).catch(asAnswer)
    await reached.promise
    const intent = await intentOf(request)
    if (!intent) throw new Error('there is no intent')
    return { request, intent, late, wake: gate.resolve }
  }

  test('the intent is there before the key is used, with every byte that it will sign', async () => {
    const request = await readySigning()
    const failing = withFiles(ana, { append: async () => Promise.reject(new Error('crash')) })
    await expect(signDocument(failing, request)).rejects.toThrow('crash')
    const intent = await intentOf(request)
    expect(intent).toMatchObject({ status: 'authorised', attempts: 1, lease_until: null })
    expect(intent?.prepared).not.toBeNull()
    expect(await actionsOf(intent?.id ?? '')).toEqual(['signature.authorised'])
    const jobs = await platform.behind.administer<{ payload: { intentId: string } }>(
      'select payload from graphile_worker._private_jobs',
    )
    expect(jobs.map(({ payload }) => payload.intentId)).toContain(intent?.id)
    // The same request goes on where the first one stopped, although its code is used.
    await expect(sign(ana, request)).resolves.toMatchObject({ level: 'B-B' })
    expect(await intentOf(request)).toMatchObject({ status: 'completed', prepared: null })
  })

  test('the job finishes it when the lease has ended, and who wakes up late loses', async () => {
    const { request, intent, late, wake } = await killedAfterDecision()
    platform.clock.move(LEASE_MS)
    const finished = await finishSignature({ ...ana.context, actor: { kind: 'system', id: 'job' } }, intent.id)
    wake()
    expect(await late).toMatchObject({ code: 'signing.in_progress' })
    expect(await resultsOf(request)).toBe(1)
    expect(await sign(ana, request)).toEqual(finished)
    expect(await intentOf(request)).toMatchObject({ status: 'completed', attempts: 2 })
  })

  test('it is given up when the certificate was revoked', async () => {
    const mia = await becomeHolder(company, 'anna+3@example.com')
    const request = await readySigning(mia)
    const failing = withFiles(mia, { append: async () => Promise.reject(new Error('crash')) })
    await expect(signDocument(failing, request)).rejects.toThrow('crash')
    await revokeOwnCertificate(mia.context, mia.certificate.id, 'keyCompromise')
    const intent = await intentOf(request)
    await expect(finishSignature(mia.context, intent?.id ?? ('' as IntentId))).rejects.toMatchObject({
      code: 'signing.failed',
    })
    expect(await intentOf(request)).toMatchObject({
      status: 'aborted',
      failure: 'certificate_not_active',
      prepared: null,
    })
    expect(await resultsOf(request)).toBe(0)
  })

  test('it is given up after as many attempts as are allowed', async () => {
    const request = await readySigning()
    const failing = withFiles(ana, { append: async () => Promise.reject(new Error('crash')) })
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++)
      await expect(signDocument(failing, request)).rejects.toThrow('crash')
    await expect(sign(ana, request)).rejects.toMatchObject({ code: 'signing.failed' })
    expect(await intentOf(request)).toMatchObject({ status: 'aborted', failure: 'too_many_attempts' })
    await expect(sign(ana, request)).rejects.toMatchObject({ code: 'signing.failed' })
  })
})

describe('nothing is released', () => {
  test('when the certificate was revoked between the challenge and the signature', async () => {
    const mia = await becomeHolder(company, 'anna+4@example.com')
    const request = await readySigning(mia)
    await revokeOwnCertificate(mia.context, mia.certificate.id, 'superseded')
    await expect(sign(mia, request)).rejects.toMatchObject({ code: 'certificate.not_active' })
  })

  test('when the certificate was revoked while the key signed, and the intent ends at once', async () => {
    const mia = await becomeHolder(company, 'anna+5@example.com')
    const request = await readySigning(mia)
    const append: FileStore['append'] = async (base, tail) => {
      await revokeOwnCertificate(mia.context, mia.certificate.id, 'keyCompromise')
      return await platform.files.append(base, tail)
    }
    await expect(signDocument(withFiles(mia, { append }), request)).rejects.toMatchObject({ code: 'signing.failed' })
    const intent = await intentOf(request)
    expect(intent).toMatchObject({ status: 'aborted', failure: 'certificate_not_active', prepared: null })
    expect(await actionsOf(intent?.id ?? '')).toEqual(['signature.authorised', 'signature.aborted'])
    expect(await resultsOf(request)).toBe(0)
  })

  test('when the key is not the one of the certificate', async () => {
    const mia = await becomeHolder(company, 'anna+6@example.com')
    const request = await readySigning(mia)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { keyId } = mia.certificate
    const planted = platform.vault.seal(privatePlace(keyId), privateKey.export({ format: 'der', type: 'pkcs8' }))
    await platform.behind.administer('update keys set private_sealed = $2 where id = $1', [keyId, planted])
    await expect(sign(mia, request)).rejects.toMatchObject({ code: 'pades.wrong_signature' })
    expect(await resultsOf(request)).toBe(0)
  })

  test.each([
    [
      'bytes were changed',
      (file: Buffer) => Buffer.from(file.toString('latin1').replace('Page 1', 'Page 9'), 'latin1'),
    ],
    ['the revision is missing', (_: Buffer, base: Buffer) => base],
    ['something follows the signature', (file: Buffer) => Buffer.concat([file, Buffer.from('\n1 0 obj<<>>endobj\n')])],
  ])('when the stored file does not pass the check of our own: %s', async (_, spoil) => {
    const mia = await becomeHolder(company, `anna+spoiled${spoiledCount++}@example.com`)
    const request = await readySigning(mia)
    const append: FileStore['append'] = async (base, tail) => {
      const before = await bytesOf(base)
      const spoiled = spoil(Buffer.concat([before, tail]), before)
      async function* pieces() {
        yield spoiled
      }
      return await platform.files.put(pieces(), { maxBytes: 10_000_000 })
    }
    await expect(signDocument(withFiles(mia, { append }), request)).rejects.toMatchObject({ code: 'signing.failed' })
    const intent = await intentOf(request)
    expect(intent?.status).toBe('aborted')
    expect(intent?.failure).toMatch(/^self_check:/)
    expect(await resultsOf(request)).toBe(0)
    await expect(sign(mia, request)).rejects.toMatchObject({ code: 'signing.failed' })
  })
})

async function bytesOf(sha256: string): Promise<Buffer> {
  return await withFile({ files: platform.files }, sha256, async (file) => Buffer.from(file.read(0, file.size)))
}

test('a signed file begins with the file that was shown, and validates', async () => {
  const pdf = buildPdf('object-streams', { form: true })
  const documentId = await upload(ana, pdf, 'Acuerdo.pdf')
  const request = await signRequest(ana, documentId)
  const result = await sign(ana, {
    ...request,
    level: 'B-B',
    field: { existing: 'Sig_A' },
    reason: 'Agreed',
    location: 'Quetzaltenango',
  })
  expect(result.documentPath).toBe(`${ana.id}/${ana.onboardingId}/Acuerdo-signed.pdf`)
  const signed = await bytesOf(result.sha256)
  expect(signed.subarray(0, pdf.length).equals(pdf)).toBe(true)
  const report = await withFile({ files: platform.files }, result.sha256, (file) =>
    validate(file, {
      trustAnchors: [platform.authority.rootCertificate],
      time: platform.clock.now(),
      revocation: 'none',
    }),
  )
  expect(report).toMatchObject({ indication: 'TOTAL-PASSED', signatures: [{ field: 'Sig_A', format: 'PAdES-B-B' }] })
})

test('two people sign one after the other, each their own copy, and a signed file is signed again', async () => {
  const documentId = await upload(ana, buildPdf('table', { form: true }), 'twice.pdf')
  const first = await sign(ana, await signRequest(ana, documentId))
  platform.clock.move(11 * MINUTE_MS)
  const certificateId = ana.certificate.id
  const document = { path: first.documentPath }
  const { challengeId } = await challengeSignature(ana.context, { document, certificateId })
  const code = await newestCode(company, ana.telephone)
  const second = await sign(ana, { document, certificateId, challengeId, code })
  const report = await withFile({ files: platform.files }, second.sha256, (file) =>
    validate(file, {
      trustAnchors: [platform.authority.rootCertificate],
      time: platform.clock.now(),
      revocation: 'none',
    }),
  )
  expect(report.indication).toBe('TOTAL-PASSED')
  expect(report.signatures).toHaveLength(2)
})

test('an envelope is completed by its signature, with the event that tells so', async () => {
  const documentId = await upload(ana)
  const { challengeId } = await challenge(ana, documentId)
  const [before] = await platform.behind.administer<{ status: string }>(
    'select status from envelopes e join envelope_roles r on r.envelope_id = e.id where r.challenge_id = $1',
    [challengeId],
  )
  const code = await newestCode(company, ana.telephone)
  const request = { document: { id: documentId }, certificateId: ana.certificate.id, challengeId, code }
  const { sha256 } = await sign(ana, request)
  const [after] = await platform.behind.administer<{ status: string; signed: boolean }>(
    'select e.status, r.signed_at is not null as signed from envelopes e join envelope_roles r on r.envelope_id = e.id where r.challenge_id = $1',
    [challengeId],
  )
  const events = await platform.behind.administer<{ data: { sha256: string } }>(
    "select data from events where type = 'document.signed' and data->>'sha256' = $1",
    [sha256],
  )
  expect([before?.status, after?.status, after?.signed, events.length]).toEqual(['sent', 'completed', true, 1])
})
