import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../std/bytes.ts'
import { later, MINUTE_MS } from '../../std/time.ts'
import { boolean, contextPrimitive, NULL, namedBits } from '../der-writer.ts'
import { encodeExtension } from '../extension.ts'
import {
  basicConstraints,
  buildTimestampGrant,
  buildTimestampRefusal,
  buildTimestampRequest,
  checkTimestampResponse,
  context,
  extendedKeyUsage,
  keyUsage,
  OID,
  octetString,
  oid,
  type SignatureAlgorithm,
  sequence,
  signatureAlgorithms,
  TAG,
  type TimestampFault,
  tlv,
  unsigned,
} from '../index.ts'
import { type KeyKind, NOW, newAuthority } from '../testing/authority.ts'
import { attribute, buildToken, rightAnswer, TEST_POLICY, type TokenVariant } from '../testing/timestamp.ts'

const authority = newAuthority()
const unit = authority.timestampUnit()
const stranger = authority.timestampUnit()

const sha = (digest: string, bytes: Bytes | string) => createHash(digest).update(bytes).digest()
const hash = sha('sha256', 'what is time-stamped')
const question = {
  imprint: { digest: 'sha256', hash },
  nonce: Buffer.from('a1b2c3d4e5f60718', 'hex'),
  policy: TEST_POLICY,
} as const
const request = buildTimestampRequest(question)
const clock = { now: NOW, toleranceMs: MINUTE_MS }

const check = (answer: Bytes, asked: Parameters<typeof checkTimestampResponse>[1] = question) =>
  checkTimestampResponse(answer, asked, clock)
const codeOf = (answer: Bytes) => {
  const result = check(answer)
  return result.ok ? 'accepted' : result.code
}
const granted = (variant: TokenVariant, holder = unit) => buildTimestampGrant(buildToken(request, holder, variant))

const nonce = unsigned(question.nonce)
const generalized = (text: string) => tlv(TAG.generalizedTime, Buffer.from(text))
const imprintOf = (digest: Bytes, bytes: Bytes) => sequence(digest, octetString(bytes))
const accuracy = (...parts: Bytes[]) => ({ info: { rest: [sequence(...parts), nonce] } })
const essOf = (bytes: Bytes) => sequence(sequence(sequence(octetString(bytes))))
const replaced = (type: string, value: Bytes) => (right: Bytes[]) => [...without(type)(right), attribute(type, value)]
const without = (type: string) => (right: Bytes[]) => right.filter((one) => !Buffer.from(one).includes(oid(type)))
const critical = (flag: boolean) => tlv(0xa1, encodeExtension({ id: '1.2.3.4', critical: flag, value: NULL }))
const unitWith = (...extensions: ReturnType<typeof keyUsage>[]) =>
  authority.timestampUnit('P-256', { extensions: [basicConstraints({ ca: false }), ...extensions] })

test('the token that the refused ones below are variants of is accepted', () => {
  const result = check(granted({}))
  expect(result).toMatchObject({ ok: true, others: [] })
  expect(result.ok && result.certificate.der).toEqual(unit.certificate)
})

describe('refused by its status', () => {
  const status = (number: number, ...rest: Bytes[]) => sequence(sequence(unsigned(number)), ...rest)
  test.each<[string, TimestampFault, () => Bytes]>([
    ['granted without a token', 'token_missing', () => status(0)],
    ['granted with changes and without a token', 'token_missing', () => status(1)],
    ['a refusal', 'refused', () => buildTimestampRefusal('badAlg')],
    ['a refusal with a token', 'token_unexpected', () => status(2, buildToken(request, unit))],
    ['waiting, with a token', 'token_unexpected', () => status(3, buildToken(request, unit))],
    ['a warning of revocation', 'refused', () => status(4)],
    ['a status that does not exist', 'refused', () => status(9)],
    ['nothing at all', 'malformed', () => Buffer.alloc(0)],
    ['a page of HTML', 'malformed', () => Buffer.from('<html></html>')],
    ['bytes after the answer', 'malformed', () => Buffer.concat([granted({}), Buffer.of(0)])],
    ['an answer that is cut off', 'malformed', () => granted({}).subarray(0, 300)],
    ['a token that is no ContentInfo', 'malformed', () => status(0, sequence(unsigned(1)))],
  ])('%s', (_, fault, answer) => {
    expect(codeOf(answer())).toBe(fault)
  })

  test('and the reasons of the authority are named, its words are not', () => {
    const refusal = check(buildTimestampRefusal('unacceptedPolicy', 'words of a stranger'))
    expect(refusal).toMatchObject({ code: 'refused', detail: 'unacceptedPolicy' })
    expect(JSON.stringify(refusal)).not.toContain('stranger')
    const unnamed = sequence(sequence(unsigned(2), namedBits([9])))
    expect(check(unnamed)).toMatchObject({ code: 'refused', detail: '9' })
  })
})

