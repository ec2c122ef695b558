import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitString, context, NULL, octetString, oid, sequence, TAG, tlv, unsigned } from '../der-writer.ts'
import { encodeExtension } from '../extension.ts'
import {
  assembleOcspResponse,
  buildOcspRequest,
  buildOcspResponseData,
  namesCertificate,
  OID,
  ocspGetUrl,
  ocspRequestOfPath,
  ocspResponderByKey,
  ocspResponderByName,
  PkiError,
  readCertificate,
  readOcspRequest,
  readOcspResponse,
  refusingOcspResponse,
  signatureAlgorithms,
  signBytes,
} from '../index.ts'
import { NOW, newAuthority } from '../testing/authority.ts'
import {
  hours,
  listAnswer,
  listEntry,
  ocspAnswer,
  singleResponse,
  subjectOf,
  wrapOcsp,
} from '../testing/status-answers.ts'
import { generalizedTime } from '../time.ts'
import { buildOcspCertificateId } from './ocsp-certificate-id.ts'
import { statusFrom } from './status-from.ts'

const authority = newAuthority()
const subject = subjectOf(authority.person('Ana Ruiz'), authority.issuing)
const id = buildOcspCertificateId(subject, 'sha1')
const responder = ocspResponderByKey(subject.issuer)
const produced = generalizedTime(NOW)
const zulu = (text: string) => tlv(TAG.generalizedTime, Buffer.from(text, 'latin1'))
const single = singleResponse(subject)
const critical = context(2, sequence(encodeExtension({ id: '1.2.3', critical: true, value: NULL })))

function refusal(read: () => unknown): unknown {
  try {
    read()
  } catch (error) {
    if (error instanceof PkiError) return error.code
    throw error
  }
  return 'none'
}

/** A request from the fields of its TBSRequest. */
const request = (...fields: Uint8Array[]) => sequence(sequence(...fields))
const list = sequence(sequence(id))
const nonceOf = (bytes: number) =>
  context(
    2,
    sequence(encodeExtension({ id: OID.ocspNonce, critical: false, value: octetString(Buffer.alloc(bytes, 1)) })),
  )

describe('a request is refused when it', () => {
  test.each<[string, string, Uint8Array]>([
    ['is no SEQUENCE', 'pki.der', NULL],
    ['asks for nothing', 'pki.status', request(sequence())],
    ['asks for too many at once', 'pki.status', request(sequence(...Array.from({ length: 101 }, () => sequence(id))))],
    ['writes out its version', 'pki.status', request(context(0, unsigned(0)), list)],
    ['has another version', 'pki.status', request(context(0, unsigned(1)), list)],
    ['has an unknown critical extension', 'pki.status', request(list, critical)],
    [
      'has an unknown critical extension beside a certificate',
      'pki.status',
      request(
        sequence(sequence(id, context(0, sequence(encodeExtension({ id: '1.2.3', critical: true, value: NULL }))))),
      ),
    ],
    ['has an empty nonce', 'pki.status', request(list, nonceOf(0))],
    ['has a nonce over 128 bytes', 'pki.status', request(list, nonceOf(129))],
    ['has a field too many', 'pki.der', request(list, NULL)],
    ['goes on after its end', 'pki.der', Buffer.concat([request(list), NULL])],
  ])('%s', (_, code, der) => {
    expect(refusal(() => readOcspRequest(der))).toBe(code)
  })

  test.each(['', '!', 'MDA', '%', '%zz', 'MDA=='])('is %j in an address', (part) => {
    if (part === 'MDA' || part === 'MDA==')
      expect(refusal(() => readOcspRequest(ocspRequestOfPath(part)))).toBe('pki.der')
    else expect(refusal(() => ocspRequestOfPath(part))).toBe('pki.status')
  })

  test('would be sent with a nonce of a length that no responder takes', () => {
    expect(refusal(() => buildOcspRequest({ ...subject, nonce: Buffer.alloc(129) }))).toBe('pki.status')
  })
})

