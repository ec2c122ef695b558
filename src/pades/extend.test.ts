import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTrustServices, type TrustServices } from '../../test/support/trust-services.ts'
import { bytesSource, openPdf } from '../pdf/index.ts'
import { damages } from '../pdf/testing/damage.ts'
import { buildPdf } from '../pdf/testing/pdf-builder.ts'
import { readCertificate, type StatusSubject, serialText } from '../pki/index.ts'
import { type Holder, NOW, signerOf } from '../pki/testing/authority.ts'
import { type ExtendRequest, extend, type Level, signDocument, validate, withTail } from './index.ts'
import { levelTools } from './testing/level-tools.ts'

const LATER = new Date('2040-01-01T00:00:00Z')
const pdf = buildPdf('table')

let services: TrustServices
let strangers: TrustServices
beforeAll(async () => {
  services = await startTrustServices()
  strangers = await startTrustServices()
})
afterAll(async () => {
  await services.stop()
  await strangers.stop()
})

async function signedAt(level: Level, before: Uint8Array, by: TrustServices, urls?: string[]): Promise<Buffer> {
  by.setTime(NOW)
  const signer = signerOf(by.person('Ana Ruiz'), by.authority)
  const request = { signer, signedAt: NOW, level, ...levelTools(by, urls) }
  return Buffer.concat([before, await signDocument(bytesSource(before), request)])
}

async function extended(before: Uint8Array, request: Partial<ExtendRequest>): Promise<Buffer> {
  const given = { level: 'B-LTA', now: services.now(), ...levelTools(services), ...request } as const
  return Buffer.concat([before, await extend(bytesSource(before), given)])
}

async function judged(file: Uint8Array) {
  const trustAnchors = [services.authority.root.certificate]
  const { signatures } = await validate(bytesSource(file), { trustAnchors, time: services.now() })
  return signatures
}

describe('a document with the signature of somebody whom nobody knows', () => {
  test('is not extended as a whole', async () => {
    const both = await signedAt('B-B', await signedAt('B-B', pdf, strangers), services)
    const details = { field: 'Signature1' }
    await expect(extended(both, {})).rejects.toMatchObject({ code: 'pades.no_chain', details })
  })

  test('is not extended for a signature that it does not have', async () => {
    const fields = ['Signature7']
    await expect(extended(await signedAt('B-B', pdf, services), { fields })).rejects.toMatchObject({
      code: 'pades.field_unknown',
    })
  })

  test("is not extended when the stranger's time-stamp would be the proof", async () => {
    const own = await signedAt('B-B', pdf, services)
    const given = { level: 'B-T', now: NOW, ...levelTools(strangers) } as const
    const stamped = Buffer.concat([own, await extend(bytesSource(own), given)])
    await expect(extended(stamped, {})).rejects.toMatchObject({ code: 'pades.no_chain' })
  })

  test('is extended for the others', async () => {
    const both = await signedAt('B-B', await signedAt('B-T', pdf, strangers), services)
    const signatures = await judged(await extended(both, { fields: ['Signature2'] }))
    expect(signatures).toMatchObject([
      { indication: 'INDETERMINATE' },
      { indication: 'TOTAL-PASSED', format: 'PAdES-B-LTA' },
    ])
  })
})

test.each(Object.entries(damages))('a damaged document (%s) reaches every level in one go', async (_, damage) => {
  services.setTime(NOW)
  const damaged = damage(buildPdf('table', { form: true }))
  const document = openPdf(bytesSource(damaged), { damaged: 'repair' })
  const signer = signerOf(services.person('Ana Ruiz'), services.authority)
  const request = { signer, signedAt: NOW, level: 'B-LTA', ...levelTools(services) } as const
  const whole = withTail(document, await signDocument(document, request))
  expect(whole.source.read(0, damaged.length)).toEqual(damaged)
  const trustAnchors = [services.authority.root.certificate]
  const { signatures } = await validate(whole, { trustAnchors, time: NOW })
  expect(signatures).toMatchObject([{ indication: 'TOTAL-PASSED', format: 'PAdES-B-LTA' }])
})

test('an archive is renewed without asking about what its time-stamps cover', async () => {
  const archived = await extended(await signedAt('B-LT', pdf, services, [services.tsa.url]), {
    ...levelTools(services, [services.tsa2.url]),
  })
  services.setTime(LATER)
  const { timestamper, evidence } = levelTools(services, [services.tsa2.url])
  const asked = new Set<string>()
  const status = (subject: StatusSubject) => {
    asked.add(serialText(subject.certificate))
    return evidence.source.status(subject)
  }
  const renewed = await extended(archived, { timestamper, evidence: { ...evidence, source: { status } } })
  const serialOf = ({ certificate }: Holder) => serialText(readCertificate(certificate))
  expect(asked).toContain(serialOf(services.tsa2.holder))
  expect(asked).not.toContain(serialOf(services.tsa.holder))
  expect(asked.size).toBe(2)
  expect(await judged(renewed)).toMatchObject([{ indication: 'TOTAL-PASSED', format: 'PAdES-B-LTA' }])
})
