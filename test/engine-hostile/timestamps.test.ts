import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTimestamper, signDocument } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import {
  type Exchange,
  extendedKeyUsage,
  httpExchange,
  keyUsage,
  OID,
  oid,
  readCertificate,
  requestTimestamp,
  sequence,
  tlv,
  unsigned,
} from '../../src/pki/index.ts'
import { type Holder, NOW, newAuthority, signerOf } from '../../src/pki/testing/authority.ts'
import { buildToken, rightAnswer, type TokenVariant } from '../../src/pki/testing/timestamp.ts'
import { generalizedTime } from '../../src/pki/time.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { type Behaviour, startTrustServices, type TrustServices } from '../support/trust-services.ts'

/* Time-stamp authorities that answer wrongly: no answer of theirs comes into a document. */

const authority = newAuthority()
const unit = authority.timestampUnit()
const imprint = { digest: 'sha256', hash: createHash('sha256').update('value').digest() } as const
const granted = (token?: Bytes, status = 0) => sequence(sequence(unsigned(status)), ...(token ? [token] : []))
const ENDED = new Date('2026-06-01T00:00:00Z')

/** Asks an authority that answers with this; gives why the answer was not taken. */
async function refusalOf(answer: (request: Bytes) => Bytes | Promise<Bytes>, policy?: string): Promise<unknown> {
  const exchange: Exchange = async ({ body = new Uint8Array() }) => await answer(body)
  const authorities = [{ url: 'https://tsa.example/', ...(policy !== undefined && { policy }) }]
  const asked = requestTimestamp(authorities, imprint, { exchange, now: () => NOW, nonce: () => randomBytes(8) })
  return await asked.then(
    () => 'taken',
    (error: unknown) => (error instanceof Error && 'details' in error ? JSON.stringify(error.details) : error),
  )
}

const variant =
  (change: TokenVariant, holder: Holder = unit) =>
  (request: Bytes) =>
    granted(buildToken(request, holder, change))
const purposes = (ids: readonly string[], critical = true) =>
  authority.timestampUnit('P-256', { extensions: [keyUsage('digitalSignature'), extendedKeyUsage([...ids], critical)] })

describe('an answer is not taken', () => {
  test('unless it is right', async () => {
    expect(await refusalOf((request) => rightAnswer(request, unit, authority))).toBe('taken')
    expect(await refusalOf(variant({}))).toBe('taken')
  })

  test.each<[string, (request: Bytes) => Bytes | Promise<Bytes>, RegExp]>([
    ['with another nonce', variant({ info: { rest: [unsigned(5)] } }), /nonce/],
    ['without the nonce', variant({ info: { rest: [] } }), /nonce/],
    [
      'over something else',
      variant({ info: { imprint: sequence(sequence(oid(OID.sha256)), tlv(4, Buffer.alloc(32))) } }),
      /imprint/,
    ],
    [
      'over a shorter digest',
      variant({ info: { imprint: sequence(sequence(oid(OID.sha256)), tlv(4, Buffer.alloc(20))) } }),
      /tsa\.example/,
    ],
    ['granted without a time-stamp', () => granted(), /tsa\.example/],
    ['refused with a time-stamp', (request) => granted(buildToken(request, unit), 2), /tsa\.example/],
    ['that only warns of a revocation', (request) => granted(buildToken(request, unit), 4), /tsa\.example/],
    [
      'by a certificate that has ended',
      variant({}, authority.timestampUnit('P-256', { notAfter: ENDED })),
      /certificate_expired/,
    ],
    [
      'by a certificate that has not begun',
      variant({}, authority.timestampUnit('P-256', { notBefore: new Date('2027-06-01Z') })),
      /not_yet_valid/,
    ],
    ['by a certificate for everything', variant({}, purposes([OID.anyExtendedKeyUsage])), /purpose/],
    ['by a certificate for two things', variant({}, purposes([OID.timeStamping, OID.ocspSigning])), /purpose/],
    ['by a purpose that is not critical', variant({}, purposes([OID.timeStamping], false)), /purpose_not_critical/],
    ['by another key', variant({ signer: authority.timestampUnit() }), /signature/],
    [
      'of a time to come',
      variant({ info: { time: generalizedTime(new Date('2027-11-20T12:00:00Z')) } }),
      /tsa\.example/,
    ],
    ['of yesterday', variant({ info: { time: generalizedTime(new Date('2026-11-19T12:00:00Z')) } }), /tsa\.example/],
    ['without the certificate', variant({ certificates: [] }), /certificate_missing/],
    ['of two signers', variant({ signerCount: 2 }), /tsa\.example/],
    ['without signed attributes', variant({ noAttributes: true }), /signed_attributes/],
    ['with another content', variant({ contentType: OID.data }), /tsa\.example/],
    ['that is empty', () => new Uint8Array(), /tsa\.example/],
    ['that is something else', () => Buffer.from('3003020100', 'hex'), /tsa\.example/],
    ['that never ends', () => Buffer.from('3084ffffffff', 'hex'), /tsa\.example/],
    [
      'with bytes behind it',
      async (request) => Buffer.concat([await rightAnswer(request, unit, authority), Buffer.of(0)]),
      /tsa\.example/,
    ],
  ])('%s', async (_, answer, reason) => {
    expect(await refusalOf(answer)).toMatch(reason)
  })

  test('under another policy than was asked for', async () => {
    expect(await refusalOf(variant({}), '1.2.3.4')).toMatch(/policy/)
  })
})

describe('a document is not signed with a time-stamp', () => {
  let services: TrustServices
  beforeAll(async () => {
    services = await startTrustServices()
    services.setTime(NOW)
  })
  afterAll(() => services.stop())

  test.each<Behaviour>([
    'wrongNonce',
    'wrongImprint',
    'wrongSigner',
    'stale',
    'malformed',
    'unknown',
    'tryLater',
    'down',
    'error',
  ])('by an authority that is %s', async (behaviour) => {
    services.behave('tsa', behaviour)
    const [intermediates, anchors] = services.chain.map((der) => [readCertificate(der)])
    const timestamper = createTimestamper({
      authorities: [{ url: services.tsa.url }],
      exchange: httpExchange({ timeoutMs: 500, attempts: 1 }),
      trust: { anchors: anchors ?? [], intermediates: intermediates ?? [] },
      now: services.now,
      random: randomBytes,
    })
    const signer = signerOf(services.person('Ana Ruiz'), services.authority)
    const signing = signDocument(bytesSource(buildPdf('table')), { signer, signedAt: NOW, level: 'B-T', timestamper })
    await expect(signing).rejects.toMatchObject({ code: 'pki.timestamp_unavailable' })
  })
})
