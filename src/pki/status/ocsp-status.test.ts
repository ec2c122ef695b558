import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NULL, oid, sequence } from '../der-writer.ts'
import {
  archiveCutoff,
  extendedKeyUsage,
  isFresh,
  keyUsage,
  OID,
  ocspResponderByKey,
  ocspResponderByName,
  readCertificate,
  readOcspResponse,
  refusingOcspResponse,
} from '../index.ts'
import { authorityName, issue, NOW, newAuthority, ocspSignerExtensions } from '../testing/authority.ts'
import {
  GOOD,
  hours,
  type OcspParts,
  ocspAnswer,
  revokedStatus,
  singleResponse,
  subjectOf,
  UNKNOWN,
} from '../testing/status-answers.ts'
import { buildOcspCertificateId } from './ocsp-certificate-id.ts'
import type { StatusFault } from './status-fault.ts'
import { statusFrom } from './status-from.ts'

const authority = newAuthority()
const { issuing, root } = authority
const ana = authority.person('Ana Ruiz')
const subject = subjectOf(ana, issuing)
const signer = authority.ocspSigner()
const good = { subject, signer } satisfies OcspParts

const delegate = (change: Parameters<typeof authority.ocspSigner>[1]) => authority.ocspSigner('P-256', change)
const unknownExtension = { id: '1.2.3.4', critical: true, value: NULL }
const nonce = (bytes: Buffer) => ({ id: OID.ocspNonce, critical: false, value: octets(bytes) })
const octets = (bytes: Buffer) => Buffer.concat([Buffer.of(4, bytes.length), bytes])
const otherAuthority = newAuthority()
const twin = issue({
  issuer: root,
  subject: authorityName('Test Issuing'),
  extensions: [],
  profile: 'authority',
  spoil: (template) => template,
})
const without = (id: string) => ocspSignerExtensions.filter((extension) => extension.id !== id)
const sent = Buffer.alloc(32, 7)

type Row = [what: string, code: StatusFault, clause: string, answer: () => Uint8Array]

const signedBy = (holder: ReturnType<typeof delegate>, more: Partial<OcspParts> = {}) =>
  ocspAnswer({ ...good, signer: holder, ...more })