describe('a request', () => {
  test.each(['sha1', 'sha256'] as const)('names a certificate by %s and is read again', (digest) => {
    const nonce = Buffer.alloc(32, 5)
    const read = readOcspRequest(buildOcspRequest({ ...subject, digest, nonce }))
    expect(read).toMatchObject({
      nonce,
      signed: false,
      certificateIds: [{ digest, serial: subject.certificate.serial }],
    })
    expect(read.certificateIds.every((asked) => namesCertificate(asked, subject))).toBe(true)
  })

  test('may be signed and say who asks', () => {
    const asker = context(1, context(4, sequence()))
    const signature = context(0, sequence(NULL))
    expect(readOcspRequest(sequence(sequence(asker, list), signature))).toMatchObject({ signed: true })
  })

  test('goes through an address and comes back, escaped or not', () => {
    const der = buildOcspRequest(subject)
    const url = ocspGetUrl('http://ca.example/ocsp/', der)
    const [, part = ''] = url.split('http://ca.example/ocsp/')
    expect(part).not.toMatch(/[+/=]/)
    expect(ocspRequestOfPath(part)).toEqual(der)
    expect(ocspRequestOfPath(der.toString('base64'))).toEqual(der)
  })
})

/** An answer from the fields of its ResponseData, with a signature that nobody looks at. */
const answer = (...fields: Uint8Array[]) => wrapOcsp(basic(sequence(...fields)))
const basic = (data: Uint8Array, ...more: Uint8Array[]) =>
  sequence(data, signatureAlgorithms['ecdsa-sha256'].encoded, bitString(Buffer.alloc(8)), ...more)
const status = (certStatus: Uint8Array, ...more: Uint8Array[]) =>
  answer(responder, produced, sequence(sequence(id, certStatus, produced, ...more)))

describe('an answer cannot be read when it', () => {
  test.each<[string, string, Uint8Array]>([
    ['has a response status that does not exist', 'pki.status', sequence(tlv(TAG.enumerated, Buffer.of(4)))],
    ['has a response status of two bytes', 'pki.status', sequence(tlv(TAG.enumerated, Buffer.of(0, 0)))],
    ['succeeds without an answer', 'pki.status', sequence(tlv(TAG.enumerated, Buffer.of(0)))],
    ['refuses and answers', 'pki.status', wrapOcsp(basic(sequence(responder, produced, sequence(single))), 3)],
    ['is of another type', 'pki.status', wrapOcsp(basic(sequence(responder, produced, sequence(single))), 0, '1.2.3')],
    ['writes out its version', 'pki.status', answer(context(0, unsigned(0)), responder, produced, sequence(single))],
    ['has no responder', 'pki.der', answer(produced, sequence(single))],
    [
      'names its responder by a hash of another length',
      'pki.status',
      answer(context(2, octetString(Buffer.alloc(32))), produced, sequence(single)),
    ],
    [
      'was produced at a UTCTime',
      'pki.der',
      answer(responder, tlv(TAG.utcTime, Buffer.from('261120120000Z')), sequence(single)),
    ],
    ['was produced without a zone', 'pki.der', answer(responder, zulu('20261120120000'), sequence(single))],
    ['was produced in another zone', 'pki.der', answer(responder, zulu('20261120120000+0100'), sequence(single))],
    [
      'was produced on a day that does not exist',
      'pki.der',
      answer(responder, zulu('20260230120000Z'), sequence(single)),
    ],
    [
      'has a fraction of a second that ends with a zero',
      'pki.der',
      answer(responder, zulu('20261120120000.50Z'), sequence(single)),
    ],
    ['has an empty fraction of a second', 'pki.der', answer(responder, zulu('20261120120000.Z'), sequence(single))],
    ['has another status than the three', 'pki.status', status(Buffer.from('8300', 'hex'))],
    ['says good with something inside', 'pki.status', status(Buffer.from('800100', 'hex'))],
    ['says unknown with something inside', 'pki.status', status(Buffer.from('820100', 'hex'))],
    ['says revoked without a date', 'pki.der', status(context(1))],
    [
      'says revoked for a reason of two bytes',
      'pki.status',
      status(context(1, produced, context(0, tlv(TAG.enumerated, Buffer.of(1, 1))))),
    ],
    ['has an empty list of extensions', 'pki.certificate', status(Buffer.from('8000', 'hex'), context(1, sequence()))],
    ['has a field too many', 'pki.der', status(Buffer.from('8000', 'hex'), NULL)],
    [
      'has a signature that does not end at a byte',
      'pki.der',
      wrapOcsp(
        sequence(
          sequence(responder, produced, sequence(single)),
          sequence(oid('1.2.3')),
          Buffer.from('03020780', 'hex'),
        ),
      ),
    ],
    [
      'brings too many certificates',
      'pki.status',
      wrapOcsp(
        basic(
          sequence(responder, produced, sequence(single)),
          context(0, sequence(...Array.from({ length: 21 }, () => sequence()))),
        ),
      ),
    ],
    ['goes on after its end', 'pki.der', Buffer.concat([refusingOcspResponse('tryLater'), NULL])],
  ])('%s', (_, code, der) => {
    expect(refusal(() => readOcspResponse(der))).toBe(code)
    expect(statusFrom('ocsp', der, subject)).toMatchObject({ status: 'unusable', code: 'malformed' })
  })
})

