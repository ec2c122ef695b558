import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SigningWorld, startSigningWorld } from '../../../test/support/signing-world.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { Timestamper } from '../index.ts'

const SIGNED = '2026-11-20T12:00:00Z'
const LATER = '2029-06-01T12:00:00Z'
const pdf = buildPdf('table')

let world: SigningWorld
let strangers: SigningWorld
beforeAll(async () => {
  ;[world, strangers] = await Promise.all([startSigningWorld(), startSigningWorld()])
})
afterAll(() => Promise.all([world, strangers].map((one) => one[Symbol.asyncDispose]())))

/** Signed and time-stamped at noon of that day, by whoever `stamp` asks. */
async function stamped(stamp: (data: Bytes) => Promise<Bytes>) {
  world.setTime(SIGNED)
  const timestamper: Timestamper = { ...world.timestamper, room: async () => 6000, stamp }
  return await world.signed(pdf, 'B-T', world.person(), { timestamper })
}

/** The token for something, given at another time. */
async function tokenOf(by: SigningWorld, time: string, data: Bytes): Promise<Bytes> {
  by.setTime(time)
  const token = await by.timestamper.stamp(data)
  by.setTime(SIGNED)
  return token
}

/** A byte of the signature itself, which ends a token. */
function spoilt(token: Bytes): Buffer {
  const bytes = Buffer.from(token)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 5) ^ 1, bytes.length - 5)
  return bytes
}

const days = async (data: Bytes, time: string) => await tokenOf(world, time, data)

describe('a signature time-stamp that does not count', () => {
  test.each<[string, (data: Bytes) => Promise<Bytes>, string, string, string]>([
    [
      'over something else',
      () => days(Buffer.from('other'), SIGNED),
      'TOTAL-FAILED',
      'HASH_FAILURE',
      'timestamp.imprint',
    ],
    [
      'whose signature does not verify',
      async (data) => spoilt(await days(data, SIGNED)),
      'TOTAL-FAILED',
      'SIG_CRYPTO_FAILURE',
      'timestamp.signature',
    ],
    [
      'of an authority that nobody trusts',
      (data) => tokenOf(strangers, SIGNED, data),
      'INDETERMINATE',
      'NO_CERTIFICATE_CHAIN_FOUND',
      'chain.no_path',
    ],
    [
      'of a time to come',
      (data) => days(data, '2030-01-01T00:00:00Z'),
      'INDETERMINATE',
      'TIMESTAMP_ORDER_FAILURE',
      'timestamp.future',
    ],
    [
      'that cannot be read',
      async () => Buffer.from('3003020100', 'hex'),
      'TOTAL-FAILED',
      'FORMAT_FAILURE',
      'timestamp.malformed',
    ],
  ])('%s', async (_, stamp, indication, subIndication, code) => {
    const policy = { revocation: 'none' } as const
    const report = await world.judged(await stamped(stamp), LATER, policy)
    expect(report.timestamps).toMatchObject([{ indication, subIndication, reason: { code } }])
    // The certificate ended in the meantime, and nothing proves that the signature is older.
    expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE' })
    expect(report.provenAt).toBeUndefined()
  })

  test('copied from another signature', async () => {
    const tokens: Bytes[] = []
    await stamped(async (data) => {
      tokens.push(await world.timestamper.stamp(data))
      return tokens[0] ?? data
    })
    const report = await world.judged(await stamped(async (data) => tokens[0] ?? data), LATER, { revocation: 'none' })
    expect(report.timestamps[0]).toMatchObject({ subIndication: 'HASH_FAILURE', reason: { code: 'timestamp.imprint' } })
    expect(report.provenAt).toBeUndefined()
  })

  test('while the signature itself is valid without it', async () => {
    const report = await world.judged(await stamped(() => days(Buffer.from('other'), SIGNED)), SIGNED, {
      revocation: 'none',
    })
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', format: 'PAdES-B-B' })
  })

  test('of an authority that was revoked', async () => {
    world.setTime(SIGNED)
    const unit = world.services.authority.tsa
    const bytes = await world.signed(pdf, 'B-T', world.person())
    world.services.revoke(unit, new Date('2026-12-01T12:00:00Z'))
    world.setTime('2027-06-01T12:00:00Z')
    const report = await world.judged(bytes, '2027-06-01T12:00:00Z', world.online)
    expect(report.timestamps).toMatchObject([{ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' }])
    expect(report.provenAt).toBeUndefined()
  })
})

test('the authorities of time-stamps can be others than those of signers', async () => {
  const bytes = await stamped((data) => tokenOf(strangers, SIGNED, data))
  const timestampAnchors = [strangers.services.authority.root.certificate]
  const report = await world.judged(bytes, LATER, { revocation: 'none', timestampAnchors })
  expect(report).toMatchObject({ indication: 'TOTAL-PASSED', provenAt: new Date(SIGNED) })
})

describe('document time-stamps', () => {
  test('that contradict the time-stamp in a signature leave it without a time', async () => {
    const bytes = await stamped((data) => days(data, '2026-11-20T18:00:00Z'))
    const archived = await world.extended(bytes, 'B-LTA', world.unitUntil('2040-01-01T00:00:00Z'))
    const report = await world.judged(archived, '2026-11-20T20:00:00Z', { revocation: 'none' })
    expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TIMESTAMP_ORDER_FAILURE' })
    expect(report.timestamps[0]).toMatchObject({ reason: { code: 'timestamp.order' } })
  })

  test('are reported by themselves, newest or not', async () => {
    world.setTime(SIGNED)
    const once = await world.signed(pdf, 'B-LTA', world.person())
    const twice = await world.extended(once, 'B-LTA')
    const { signatures, timestamps, indication } = await world.report(twice, SIGNED, { revocation: 'none' })
    expect(indication).toBe('TOTAL-PASSED')
    expect(signatures).toHaveLength(1)
    expect(timestamps).toMatchObject([
      { indication: 'TOTAL-PASSED', coverage: 'whole_revision', time: new Date(SIGNED) },
      { indication: 'TOTAL-PASSED', coverage: 'whole_document', time: new Date(SIGNED) },
    ])
  })

  test('over other bytes prove nothing', async () => {
    world.setTime(SIGNED)
    const timestamper = world.unitUntil('2040-01-01T00:00:00Z')
    const wrong = { ...timestamper, stampDigest: () => timestamper.stamp(Buffer.from('other')) }
    const bytes = await world.extended(await world.signed(pdf, 'B-B', world.person()), 'B-LTA', wrong)
    const { signatures, timestamps } = await world.report(bytes, LATER, { revocation: 'none' })
    expect(timestamps.at(-1)).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' })
    expect(signatures[0]).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE' })
  })
})
