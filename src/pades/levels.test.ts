import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTrustServices, type TrustServices } from '../../test/support/trust-services.ts'
import { bytesSource, formFields, openPdf } from '../pdf/index.ts'
import { buildPdf } from '../pdf/testing/pdf-builder.ts'
import { type Holder, signerOf } from '../pki/testing/authority.ts'
import { readSecurityStore } from './evidence/security-store.ts'
import { signedObjects } from './evidence/signed-objects.ts'
import {
  type ExtendRequest,
  extend,
  hashPrefix,
  type Level,
  prepare,
  type SignDocumentRequest,
  sign,
  signDocument,
  stamp,
  validate,
} from './index.ts'
import { levelTools } from './testing/level-tools.ts'

const form = buildPdf('table', { form: true })

let services: TrustServices
let ana: Holder
beforeEach(async () => {
  services = await startTrustServices()
  services.setTime(new Date('2026-11-20T12:00:00Z'))
  ana = services.person('Ana Ruiz')
})
afterEach(() => services.stop())

async function signedAt(level: Level, pdf: Uint8Array, request: Partial<SignDocumentRequest> = {}): Promise<Buffer> {
  const signer = signerOf(ana, services.authority)
  const given = { signer, signedAt: services.now(), level, ...levelTools(services) }
  return Buffer.concat([pdf, await signDocument(bytesSource(pdf), { ...given, ...request })])
}

async function extended(pdf: Uint8Array, level: ExtendRequest['level']): Promise<Buffer> {
  const request = { ...levelTools(services), now: services.now(), level }
  return Buffer.concat([pdf, await extend(bytesSource(pdf), request)])
}

const opened = (pdf: Uint8Array) => openPdf(bytesSource(pdf))
const storeOf = (pdf: Uint8Array) => readSecurityStore(opened(pdf))

async function judged(pdf: Uint8Array) {
  const trustAnchors = [services.authority.root.certificate]
  const { signatures } = await validate(bytesSource(pdf), { trustAnchors, time: services.now() })
  return signatures.map(({ indication, subIndication, format, reason }) => ({
    verdict: subIndication === undefined ? indication : `${indication}, ${subIndication}`,
    format,
    reason: reason?.message,
  }))
}

const passed = (level: Level) => ({ verdict: 'TOTAL-PASSED', format: `PAdES-${level}`, reason: undefined })

describe('no level is reached that was not asked for, and none is claimed that was not reached', () => {
  test('B-T without anybody who gives time-stamps, B-LT without anybody to ask', async () => {
    const signer = signerOf(ana, services.authority)
    const { timestamper } = levelTools(services)
    const sign = (level: Level, given: object) =>
      signDocument(bytesSource(form), { signer, signedAt: services.now(), level, ...given })
    await expect(sign('B-T', {})).rejects.toMatchObject({ code: 'pades.request', details: { what: 'timestamper' } })
    await expect(sign('B-LT', { timestamper })).rejects.toMatchObject({ details: { what: 'evidence' } })
  })

  test.each(['down', 'error', { slowMs: 2000 }] as const)('both time-stamp authorities %j', async (behaviour) => {
    services.behave('tsa', behaviour)
    services.behave('tsa2', behaviour)
    await expect(signedAt('B-T', form)).rejects.toMatchObject({ code: 'pki.timestamp_unavailable' })
  })

  test('one of them down: the other one stamps', async () => {
    services.behave('tsa', 'down')
    expect(signedObjects(opened(await signedAt('B-T', form)))[0]?.tokens).toHaveLength(1)
    expect(services.requests.tsa2).toBeGreaterThan(0)
  })

  test('the responder and the list of the issuing authority down', async () => {
    services.behave('ocsp/issuing', 'down')
    services.behave('crl/issuing', 'error')
    await expect(signedAt('B-LT', form)).rejects.toMatchObject({ code: 'pki.status_unavailable' })
  })

  test('the responder down: the list is taken', async () => {
    services.behave('ocsp/issuing', 'down')
    const pdf = await signedAt('B-LT', form)
    expect(storeOf(pdf).crls.length).toBeGreaterThan(0)
    expect(await judged(pdf)).toEqual([passed('B-LT')])
  })

  test('a certificate that was revoked before', async () => {
    services.revoke(ana, new Date('2026-11-19T00:00:00Z'), 'keyCompromise')
    await expect(signedAt('B-LT', form)).rejects.toMatchObject({ code: 'pades.revoked' })
  })

  test('a signer that no chain leads from', async () => {
    await using strangers = await startTrustServices()
    const signer = signerOf(strangers.person('Eva Soto'), strangers.authority)
    await expect(signedAt('B-LT', form, { signer })).rejects.toMatchObject({ code: 'pades.no_chain' })
  })

  test('a document without a signature is not extended', async () => {
    await expect(extended(form, 'B-LTA')).rejects.toMatchObject({ code: 'pades.unsigned' })
  })
})

