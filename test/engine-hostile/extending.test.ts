import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Timestamper } from '../../src/pades/index.ts'
import { catalog } from '../../src/pades/testing/attacks/samples.ts'
import { appended } from '../../src/pades/testing/signing.ts'
import { buildPdf, stream } from '../../src/pdf/testing/pdf-builder.ts'
import { basicConstraints, keyUsage, NULL, OID, readCertificate } from '../../src/pki/index.ts'
import { authorityName, issue, newAuthority } from '../../src/pki/testing/authority.ts'
import { hours, ocspAnswer, subjectOf } from '../../src/pki/testing/status-answers.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { type SigningWorld, startSigningWorld } from '../support/signing-world.ts'

/* Documents whose evidence or time-stamps are of no use, and which somebody asks to bring to a level all the same. */

const SIGNED = '2026-11-20T12:00:00Z'
const NEXT_DAY = '2026-11-21T12:00:00Z'
const pdf = buildPdf('table', { form: true })
const field = { existing: 'Sig_A' } as const

let world: SigningWorld
let strangers: SigningWorld
beforeAll(async () => {
  ;[world, strangers] = await Promise.all([startSigningWorld(), startSigningWorld()])
  strangers.setTime(SIGNED)
})
afterAll(() => Promise.all([world, strangers].map((one) => one[Symbol.asyncDispose]())))

/** Signed, with the time-stamp that `stamp` gives. */
function stampedBy(stamp: (data: Bytes) => Promise<Bytes>): Promise<Buffer> {
  world.setTime(SIGNED)
  const timestamper: Timestamper = { ...world.timestamper, room: async () => 6000, stamp }
  return world.signed(pdf, 'B-T', world.person(), { timestamper, field })
}

const TEXT = (bytes: Bytes) => stream(Buffer.from(bytes).toString('latin1'))

/** The document with a security store of these streams. */
function withStore(file: Buffer, store: { certs?: readonly Bytes[]; ocsps?: readonly Bytes[] }): Buffer {
  const { certs = [], ocsps = [] } = store
  const refs = (from: number, list: readonly Bytes[]) => list.map((_, i) => `${from + i} 0 R`).join(' ')
  const streams = (from: number, list: readonly Bytes[]) => list.map((der, i) => [from + i, TEXT(der)] as const)
  return appended(file, {
    1: catalog('/DSS 90 0 R'),
    90: `<</Certs[${refs(1000, certs)}]/OCSPs[${refs(100, ocsps)}]>>`,
    ...Object.fromEntries([...streams(1000, certs), ...streams(100, ocsps)]),
  })
}

describe('a signature whose time-stamp does not count', () => {
  test.each<[string, (data: Bytes) => Promise<Bytes>]>([
    ['as it is of another signature', () => world.timestamper.stamp(Buffer.from('another'))],
    ['as nobody can read it', async () => Buffer.from('3003020100', 'hex')],
  ])('%s gets another one', async (_, stamp) => {
    const file = await stampedBy(stamp)
    expect(await world.judged(file, SIGNED, { revocation: 'none' })).toMatchObject({ format: 'PAdES-B-B' })
    const after = await world.extended(file, 'B-T')
    expect(await world.judged(after, NEXT_DAY, { revocation: 'none' })).toMatchObject({ format: 'PAdES-B-T' })
  })

  test('as it is of strangers is not kept for long', async () => {
    const file = await stampedBy((data) => strangers.timestamper.stamp(data))
    expect((await world.judged(file, NEXT_DAY, { revocation: 'none' })).provenAt).toBeUndefined()
    await expect(world.extended(file, 'B-LT')).rejects.toMatchObject({ code: 'pades.no_chain' })
  })
})