const rows: readonly Row[] = [
  ['says only tryLater', 'try_later', 'RFC 6960 2.3', () => refusingOcspResponse('tryLater')],
  ['says only unauthorized', 'refused_by_responder', 'RFC 6960 2.3', () => refusingOcspResponse('unauthorized')],
  [
    'says only malformedRequest',
    'refused_by_responder',
    'RFC 6960 2.3',
    () => refusingOcspResponse('malformedRequest'),
  ],
  ['says only sigRequired', 'refused_by_responder', 'RFC 6960 2.3', () => refusingOcspResponse('sigRequired')],
  ['says only internalError', 'refused_by_responder', 'RFC 6960 2.3', () => refusingOcspResponse('internalError')],
  ['is no DER', 'malformed', 'RFC 6960 4.2.1', () => Buffer.from('hello')],
  ['is about another serial number', 'other_certificate', 'RFC 6960 3.2 (1)', () => about(authority.person('Leo Paz'))],
  [
    'is about the same serial number of another authority',
    'other_certificate',
    'RFC 6960 3.2 (1)',
    () =>
      withId(
        buildOcspCertificateId({ ...subject, issuer: readCertificate(otherAuthority.issuing.certificate) }, 'sha1'),
      ),
  ],
  [
    'names the issuer by another name',
    'other_certificate',
    'RFC 6960 3.2 (1)',
    () =>
      withId(
        buildOcspCertificateId(
          { ...subject, certificate: { ...subject.certificate, issuer: subject.certificate.subject } },
          'sha1',
        ),
      ),
  ],
  ['names the certificate by an unknown digest', 'other_certificate', 'RFC 6960 3.2 (1)', () => withId(strangeId())],
  [
    'speaks twice of the certificate',
    'answered_twice',
    'RFC 6960 4.2.1',
    () => ocspAnswer({ ...good, others: [singleResponse(subject, { status: revokedStatus(NOW) })] }),
  ],
  [
    'does not know the certificate',
    'unknown_certificate',
    'RFC 6960 2.2',
    () => ocspAnswer({ ...good, single: { status: UNKNOWN } }),
  ],
  [
    'comes without the certificate of its responder',
    'responder_not_found',
    'RFC 6960 4.2.2.3',
    () => ocspAnswer({ ...good, certificates: [] }),
  ],
  [
    'names another responder than the one whose certificate it brings',
    'responder_not_found',
    'RFC 6960 4.2.2.3',
    () => ocspAnswer({ ...good, responder: ocspResponderByKey(readCertificate(ana.certificate)) }),
  ],
  [
    'is signed by the certificate that it is about',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(ana),
  ],
  [
    'is signed under anyExtendedKeyUsage',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ extensions: [...without(OID.extKeyUsage), extendedKeyUsage(['2.5.29.37.0'])] })),
  ],
  [
    'is signed by a delegate without a purpose',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ extensions: without(OID.extKeyUsage) })),
  ],
  [
    'is signed by the delegate of another authority',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ issuer: root })),
  ],
  [
    'is signed by the delegate of another key under the same name',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ issuer: twin })),
  ],
  [
    'is signed by the delegate of another name under the same key',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ issuer: { ...issuing, subject: root.subject } })),
  ],
  [
    'is signed by the delegate of a delegate',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ issuer: signer })),
  ],
  [
    'is signed by a delegate with an unknown critical extension',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ extensions: [...ocspSignerExtensions, unknownExtension] })),
  ],
  [
    'is signed by a delegate whose extensions cannot be read',
    'responder_not_authorized',
    'RFC 6960 4.2.2.2',
    () =>
      signedBy(
        delegate({ extensions: [...without(OID.extKeyUsage), { id: OID.extKeyUsage, critical: false, value: NULL }] }),
      ),
  ],
  [
    'is signed by a delegate whose key encrypts',
    'key_usage',
    'RFC 5280 4.2.1.3',
    () => signedBy(delegate({ extensions: [...without(OID.keyUsage), keyUsage('keyEncipherment')] })),
  ],
  [
    'is signed after the delegate expired',
    'responder_not_valid',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ notAfter: hours(-1) })),
  ],
  [
    'is signed before the delegate was valid',
    'responder_not_valid',
    'RFC 6960 4.2.2.2',
    () => signedBy(delegate({ notBefore: hours(1) })),
  ],
  [
    'has a signature of another key',
    'bad_signature',
    'RFC 6960 3.2 (2)',
    () => ocspAnswer({ ...good, signer: { ...signer, key: ana.key } }),
  ],
  [
    'has a signature that is cut off',
    'bad_signature',
    'RFC 6960 3.2 (2)',
    () => ocspAnswer({ ...good, signature: (right) => right.subarray(0, -1) }),
  ],
  [
    'names an algorithm of another kind of key',
    'bad_signature',
    'RFC 6960 3.2 (2)',
    () => ocspAnswer({ ...good, algorithm: sequence(oid(OID.sha256WithRsa), NULL) }),
  ],
  [
    'is signed with SHA-1',
    'weak_algorithm',
    'RFC 6960 4.3',
    () => ocspAnswer({ ...good, algorithm: sequence(oid('1.2.840.10045.4.1')) }),
  ],
  [
    'gives parameters to an algorithm that has none',
    'weak_algorithm',
    'RFC 6960 4.3',
    () => ocspAnswer({ ...good, algorithm: sequence(oid(OID.ecdsaWithSha256), NULL) }),
  ],
  [
    'has an unknown critical extension',
    'unknown_critical_extension',
    'RFC 6960 4.4',
    () => ocspAnswer({ ...good, extensions: [unknownExtension] }),
  ],
  [
    'has an unknown critical extension beside the status',
    'unknown_critical_extension',
    'RFC 6960 4.4',
    () => ocspAnswer({ ...good, single: { extensions: [unknownExtension] } }),
  ],
  [
    'speaks of a moment after it was signed',
    'times',
    'RFC 6960 4.2.2.1',
    () => ocspAnswer({ ...good, single: { thisUpdate: hours(1) } }),
  ],
  [
    'should have been replaced before it was signed',
    'times',
    'RFC 6960 4.2.2.1',
    () => ocspAnswer({ ...good, single: { thisUpdate: hours(-2), nextUpdate: hours(-1) } }),
  ],
  [
    'has another nonce',
    'nonce',
    'RFC 9654 2.1',
    () => ocspAnswer({ ...good, extensions: [nonce(Buffer.alloc(32, 8))] }),
  ],
  [
    'has a nonce that begins like the one that was sent',
    'nonce',
    'RFC 9654 2.1',
    () => ocspAnswer({ ...good, extensions: [nonce(sent.subarray(0, 31))] }),
  ],
  [
    'has an empty nonce',
    'malformed',
    'RFC 6960 4.2.1',
    () => ocspAnswer({ ...good, extensions: [nonce(Buffer.alloc(0))] }),
  ],
  [
    'takes back a revocation, as only a list may',
    'removed_entry',
    'RFC 5280 5.3.1',
    () => ocspAnswer({ ...good, single: { status: revokedStatus(NOW, 8) } }),
  ],
  [
    'gives a reason that does not exist',
    'malformed',
    'RFC 6960 4.2.1',
    () => ocspAnswer({ ...good, single: { status: revokedStatus(NOW, 7) } }),
  ],
  [
    'has an archive cutoff that cannot be read',
    'malformed',
    'RFC 6960 4.2.1',
    () =>
      ocspAnswer({
        ...good,
        single: { extensions: [{ id: OID.ocspArchiveCutoff, critical: false, value: NULL }] },
      }),
  ],
]