describe('an answer', () => {
  test('may have fractions of a second, which are cut to milliseconds', () => {
    const { basic: read } = readOcspResponse(answer(responder, zulu('20261120120000.123456Z'), sequence(single)))
    expect(read?.producedAt).toEqual(new Date('2026-11-20T12:00:00.123Z'))
  })

  test.each([
    ['key', ocspResponderByKey],
    ['name', ocspResponderByName],
  ] as const)('that is built here with the responder named by its %s is one that counts', (_, named) => {
    const holder = authority.ocspSigner()
    const nonce = Buffer.alloc(16, 3)
    const [certificateId = { raw: id }] = readOcspRequest(buildOcspRequest(subject)).certificateIds
    const data = buildOcspResponseData({
      responder: named(readCertificate(holder.certificate)),
      producedAt: NOW,
      answers: [
        {
          certificateId,
          certificate: { status: 'revoked', revokedAt: hours(-1), reason: 'superseded' },
          thisUpdate: NOW,
          nextUpdate: hours(1),
          archiveCutoff: hours(-9),
        },
      ],
      nonce,
    })
    const signature = signBytes(holder.algorithm, holder.key, data)
    const der = assembleOcspResponse(data, holder.algorithm, signature, [holder.certificate])
    expect(statusFrom('ocsp', der, subject, nonce)).toMatchObject({
      status: 'revoked',
      revokedAt: hours(-1),
      reason: 'superseded',
      nonceEchoed: true,
    })
  })
})

describe('whatever bytes come', () => {
  const holder = authority.ocspSigner()
  const samples = {
    ocsp: ocspAnswer({ subject, signer: holder }),
    crl: listAnswer({ issuer: authority.issuing, entries: listEntry(Buffer.of(9)) }),
  }

  test.each(['ocsp', 'crl'] as const)('as %s, they are judged and nothing is thrown', (kind) => {
    const sample = samples[kind]
    const change = fc.record({ at: fc.nat(sample.length - 1), bytes: fc.uint8Array({ maxLength: 4 }) })
    fc.assert(
      fc.property(change, fc.nat(sample.length), ({ at, bytes }, end) => {
        const other = Buffer.from(sample)
        other.set(bytes.subarray(0, sample.length - at), at)
        expect(['good', 'revoked', 'unusable']).toContain(statusFrom(kind, other, subject).status)
        expect(statusFrom(kind, sample.subarray(0, end), subject).status).toBe(
          end < sample.length ? 'unusable' : 'good',
        )
      }),
      { numRuns: 300 },
    )
  })
})