describe('refused by what it says', () => {
  const sha1 = sequence(oid(OID.sha1))
  const sha512 = sequence(oid(OID.sha512))
  test.each<[string, TimestampFault, TokenVariant]>([
    ['version 2', 'version', { info: { version: unsigned(2) } }],
    ['over other bytes', 'imprint', { info: { imprint: imprintOf(sequence(oid(OID.sha256)), sha('sha256', 'x')) } }],
    [
      'over a hash that is cut off',
      'imprint',
      { info: { imprint: imprintOf(sequence(oid(OID.sha256)), hash.subarray(1)) } },
    ],
    ['over another digest', 'imprint_algorithm', { info: { imprint: imprintOf(sha512, sha('sha512', 'what')) } }],
    ['over SHA-1', 'imprint_algorithm', { info: { imprint: imprintOf(sha1, sha('sha1', 'what')) } }],
    ['over SHA-1 of the length of SHA-256', 'imprint_algorithm', { info: { imprint: imprintOf(sha1, hash) } }],
    ['without the nonce', 'nonce_missing', { info: { rest: [] } }],
    ['with another nonce', 'nonce', { info: { rest: [unsigned(5)] } }],
    ['with the nonce negated', 'nonce', { info: { rest: [tlv(TAG.integer, question.nonce)] } }],
    ['with another policy', 'policy', { info: { policy: oid('1.3.6.1.4.1.99999.2.2') } }],
    ['with a critical extension', 'extension', { info: { rest: [nonce, critical(true)] } }],
    ['with milliseconds of 0', 'accuracy', accuracy(contextPrimitive(0, Buffer.of(0)))],
    ['with milliseconds of 1000', 'accuracy', accuracy(contextPrimitive(0, Buffer.of(3, 0xe8)))],
    ['with microseconds of 1000', 'accuracy', accuracy(contextPrimitive(1, Buffer.of(3, 0xe8)))],
    ['with seconds below 0', 'accuracy', accuracy(tlv(TAG.integer, Buffer.of(0xff)))],
    ['with more seconds than there are', 'accuracy', accuracy(tlv(TAG.integer, Buffer.alloc(9, 1)))],
    ['with fields of the accuracy in disorder', 'malformed', accuracy(contextPrimitive(1, Buffer.of(1)), unsigned(1))],
    ['with a field too many', 'malformed', { info: { rest: [nonce, octetString(hash)] } }],
    ['an hour early', 'clock', { info: { time: generalized('20261120110000Z') } }],
    ['two minutes late', 'clock', { info: { time: generalized('20261120120200Z') } }],
  ])('%s', (_, fault, variant) => {
    expect(codeOf(granted(variant))).toBe(fault)
  })

  test.each([
    ['without seconds', '202611201200Z'],
    ['in local time', '20261120120000'],
    ['with an offset', '20261120120000+0000'],
    ['with a fraction of no digits', '20261120120000.Z'],
    ['with a fraction that ends in zero', '20261120120000.10Z'],
    ['with a comma', '20261120120000,1Z'],
    ['with a leap second', '20261120115960Z'],
    ['on the thirtieth of February', '20260230120000Z'],
    ['at hour 24', '20261120240000Z'],
  ])('a time %s', (_, text) => {
    expect(codeOf(granted({ info: { time: generalized(text) } }))).toBe('time_form')
  })

  test('a time as UTCTime', () => {
    const time = tlv(TAG.utcTime, Buffer.from('261120120000Z'))
    expect(codeOf(granted({ info: { time } }))).toBe('time_form')
  })
})

