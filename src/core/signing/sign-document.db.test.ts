import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  becomeHolder,
  type Company,
  challenge,
  type Holder,
  newestCode,
  openCompany,
  signRequest,
  upload,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { bytesOf, readySigning, resultsOf, usesOf } from '../../../test/support/core-signing.ts'
import { validate } from '../../pades/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../std/time.ts'
import { revokeOwnCertificate } from '../certificates/own-certificates.ts'
import { readOutbox } from '../messages/read-outbox.ts'
import { challengeSignature } from './challenge-signature.ts'
import { withFile } from './open-stored.ts'
import { type SignRequest, signDocument } from './sign-document.ts'

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

const failed = { code: 'challenge.failed' }
const sign = (holder: Holder, request: SignRequest) => signDocument(holder.context, request)

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
  const signed = await bytesOf(platform, result.sha256)
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

describe('a signature is made once', () => {
  test('by the same request again, with the same answer', async () => {
    const request = await readySigning(ana)
    const uses = await usesOf(ana)
    const first = await sign(ana, request)
    platform.clock.move(HOUR_MS)
    expect(await sign(ana, request)).toEqual(first)
    expect([await usesOf(ana), await resultsOf(platform, request)]).toEqual([uses + 1, 1])
  })

  test('and the same request gets it when the certificate was revoked since', async () => {
    const mia = await becomeHolder(company, 'anna+7@example.com')
    const request = await readySigning(mia)
    const first = await sign(mia, request)
    await revokeOwnCertificate(mia.context, mia.certificate.id, 'superseded')
    expect(await sign(mia, request)).toEqual(first)
  })

  test('by 32 requests in parallel, with one answer', async () => {
    const request = await readySigning(ana)
    const uses = await usesOf(ana)
    const results = await Promise.all(Array.from({ length: 32 }, () => sign(ana, request)))
    expect(new Set(results.map(({ sha256 }) => sha256)).size).toBe(1)
    expect(new Set(results.map(({ documentPath }) => documentPath)).size).toBe(1)
    expect([await usesOf(ana), await resultsOf(platform, request)]).toEqual([uses + 1, 1])
  })

  test('and another request with the used code is refused', async () => {
    const request = await readySigning(ana)
    await sign(ana, request)
    await expect(sign(ana, { ...request, reason: 'Another' })).rejects.toMatchObject(failed)
    await expect(sign(ana, { ...request, code: '000000' })).rejects.toMatchObject(failed)
    expect(await resultsOf(platform, request)).toBe(1)
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
