import { spawnSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../test/support/temporary-directory.ts'
import type { Bytes } from '../std/bytes.ts'
import { assembleEncapsulated } from './cms-signer.ts'
import { children, readDer } from './der-reader.ts'
import {
  assembleSignedData,
  containerLength,
  isSignerCertificate,
  keepsAlgorithms,
  knownDigest,
  messageDigestOf,
  OID,
  octetString,
  oid,
  PkiError,
  prepareCmsSigner,
  publicKeyOf,
  readCertificate,
  readRevocationInfoArchival,
  readSignedData,
  type SignatureAlgorithm,
  sequence,
  signatureAlgorithmOf,
  signedAttributes,
  signingCertificateNames,
  TAG,
  timestampAttribute,
  tlv,
  unsigned,
  verifySignature,
} from './index.ts'
import { type KeyKind, NOW, newAuthority, signerOf } from './testing/authority.ts'
import { attribute, buildToken } from './testing/timestamp.ts'
import { buildTimestampRequest } from './timestamp/timestamp-request.ts'

const authority = newAuthority()
const kinds: readonly (readonly [KeyKind, SignatureAlgorithm])[] = [
  ['P-256', 'ecdsa-sha256'],
  ['P-384', 'ecdsa-sha384'],
  ['P-521', 'ecdsa-sha512'],
  ['Ed25519', 'ed25519'],
  ['RSA-2048', 'rsa-sha256'],
  ['RSA-2048', 'rsa-pss-sha512'],
  ['RSA-3072', 'rsa-sha384'],
  ['RSA-PSS', 'rsa-pss-sha256'],
]
const content = Buffer.from('a document')
const ana = signerOf(authority.person('Ana Ruiz'), authority)

/** A container over the content, and the signature in it. */
function container({ identity, sign }: typeof ana, unsignedAttributes: readonly Bytes[] = []) {
  const attributes = signedAttributes(identity, createHash(identity.digest).update(content).digest())
  const signature = sign(attributes)
  return { der: assembleSignedData(identity, attributes, signature, unsignedAttributes), attributes, signature }
}

describe('a signer is not prepared', () => {
  const person = authority.person('Ana Ruiz')
  test.each<[string, SignatureAlgorithm]>([
    ['for RSA with a curve', 'rsa-sha256'],
    ['for RSA-PSS with a curve', 'rsa-pss-sha256'],
    ['for Ed25519 with another curve', 'ed25519'],
  ])('%s', (_, algorithm) => {
    const { certificate } = person
    expect(() => prepareCmsSigner({ certificate, chain: [], algorithm })).toThrow(/does not fit/)
  })

  test('for another digest than its key of RSA-PSS is made for', () => {
    const { certificate } = authority.person('Ana Ruiz', 'RSA-PSS')
    expect(() => prepareCmsSigner({ certificate, chain: [], algorithm: 'rsa-pss-sha512' })).toThrow(/does not fit/)
    expect(() => prepareCmsSigner({ certificate, chain: [], algorithm: 'rsa-sha256' })).toThrow(/does not fit/)
  })
})

test('attributes are not made over a digest of another length', () => {
  for (const length of [0, 31, 33, 48, 64])
    expect(() => signedAttributes(ana.identity, Buffer.alloc(length))).toThrow(PkiError)
})

describe.each(kinds)('a container made with a key of the kind %s and %s', (kind, algorithm) => {
  const signer = signerOf(authority.person('Ana Ruiz', kind, { algorithm }), authority)

  test('is read back as it was made, and verifies', () => {
    const { der, attributes } = container(signer)
    const read = readSignedData(der)
    const [info] = read.signerInfos
    if (!info) throw new Error('there is no signer')
    expect(read).toMatchObject({ version: 1, contentType: OID.data, encoding: 'DER', length: der.length })
    expect(read.certificates).toHaveLength(2)
    expect(info.signed?.encoded).toEqual(attributes)
    const own = info.signed?.attributes ?? []
    expect(messageDigestOf(own)).toEqual(createHash(signer.identity.digest).update(content).digest())
    expect(signingCertificateNames(own, signer.identity.certificate)).toBe('this')
    expect([keepsAlgorithms(info), isSignerCertificate(info, signer.identity.certificate)]).toEqual([true, true])
    expect(signatureAlgorithmOf(info.signatureAlgorithm, signer.identity.digest)).toBe(algorithm)
    const key = publicKeyOf(signer.identity.certificate.spki)
    expect(verifySignature(algorithm, key, info.signed?.encoded ?? content, info.signature)).toBe(true)
  })

  test('is no longer than was said, with a time-stamp and without', () => {
    const token = Buffer.alloc(3000, 0x30)
    // Of the numbers of ECDSA each may lack its first bytes.
    const spare = kind.startsWith('P-') ? 12 : 0
    for (let i = 0; i < 20; i++) {
      const { identity } = signer
      const rooms = [
        containerLength(identity) - container(signer).der.length,
        containerLength(identity, { timestamp: 3000 }) - container(signer, [timestampAttribute(token)]).der.length,
      ]
      for (const room of rooms) {
        expect(room).toBeGreaterThanOrEqual(0)
        expect(room).toBeLessThanOrEqual(spare)
      }
    }
  })
})

describe('attributes that the signature does not cover', () => {
  test('are read back, a time-stamp among them, and leave the signature as it is', () => {
    const { signature } = container(ana)
    const imprint = { digest: 'sha256', hash: createHash('sha256').update(signature).digest() } as const
    const token = buildToken(buildTimestampRequest({ imprint }), authority.timestampUnit())
    const other = attribute('1.2.3.4', octetString(content))
    const { der } = container(ana, [timestampAttribute(token), other])
    const [info] = readSignedData(der).signerInfos
    expect(info?.unsigned).toHaveLength(2)
    expect(info?.unsigned).toContainEqual({ type: OID.signatureTimeStamp, values: [token] })
    expect(info?.unsigned).toContainEqual({ type: '1.2.3.4', values: [octetString(content)] })
  })

  test('stand in the order of DER', () => {
    const [long, short] = [attribute('1.2.3.4', octetString(Buffer.alloc(9))), attribute('1.2.3', octetString(content))]
    const { identity } = ana
    const { attributes, signature } = container(ana)
    const made = (...list: Bytes[]) => assembleSignedData(identity, attributes, signature, list)
    expect(made(long, short)).toEqual(made(short, long))
  })
})

describe('revocation values', () => {
  const list = sequence(unsigned(7))
  const response = sequence(tlv(TAG.enumerated, Buffer.of(0)))
  const basic = sequence(octetString(content))
  const other = (format: string, value: Bytes) => tlv(0xa1, oid(format), value)

  /** The container with a field `crls`, which this signer itself does not write. */
  function withChoices(...choices: Bytes[]): Bytes {
    const [, explicit] = children(readDer(container(ana).der))
    const [version, digests, inner, certificates, signers] = children(readDer(explicit?.content ?? content))
    const raw = [version, digests, inner, certificates].map((node) => node?.raw ?? content)
    const signedData = sequence(...raw, tlv(0xa1, ...choices), signers?.raw ?? content)
    return sequence(oid(OID.signedData), tlv(0xa0, signedData))
  }

  test('are read from the container: lists, and responses in either form', () => {
    const read = readSignedData(
      withChoices(list, other(OID.riOcspResponse, response), other(OID.ocspBasic, basic), other('1.2.3', basic)),
    )
    const whole = sequence(
      tlv(TAG.enumerated, Buffer.of(0)),
      tlv(0xa0, sequence(oid(OID.ocspBasic), octetString(basic))),
    )
    expect(read.revocation).toEqual({ lists: [list], responses: [response, whole] })
    expect(readSignedData(container(ana).der).revocation).toEqual({ lists: [], responses: [] })
  })

  test('are read from the attribute that PDF signers write', () => {
    const both = sequence(tlv(0xa0, sequence(list, list)), tlv(0xa1, sequence(response)), tlv(0xa2, sequence()))
    expect(readRevocationInfoArchival(both)).toEqual({ lists: [list, list], responses: [response] })
    expect(readRevocationInfoArchival(sequence())).toEqual({ lists: [], responses: [] })
  })

  test.each<[string, () => unknown]>([
    ['a kind without a value', () => readSignedData(withChoices(tlv(0xa1, oid(OID.riOcspResponse))))],
    ['a kind with two values', () => readSignedData(withChoices(tlv(0xa1, oid('1.2.3'), list, list)))],
    ['a thousand and one lists', () => readSignedData(withChoices(...Array.from({ length: 1001 }, () => list)))],
    ['an attribute of another form', () => readRevocationInfoArchival(octetString(content))],
    ['an attribute with a field too many', () => readRevocationInfoArchival(sequence(tlv(0xa3, list)))],
    ['an attribute whose lists are none', () => readRevocationInfoArchival(sequence(tlv(0xa0, list, list)))],
  ])('%s are refused', (_, read) => {
    expect(read).toThrow(PkiError)
  })
})

test('content inside is version 3, with certificates only when they are wanted', () => {
  const { identity } = ana
  const attributes = signedAttributes(identity, createHash('sha256').update(content).digest())
  for (const withCertificates of [true, false]) {
    const inside = { type: OID.tstInfo, bytes: content, withCertificates }
    const read = readSignedData(assembleEncapsulated(identity, inside, attributes, ana.sign(attributes)))
    expect(read).toMatchObject({ version: 3, contentType: OID.tstInfo, content })
    expect(read.certificates).toHaveLength(withCertificates ? 2 : 0)
  }
})

test('whatever is changed in a container, reading it gives a value or the error of this folder', () => {
  const { der } = container(ana, [timestampAttribute(sequence(unsigned(1)))])
  const places = fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(places, fc.nat(der.length), (changes, cut) => {
      const changed = Buffer.from(der)
      for (const [at, value] of changes) changed[at] = value
      for (const bytes of [changed, changed.subarray(0, cut)]) {
        try {
          readSignedData(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError)
        }
      }
    }),
    { numRuns: 1000 },
  )
})

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
const pem = (der: Bytes) => new X509Certificate(der).toString()

