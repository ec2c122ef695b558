import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  becomeHolder,
  challenge,
  enrich,
  logIn,
  newestCode,
  openCompany,
  proveOnce,
  upload,
} from '../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../test/support/core-platform.ts'
import { validate } from '../pades/index.ts'
import { buildPdf } from '../pdf/testing/pdf-builder.ts'
import { requestOwnCertificate } from './certificates/own-certificates.ts'
import { createDownload, redeemDownload } from './documents/download.ts'
import { tokenKeys } from './keys/token-keys.ts'
import { confirmPhone } from './onboarding/confirm-phone.ts'
import { getProofingStatus } from './proofing/get-proofing-status.ts'
import { authenticatePerson } from './sessions/authenticate-person.ts'
import { ownPolicy } from './signing/open-stored.ts'
import { signDocument } from './signing/sign-document.ts'
import { verifyToken } from './tokens/verify-token.ts'

let platform: CorePlatform

beforeAll(async () => {
  platform = await openCorePlatform()
})
afterAll(() => platform.close())

const failed = { code: 'challenge.failed' }

describe.each(['sandbox', 'live'] as const)('in a %s company', (mode) => {
  test('an unknown address becomes a signed file that validates', async () => {
    const company = await openCompany(platform, mode, 'GT')
    const member = await logIn(company, 'Anna+Way@Example.com')
    expect(member.email).toBe('anna+way@example.com')

    // The token alone leads back to the person.
    const { publicUrl } = platform.settings
    const now = platform.clock.now()
    const ring = await tokenKeys(platform)
    const expected = { purpose: 'access_token', issuer: publicUrl, audience: publicUrl, now } as const
    const { subject, claims, issuedAt } = await verifyToken(member.accessToken, ring, expected)
    const context = await authenticatePerson(
      platform,
      {
        subject,
        clientId: String(claims['client_id']),
        tenantId: String(claims['tenant']),
        issuedAt: issuedAt.getTime() / 1000,
      },
      { facade: 'test', requestId: 'test' },
    )
    expect(context.actor).toEqual({ kind: 'person', id: member.id, clientId: company.clientId })

    const telephone = await enrich(member)
    const next = await confirmPhone(context, member.onboardingId, await newestCode(company, telephone))
    expect(next.step).toBe('kyc')
    await proveOnce(member)
    expect((await getProofingStatus(context, member.onboardingId)).proofing?.status).toBe('accepted')

    const { certificate } = await requestOwnCertificate(context)
    const pdf = buildPdf('stream', { pages: 3 })
    const documentId = await upload(member, pdf)
    const holder = { ...member, telephone, certificate }
    const { challengeId } = await challenge(holder, documentId)
    const code = await newestCode(company, telephone)
    const document = { id: documentId }
    const result = await signDocument(context, { document, certificateId: certificate.id, challengeId, code })
    expect(result).toMatchObject({ level: 'B-B', signedAt: platform.clock.now() })

    const { url } = await createDownload(context, result.documentPath)
    const { file, fileName } = await redeemDownload(platform, url.split('/').at(-1) ?? '', 'test')
    const report = await validate(file, ownPolicy(platform))
    const beginning = Buffer.from(file.read(0, pdf.length))
    await file.close()
    expect(fileName).toBe('contract-signed.pdf')
    expect(beginning.equals(pdf)).toBe(true)
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      signatures: [
        { format: 'PAdES-B-B', coverage: 'whole_document', signer: { commonName: 'Juan José Pérez López' } },
      ],
    })
  })
})

test('the code of the sandbox activates nothing in a live company, and everything in a sandbox', async () => {
  const live = await openCompany(platform, 'live')
  const ana = await logIn(live, 'anna+live@example.com')
  const telephone = await enrich(ana)
  await expect(confirmPhone(ana.context, ana.onboardingId, '000000')).rejects.toMatchObject(failed)
  await confirmPhone(ana.context, ana.onboardingId, await newestCode(live, telephone))
  await proveOnce(ana)
  const { certificate } = await requestOwnCertificate(ana.context)
  const documentId = await upload(ana)
  const { challengeId } = await challenge({ ...ana, telephone, certificate }, documentId)
  const request = { document: { id: documentId }, certificateId: certificate.id, challengeId, code: '000000' }
  await expect(signDocument(ana.context, request)).rejects.toMatchObject(failed)

  const sandbox = await openCompany(platform)
  const eva = await becomeHolder(sandbox, 'anna@example.com')
  const theirs = await upload(eva)
  const { challengeId: magic } = await challenge(eva, theirs)
  const same = { document: { id: theirs }, certificateId: eva.certificate.id, challengeId: magic, code: '000000' }
  await expect(signDocument(eva.context, same)).resolves.toMatchObject({ level: 'B-B' })
})