describe('refused by its container', () => {
  const other = sha('sha256', stranger.certificate)
  const protection = sequence(sequence(oid(OID.sha512)), tlv(0xa1, sequence(oid(OID.ecdsaWithSha512)).subarray(2)))
  test.each<[string, TimestampFault, TokenVariant]>([
    ['content of another type', 'content_type', { contentType: OID.data }],
    ['no content', 'content_missing', { noContent: true }],
    ['content that is no TSTInfo', 'malformed', { content: octetString(hash) }],
    ['no signer', 'signer_count', { signerCount: 0 }],
    ['two signers', 'signer_count', { signerCount: 2 }],
    ['the version of detached content', 'frame', { version: 1 }],
    ['a version that there is not', 'frame', { version: 6 }],
    ['the version of another signer', 'frame', { signerVersion: 3 }],
    ['no certificates', 'certificate_missing', { certificates: [] }],
    ['the certificate of another', 'certificate_missing', { certificates: [stranger.certificate] }],
    ['a certificate that cannot be read', 'certificate_missing', { certificates: [sequence(unsigned(1))] }],
    ['no signed attributes', 'signed_attributes', { noAttributes: true }],
    ['no content-type', 'content_type_attribute', { attributes: without(OID.contentType) }],
    ['another content-type', 'content_type_attribute', { attributes: replaced(OID.contentType, oid(OID.data)) }],
    ['no message-digest', 'message_digest', { attributes: without(OID.messageDigest) }],
    ['another message-digest', 'message_digest', { attributes: replaced(OID.messageDigest, octetString(hash)) }],
    [
      'message-digest twice',
      'malformed',
      { attributes: (right) => [...right, attribute(OID.messageDigest, octetString(hash))] },
    ],
    ['no signing-certificate', 'signing_certificate_missing', { attributes: without(OID.signingCertificateV2) }],
    [
      'another signing-certificate',
      'signing_certificate',
      { attributes: replaced(OID.signingCertificateV2, essOf(other)) },
    ],
    [
      'another one in its first version',
      'signing_certificate',
      {
        attributes: (right) => [...right, attribute(OID.signingCertificate, essOf(sha('sha1', stranger.certificate)))],
      },
    ],
    [
      'a malformed signing-certificate',
      'signing_certificate',
      { attributes: replaced(OID.signingCertificateV2, NULL) },
    ],
    [
      'other algorithms than were protected',
      'algorithm_protection',
      { attributes: (right) => [...right, attribute(OID.cmsAlgorithmProtection, protection)] },
    ],
    ['SHA-1', 'algorithm', { digestOid: OID.sha1 }],
    [
      'another digest than that of the signature',
      'algorithm',
      { signatureAlgorithm: sequence(oid(OID.ecdsaWithSha512)) },
    ],
    ['an unknown signature algorithm', 'algorithm', { signatureAlgorithm: sequence(oid('1.2.840.10045.4.1')) }],
    ['the signature of another key', 'signature', { signer: stranger }],
  ])('%s', (_, fault, variant) => {
    expect(codeOf(granted(variant))).toBe(fault)
  })
})

describe('refused by the certificate of its unit', () => {
  const timeStamping = extendedKeyUsage([OID.timeStamping], true)
  const signing = keyUsage('digitalSignature')
  test.each<[string, TimestampFault, () => ReturnType<typeof unitWith>]>([
    ['a person’s', 'purpose', () => authority.person('Ana Ruiz')],
    ['without a purpose', 'purpose', () => unitWith(signing)],
    ['for signing code', 'purpose', () => unitWith(signing, extendedKeyUsage(['1.3.6.1.5.5.7.3.3'], true))],
    [
      'for time-stamps and status',
      'purpose',
      () => unitWith(signing, extendedKeyUsage([OID.timeStamping, OID.ocspSigning], true)),
    ],
    [
      'with a purpose that is not critical',
      'purpose_not_critical',
      () => unitWith(signing, extendedKeyUsage([OID.timeStamping])),
    ],
    [
      'with a key for encryption',
      'key_usage',
      () => unitWith(timeStamping, keyUsage('digitalSignature', 'keyEncipherment')),
    ],
    ['of an authority', 'key_usage', () => unitWith(timeStamping, keyUsage('keyCertSign', 'digitalSignature'))],
    ['with a key usage that cannot be read', 'key_usage', () => unitWith(timeStamping, { ...signing, value: NULL })],
    [
      'that has expired',
      'certificate_expired',
      () => authority.timestampUnit('P-256', { notAfter: later(NOW, -1000) }),
    ],
    [
      'that is not yet valid',
      'certificate_not_yet_valid',
      () => authority.timestampUnit('P-256', { notBefore: later(NOW, 1000) }),
    ],
  ])('%s', (_, fault, holder) => {
    expect(codeOf(granted({}, holder()))).toBe(fault)
  })
})