describe('signed in one go', () => {
  test.each<Level>(['B-B', 'B-T', 'B-LT', 'B-LTA'])('%s', async (level) => {
    const pdf = await signedAt(level, form)
    expect(pdf.subarray(0, form.length).equals(form)).toBe(true)
    const names = formFields(opened(pdf)).map(({ name }) => name)
    expect(names.slice(3)).toEqual(level === 'B-LTA' ? ['Signature1', 'Timestamp1'] : ['Signature1'])
    const verdicts = await judged(pdf)
    if (level === 'B-LT' || level === 'B-LTA') expect(verdicts).toEqual([passed(level)])
    else expect(verdicts).toMatchObject([{ format: `PAdES-${level}` }])
  })

  test('with the state of the digest kept, the body of the document is not read again', async () => {
    const big = buildPdf('table', { noise: 3_000_000 })
    const prefix = await hashPrefix(bytesSource(big), 'sha256')
    let read = 0
    const source = bytesSource(big)
    const counting = {
      size: source.size,
      read: (offset: number, length: number) => {
        read += length
        return source.read(offset, length)
      },
    }
    const signer = signerOf(ana, services.authority)
    const request = { signer, signedAt: services.now(), level: 'B-LTA', prefix, ...levelTools(services) } as const
    const pdf = Buffer.concat([big, await signDocument(counting, request)])
    expect(read).toBeLessThan(200_000)
    expect(await judged(pdf)).toEqual([passed('B-LTA')])
  })

  test('the room for a time-stamp is measured on what the authority gives', async () => {
    const { timestamper } = levelTools(services)
    const { identity, ...rest } = signerOf(ana, services.authority)
    const timestampRoom = await timestamper.room()
    const prepared = await prepare(bytesSource(form), { signer: identity, signedAt: services.now(), timestampRoom })
    const { container, hole } = await stamp(await sign(prepared, { identity, ...rest }), identity, timestamper)
    expect(hole.bytes - container.length).toBeLessThan(100)
  })
})

describe('extended later', () => {
  test.each<[Level, ExtendRequest['level']]>([
    ['B-B', 'B-T'],
    ['B-B', 'B-LT'],
    ['B-B', 'B-LTA'],
    ['B-T', 'B-LT'],
    ['B-T', 'B-LTA'],
    ['B-LT', 'B-LTA'],
  ])('from %s to %s', async (from, to) => {
    const before = await signedAt(from, form)
    const after = await extended(before, to)
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    expect(await judged(after)).toMatchObject([{ format: `PAdES-${to}` }])
    if (to !== 'B-T') expect(await judged(after)).toEqual([passed(to)])
  })

  test.each<ExtendRequest['level']>(['B-T', 'B-LT'])('what is at %s already stays as it is', async (level) => {
    const pdf = await signedAt(level, form)
    expect(await extended(pdf, level)).toEqual(pdf)
  })

  test('an archive is renewed before its time-stamp expires, and then outlives everything in it', async () => {
    const archived = await signedAt('B-LTA', form)
    services.setTime(new Date('2040-01-01T00:00:00Z'))
    const renewed = await extended(archived, 'B-LTA')
    services.setTime(new Date('2047-01-01T00:00:00Z'))
    expect((await judged(renewed))[0]?.format).toBe('PAdES-B-LTA')
    expect(storeOf(renewed).ocsps.length).toBeGreaterThan(storeOf(archived).ocsps.length)
  })

  test('what the store has is not put there twice', async () => {
    const renewed = await extended(await signedAt('B-LTA', form), 'B-LTA')
    const { certificates, ocsps, crls } = storeOf(renewed)
    for (const items of [certificates, ocsps, crls]) {
      const prints = items.map((item) => createHash('sha256').update(item).digest('hex'))
      expect(new Set(prints).size).toBe(prints.length)
    }
  })

  test('signatures of several people in one document, each at its level', async () => {
    const once = await signedAt('B-LTA', form)
    const signer = signerOf(services.person('Eva Soto', 'RSA-2048'), services.authority)
    const twice = await signedAt('B-LT', once, { signer })
    expect(await judged(twice)).toEqual([passed('B-LTA'), passed('B-LT')])
  })
})