describe.skipIf(!hasOpenssl)('openssl verifies as CAdES', () => {
  let folder: TemporaryDirectory
  beforeAll(async () => {
    folder = await makeTemporaryDirectory('containers')
  })
  afterAll(() => folder.remove())
  const put = (name: string, bytes: Bytes | string) => {
    const path = join(folder.path, name)
    writeFileSync(path, bytes)
    return path
  }
  const verify = (der: Bytes) =>
    spawnSync(
      'openssl',
      [
        ...['cms', '-verify', '-binary', '-cades', '-inform', 'DER', '-in', put('in.p7s', der)],
        ...['-content', put('content', content), '-CAfile', put('root.pem', pem(authority.root.certificate))],
        ...['-purpose', 'any', '-attime', String(NOW.getTime() / 1000), '-out', join(folder.path, 'out')],
      ],
      { encoding: 'utf8' },
    ).stderr

  // OpenSSL 3.0 reads no Ed25519 in CMS.
  const known = kinds.filter(([, algorithm]) => algorithm !== 'ed25519')
  test.each(known)('a container made with a key of the kind %s and %s', (kind, algorithm) => {
    const signer = signerOf(authority.person('Ana Ruiz', kind, { algorithm }), authority)
    expect(verify(container(signer, [timestampAttribute(sequence(unsigned(1)))]).der)).toMatch(
      /CAdES Verification successful/,
    )
  })

  test('and refuses one whose certificate is another', () => {
    const { attributes, signature } = container(ana)
    const stranger = signerOf(authority.person('Eva Soto'), authority)
    expect(verify(assembleSignedData(stranger.identity, attributes, signature))).toMatch(/failure|error/i)
  })

  test.each<[KeyKind, SignatureAlgorithm, string[]]>([
    ['P-256', 'ecdsa-sha384', ['-md', 'sha384']],
    ['RSA-2048', 'rsa-sha512', ['-md', 'sha512']],
    [
      'RSA-2048',
      'rsa-pss-sha256',
      ['-md', 'sha256', '-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:32'],
    ],
    ['P-521', 'ecdsa-sha512', ['-md', 'sha512', '-stream']],
  ])('and what it signs itself with a key of the kind %s and %s is read, BER too', (kind, algorithm, flags) => {
    const { key, certificate, spki } = authority.person('Ana Ruiz', kind)
    const out = join(folder.path, 'theirs')
    const { stderr } = spawnSync(
      'openssl',
      [
        ...['cms', '-sign', '-binary', '-cades', '-outform', 'DER', '-in', put('content', content), '-out', out],
        ...[
          '-signer',
          put('signer.pem', pem(certificate)),
          '-inkey',
          put('key.pem', key.export({ type: 'pkcs8', format: 'pem' })),
        ],
        ...flags,
      ],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    const read = readSignedData(readFileSync(out))
    expect(read.encoding).toBe(flags.includes('-stream') ? 'BER' : 'DER')
    const [info] = read.signerInfos
    const digest = info && knownDigest(info.digestAlgorithm)
    if (!digest || !info.signed) throw new Error('the signer cannot be read')
    expect(signatureAlgorithmOf(info.signatureAlgorithm, digest)).toBe(algorithm)
    expect(messageDigestOf(info.signed.attributes)).toEqual(createHash(digest).update(content).digest())
    expect(signingCertificateNames(info.signed.attributes, readCertificate(certificate))).toBe('this')
    expect(verifySignature(algorithm, publicKeyOf(spki), info.signed.encoded, info.signature)).toBe(true)
  })
})

test('attributes in whatever order are read as they stand: their order is for the signer to keep', () => {
  const { attributes, signature } = container(ana)
  const turned = tlv(
    TAG.set,
    ...children(readDer(attributes))
      .map(({ raw }) => raw)
      .toReversed(),
  )
  const [signer] = readSignedData(assembleSignedData(ana.identity, turned, signature)).signerInfos
  expect(turned).not.toEqual(attributes)
  expect(signer?.signed?.encoded).toEqual(turned)
  expect(signer?.signed?.attributes).toHaveLength(4)
})