const withId = (id: Uint8Array) => ocspAnswer({ ...good, single: { id } })
const about = (holder: typeof ana) => ocspAnswer({ ...good, subject: subjectOf(holder, issuing) })
/** The right hashes under the name of SHA-512. */
function strangeId(): Uint8Array {
  const id = buildOcspCertificateId(subject, 'sha256')
  const at = id.indexOf(oid(OID.sha256))
  id.set(oid(OID.sha512), at)
  return id
}

describe('an answer of OCSP is of no use when it', () => {
  test.each<Row>(rows)('%s', (_, code, clause, answer) => {
    expect(statusFrom('ocsp', answer(), subject, sent)).toMatchObject({ status: 'unusable', code, clause })
  })

  test('says good of a certificate that had expired, unless it says that it keeps those', () => {
    const old = subjectOf(authority.person('Old Key', 'P-256', { notAfter: hours(-24) }), issuing)
    const since = (date?: Date) =>
      ocspAnswer({ ...good, subject: old, single: date ? { extensions: [archiveCutoff(date)] } : {} })
    expect(statusFrom('ocsp', since(), old)).toMatchObject({ code: 'expired_before', clause: 'RFC 6960 4.4.4' })
    expect(statusFrom('ocsp', since(hours(-23)), old)).toMatchObject({ code: 'expired_before' })
    expect(statusFrom('ocsp', since(hours(-25)), old)).toMatchObject({ status: 'good', expiredKeptSince: hours(-25) })
  })

  test('has any bit of its signed part flipped', () => {
    const answer = ocspAnswer(good)
    const { basic } = readOcspResponse(answer)
    const tbs = basic?.tbs ?? Buffer.alloc(0)
    const start = Buffer.from(answer).indexOf(tbs)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: start + tbs.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const flipped = Buffer.from(answer)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        expect(statusFrom('ocsp', flipped, subject).status).toBe('unusable')
      }),
      { numRuns: 300 },
    )
  })
})