describe('accepted', () => {
  test.each<[string, TokenVariant]>([
    ['with an extension that is not critical', { info: { rest: [nonce, critical(false)] } }],
    ['with ordering written out as false', { info: { rest: [boolean(false), nonce] } }],
    ['with ordering and a name', { info: { rest: [boolean(true), nonce, context(0, context(4, sequence()))] } }],
    ['with digits below the millisecond', { info: { time: generalized('20261120120000.1234567Z') } }],
    ['with microseconds', accuracy(unsigned(1), contextPrimitive(0, Buffer.of(5)), contextPrimitive(1, Buffer.of(9)))],
    [
      'with both versions of signing-certificate',
      { attributes: (right) => [...right, attribute(OID.signingCertificate, essOf(sha('sha1', unit.certificate)))] },
    ],
    [
      'with the first version alone, as old authorities write it',
      {
        attributes: (right) => [
          ...without(OID.signingCertificateV2)(right),
          attribute(OID.signingCertificate, essOf(sha('sha1', unit.certificate))),
        ],
      },
    ],
    ['with the version that attribute certificates make of it', { version: 4 }],
    ['with the version that OCSP answers beside the lists make of it', { version: 5 }],
    [
      'with more certificates, of which one cannot be read',
      { certificates: [authority.issuing.certificate, sequence(unsigned(1)), unit.certificate] },
    ],
  ])('%s', (_, variant) => {
    expect(codeOf(granted(variant))).toBe('accepted')
  })

  test('granted with changes', () => {
    expect(codeOf(sequence(sequence(unsigned(1)), buildToken(request, unit)))).toBe('accepted')
  })

  test('at another policy or without a nonce when none was asked for', () => {
    const asked = { imprint: question.imprint }
    const answer = buildTimestampGrant(
      buildToken(buildTimestampRequest(asked), unit, { info: { policy: oid('1.2.3') } }),
    )
    expect(checkTimestampResponse(answer, asked, clock)).toMatchObject({
      ok: true,
      token: { info: { policy: '1.2.3' } },
    })
  })

  test.each<[KeyKind, SignatureAlgorithm]>([
    ['P-256', 'ecdsa-sha256'],
    ['P-384', 'ecdsa-sha384'],
    ['P-521', 'ecdsa-sha512'],
    ['Ed25519', 'ed25519'],
    ['RSA-2048', 'rsa-sha512'],
    ['RSA-2048', 'rsa-pss-sha384'],
    ['RSA-3072', 'rsa-sha256'],
    ['RSA-PSS', 'rsa-pss-sha256'],
  ])('made by our own unit with a key of the kind %s and %s', async (kind, algorithm) => {
    const holder = authority.timestampUnit(kind, { algorithm })
    const answer = await rightAnswer(request, holder, authority, () => later(NOW, 250))
    const result = check(answer)
    expect(result).toMatchObject({
      ok: true,
      token: { info: { time: later(NOW, 250), accuracyMs: 1000, ordering: false } },
    })
    expect(result.ok && signatureAlgorithms[algorithm].encoded).toEqual(
      result.ok && result.token.signer.signatureAlgorithm.raw,
    )
  })
})

test('a byte changed anywhere in an answer is never accepted', async () => {
  const answer = await rightAnswer(request, unit, authority)
  const unprotected: number[] = []
  for (let at = 0; at < answer.length; at++) {
    const changed = Buffer.from(answer)
    changed[at] = (changed[at] ?? 0) ^ 0x01
    if (check(changed).ok) unprotected.push(at)
  }
  // The chain above the unit's certificate and the status "granted with changes" are not under the signature.
  const chainAt = Buffer.from(answer).indexOf(authority.issuing.certificate)
  const chainEnd = chainAt + authority.issuing.certificate.length
  expect(unprotected.filter((at) => at < chainAt || at >= chainEnd)).toEqual([8])
})