describe('evidence in the document', () => {
  test('that strangers forged does not hide a revocation', async () => {
    world.setTime(SIGNED)
    const person = world.person()
    const file = await world.signed(pdf, 'B-T', person, { field })
    const { issuing } = world.services.authority
    const forger = newAuthority().ocspSigner()
    const forged = ocspAnswer({
      subject: subjectOf(person, issuing),
      signer: forger,
      producedAt: hours(1),
      single: { thisUpdate: hours(1) },
    })
    world.services.revoke(person, new Date('2026-11-20T10:00:00Z'))
    const stored = withStore(file, { ocsps: [forged], certs: [forger.certificate] })
    world.setTime(NEXT_DAY)
    expect((await world.judged(stored, NEXT_DAY)).indication).toBe('INDETERMINATE')
    await expect(world.extended(stored, 'B-LT')).rejects.toMatchObject({ code: 'pades.revoked' })
  })

  test('that is of a time to come does not hide a revocation', async () => {
    world.setTime(SIGNED)
    const person = world.person()
    const file = await world.signed(pdf, 'B-T', person, { field })
    const { issuing, ocsp } = world.services.authority
    const early = ocspAnswer({
      subject: subjectOf(person, issuing),
      signer: ocsp.issuing,
      producedAt: hours(900),
      single: { thisUpdate: hours(900), nextUpdate: hours(1000) },
    })
    world.services.revoke(person, new Date('2026-11-20T10:00:00Z'))
    world.setTime(NEXT_DAY)
    const stored = withStore(file, { ocsps: [early] })
    expect(await world.judged(stored, NEXT_DAY)).toMatchObject({ indication: 'INDETERMINATE' })
    expect(await world.judged(stored, NEXT_DAY, world.online)).toMatchObject({ subIndication: 'REVOKED_NO_POE' })
    await expect(world.extended(stored, 'B-LT')).rejects.toMatchObject({ code: 'pades.revoked' })
  })

  test.each<[string, Bytes]>([
    ['in BER', Buffer.from('3080020100', 'hex')],
    ['of something else', Buffer.from('<</Type/Page>>')],
    ['of nothing', Buffer.alloc(0)],
    ['that is an element without end', Buffer.alloc(10_000, Buffer.of(0x30, 0x80))],
  ])('%s is left out, and the level is reached', async (_, bytes) => {
    world.setTime(SIGNED)
    const stored = withStore(await world.signed(pdf, 'B-T', world.person(), { field }), {
      ocsps: [bytes],
      certs: [bytes],
    })
    const after = await world.extended(stored, 'B-LTA')
    expect(await world.judged(after, NEXT_DAY)).toMatchObject({ indication: 'TOTAL-PASSED', format: 'PAdES-B-LTA' })
  })

  test('of a thousand certificates of one name costs little', async () => {
    world.setTime(SIGNED)
    const { issuing } = world.services.authority
    const one = issue({
      subject: issuing.subject,
      extensions: [basicConstraints({ ca: true }), keyUsage('keyCertSign')],
      profile: 'authority',
      spoil: (template) => template,
    })
    const { der, serial } = readCertificate(one.certificate)
    const at = Buffer.from(der).indexOf(serial)
    const twins = Array.from({ length: 1000 }, (_, i) => {
      const twin = Buffer.from(der)
      twin.writeUInt16BE(0x1000 + i, at)
      return twin
    })
    const file = withStore(await world.signed(pdf, 'B-LT', world.person(), { field }), { certs: twins })
    const start = performance.now()
    expect((await world.judged(file, SIGNED)).indication).not.toBe('NO_SIGNATURE')
    expect(performance.now() - start).toBeLessThan(3000)
  })
})

test('an authority that says nobody needs to ask about it is asked about', async () => {
  world.setTime(SIGNED)
  const { root } = world.services.authority
  const quiet = issue({
    issuer: root,
    subject: authorityName('Quiet Issuing'),
    extensions: [
      basicConstraints({ ca: true }),
      keyUsage('keyCertSign', 'cRLSign'),
      { id: OID.ocspNoCheck, critical: false, value: NULL },
    ],
    profile: 'authority',
    spoil: (template) => template,
  })
  const person = world.person('P-256', { issuer: quiet, spoil: (template) => template })
  const file = await world.signed(pdf, 'B-B', person, { field, certificates: [] } as object)
  const report = await world.judged(file, SIGNED, { intermediates: [quiet.certificate] })
  expect(report.indication).toBe('INDETERMINATE')
})