describe('an answer of OCSP counts when it', () => {
  test('is signed by a delegate, whose exemption from checks is noted', () => {
    expect(statusFrom('ocsp', ocspAnswer(good), subject)).toMatchObject({
      status: 'good',
      kind: 'ocsp',
      thisUpdate: NOW,
      nextUpdate: hours(12),
      producedAt: NOW,
      responderNoCheck: true,
      algorithm: 'ecdsa-sha256',
      nonceEchoed: false,
      signer: { der: signer.certificate },
    })
  })

  test('is signed by the issuer itself, which no certificate need come along for', () => {
    const answer = ocspAnswer({ ...good, signer: issuing, certificates: [] })
    const { der } = readCertificate(issuing.certificate)
    expect(statusFrom('ocsp', answer, subject)).toMatchObject({
      status: 'good',
      responderNoCheck: false,
      signer: { der },
    })
  })

  test.each(['P-384', 'P-521', 'Ed25519', 'RSA-2048', 'RSA-PSS'] as const)('is signed with a key of %s', (kind) => {
    expect(statusFrom('ocsp', signedBy(authority.ocspSigner(kind)), subject).status).toBe('good')
  })

  test('names its responder by the subject, among certificates that are nothing to it', () => {
    const responder = ocspResponderByName(readCertificate(signer.certificate))
    const certificates = [Buffer.from('3000', 'hex'), ana.certificate, signer.certificate]
    expect(statusFrom('ocsp', ocspAnswer({ ...good, responder, certificates }), subject).status).toBe('good')
  })

  test('names the certificate by SHA-256', () => {
    expect(statusFrom('ocsp', withId(buildOcspCertificateId(subject, 'sha256')), subject).status).toBe('good')
  })

  test('is about other certificates as well', () => {
    const others = [singleResponse(subjectOf(authority.person('Leo Paz'), issuing), { status: UNKNOWN })]
    expect(statusFrom('ocsp', ocspAnswer({ ...good, others }), subject).status).toBe('good')
  })

  test('brings back the nonce; that it does not is noted', () => {
    expect(statusFrom('ocsp', ocspAnswer({ ...good, extensions: [nonce(sent)] }), subject, sent)).toMatchObject({
      status: 'good',
      nonceEchoed: true,
    })
    expect(statusFrom('ocsp', ocspAnswer(good), subject, sent)).toMatchObject({ status: 'good', nonceEchoed: false })
  })

  test.each([
    ['with a reason', 1, 'keyCompromise'],
    ['for a while', 6, 'certificateHold'],
    ['without a reason', undefined, undefined],
  ] as const)('says that the certificate is revoked %s', (_, number, reason) => {
    const answer = ocspAnswer({ ...good, single: { status: revokedStatus(hours(-5), number) } })
    const finding = statusFrom('ocsp', answer, subject)
    expect(finding).toMatchObject({ status: 'revoked', revokedAt: hours(-5) })
    expect(finding.status === 'revoked' && finding.reason).toBe(reason)
  })

  test('says so of a certificate that has expired since', () => {
    const old = subjectOf(authority.person('Old Key', 'P-256', { notAfter: hours(-24) }), issuing)
    const answer = ocspAnswer({ ...good, subject: old, single: { status: revokedStatus(hours(-30)) } })
    expect(statusFrom('ocsp', answer, old).status).toBe('revoked')
  })
})

describe('an answer is fresh', () => {
  const finding = (nextUpdate?: Date) => {
    const found = statusFrom('ocsp', ocspAnswer({ ...good, single: { status: GOOD, nextUpdate } }), subject)
    if (found.status === 'unusable') throw new Error(found.message)
    return found
  }
  const HOUR_MS = 3_600_000

  test.each([
    ['until its next update', hours(12), hours(12), undefined, true],
    ['not after it', hours(12), hours(13), undefined, false],
    ['for what was before it', hours(12), hours(-1000), undefined, true],
    ['not without a next update or an age', undefined, hours(1), undefined, false],
    ['without a next update as long as its age allows', undefined, hours(1), HOUR_MS, true],
    ['not beyond the age that is asked for', hours(12), hours(2), HOUR_MS, false],
    ['not beyond its next update, whatever its age', hours(1), hours(2), 24 * HOUR_MS, false],
  ])('%s', (_, nextUpdate, at, maxAgeMs, expected) => {
    expect(isFresh(finding(nextUpdate), at, maxAgeMs)).toBe(expected)
  })
})
