import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../std/bytes.ts'
import { oid, sequence } from './der-writer.ts'
import { encodeExtension } from './extension.ts'
import {
  assembleCertificate,
  basicConstraints,
  buildName,
  buildTbsCertificate,
  type CertificateTemplate,
  keyUsage,
  lint,
  lintCertificate,
  NO_EXPIRY,
  nameText,
  OID,
  PkiError,
  readAuthorityInfoAccess,
  readCertificate,
  readCertificatePolicies,
  readCrlDistributionPoints,
  readTbsCertificate,
  serialText,
  signBytes,
} from './index.ts'
import { issue, newAuthority, personExtensions, personName } from './testing/authority.ts'

const authority = newAuthority()
const ana = authority.person('Ana Ruiz')

/** A person's certificate that differs in one thing. */
function template(change: Partial<CertificateTemplate> = {}): CertificateTemplate {
  const read = readCertificate(ana.certificate)
  return {
    serial: Buffer.from('55', 'hex'),
    algorithm: 'ecdsa-sha256',
    issuer: authority.issuing.subject,
    notBefore: read.notBefore,
    notAfter: read.notAfter,
    subject: personName('Ana Ruiz'),
    spki: ana.spki,
    extensions: [...read.extensions.values()],
    ...change,
  }
}

const without = (id: string) => template().extensions.filter((extension) => extension.id !== id)
const subject = (...attributes: [string, string][]) => buildName(attributes.map(([type, value]) => ({ type, value })))
const [CN, C, GN, SN] = [OID.commonName, OID.countryName, OID.givenName, OID.surname]

describe('lint refuses for a person', () => {
  test.each<[string, Partial<CertificateTemplate>]>([
    ['a serial number of zero', { serial: Buffer.of(0) }],
    ['a serial number of 21 bytes', { serial: Buffer.alloc(21, 1) }],
    ['an end before the beginning', { notAfter: new Date('2025-01-01T00:00:00Z') }],
    ['no country', { subject: subject([CN, 'Ana Ruiz'], [GN, 'Ana']) }],
    ['a country in small letters', { subject: subject([CN, 'Ana Ruiz'], [GN, 'Ana'], [C, 'pe']) }],
    ['two common names', { subject: subject([CN, 'Ana'], [CN, 'Ruiz'], [GN, 'Ana'], [C, 'PE']) }],
    ['neither name nor pseudonym', { subject: subject([CN, 'Ana Ruiz'], [C, 'PE']) }],
    ['a name beside a pseudonym', { subject: subject([CN, 'A'], [SN, 'Ruiz'], [OID.pseudonym, 'A'], [C, 'PE']) }],
    ['a common name of 65 characters', { subject: subject([CN, 'x'.repeat(65)], [GN, 'Ana'], [C, 'PE']) }],
    ['an empty name', { subject: subject([CN, ''], [GN, 'Ana'], [C, 'PE']) }],
    ['a control character', { subject: subject([CN, 'Ana\0Ruiz'], [GN, 'Ana'], [C, 'PE']) }],
    ['no authorityKeyIdentifier', { extensions: without(OID.authorityKeyIdentifier) }],
    ['no keyUsage', { extensions: without(OID.keyUsage) }],
    ['no certificatePolicies', { extensions: without(OID.certificatePolicies) }],
    ['no authorityInfoAccess', { extensions: without(OID.authorityInfoAccess) }],
    ['one extension twice', { extensions: [...template().extensions, keyUsage('nonRepudiation')] }],
    [
      'a key for more than signatures',
      { extensions: [...without(OID.keyUsage), keyUsage('nonRepudiation', 'keyAgreement')] },
    ],
    ['the rights of an authority', { extensions: [...without(OID.basicConstraints), basicConstraints({ ca: true })] }],
    [
      'name constraints',
      { extensions: [...template().extensions, { id: OID.nameConstraints, critical: true, value: sequence() }] },
    ],
    ['a claim to be qualified', { extensions: [...template().extensions, qualified(OID.qcCompliance)] }],
    ['a claim of a qualified device', { extensions: [...template().extensions, qualified(OID.qcSscd)] }],
  ])('%s', (_, change) => {
    const findings = lintCertificate(buildTbsCertificate(template(change)), 'person')
    expect(findings).not.toEqual([])
    expect(findings.every(({ clause }) => /^(RFC|EN|X|ETSI)/.test(clause))).toBe(true)
    expect(() => lint(buildTbsCertificate(template(change)), 'person')).toThrow(PkiError)
  })

  test('nothing in a certificate that is right', () => {
    expect(lintCertificate(buildTbsCertificate(template()), 'person')).toEqual([])
  })
})

test('a certificate with a length that is not definite is refused, although it says the same', () => {
  const der = Buffer.from(ana.certificate)
  const open = Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.of(0, 0)])
  expect(der[1]).toBe(0x82)
  expect(() => readCertificate(open)).toThrow('indefinite')
})

function qualified(statement: string) {
  return { id: OID.qcStatements, critical: false, value: sequence(sequence(oid(statement))) }
}

test('a wrong signature never becomes a certificate', () => {
  const tbs = lint(buildTbsCertificate(template()), 'person')
  const foreign = signBytes('ecdsa-sha256', ana.key, tbs)
  expect(() => assembleCertificate(tbs, foreign, authority.issuing.spki)).toThrow(/not the issuer's/)
})

describe('reading refuses', () => {
  const spoiled = (spoil: (tbs: Bytes) => Bytes) => () => readTbsCertificate(spoil(buildTbsCertificate(template())))

  test('bytes behind the certificate', () => {
    expect(() => readCertificate(Buffer.concat([ana.certificate, Buffer.of(0)]))).toThrow(PkiError)
  })

  test('a certificate cut at any place', () => {
    for (let length = 0; length < ana.certificate.length; length += 7)
      expect(() => readCertificate(ana.certificate.subarray(0, length))).toThrow(PkiError)
  })

  test('a default value that is written out', () => {
    const critical = Buffer.from(
      encodeExtension({ id: OID.keyUsage, critical: true, value: keyUsage('nonRepudiation').value }),
    )
    const written = Buffer.from(critical)
    written[written.indexOf(Buffer.from('0101ff', 'hex')) + 2] = 0
    expect(spoiled((tbs) => replace(tbs, critical, written))).toThrow(/default/)
  })

  test('a UTCTime that is no moment', () => {
    expect(spoiled((tbs) => replace(tbs, Buffer.from('280101000000Z'), Buffer.from('280230000000Z')))).toThrow(/moment/)
  })
})

function replace(bytes: Bytes, from: Buffer, to: Buffer): Bytes {
  const out = Buffer.from(bytes)
  const at = out.indexOf(from)
  expect(at).toBeGreaterThan(0)
  out.set(to, at)
  return out
}

test('what was put in is what another reader sees', () => {
  const holder = authority.person('Juan José Pérez López', 'RSA-2048')
  const other = new X509Certificate(holder.certificate)
  const own = readCertificate(holder.certificate)
  expect(other.subject).toContain('CN=Juan José Pérez López')
  expect(other.verify(new X509Certificate(authority.issuing.certificate).publicKey)).toBe(true)
  expect(other.serialNumber.toLowerCase()).toBe(serialText(own))
  expect(new Date(other.validTo)).toEqual(own.notAfter)
  expect(nameText(own.subject)).toBe('C=PE,SN=José Pérez López,GN=Juan,CN=Juan José Pérez López')
  const value = (id: string) => own.extensions.get(id)?.value ?? new Uint8Array()
  expect(readCertificatePolicies(value(OID.certificatePolicies))).toEqual(['1.3.6.1.4.1.99999.1.1'])
  expect(readCrlDistributionPoints(value(OID.cRLDistributionPoints))).toEqual(['http://ca.example/ca.crl'])
  expect(readAuthorityInfoAccess(value(OID.authorityInfoAccess)).ocsp).toEqual(['http://ca.example/ocsp'])
})

test('times switch to four digits of the year in 2050', () => {
  for (const notAfter of [new Date('2049-12-31T23:59:59Z'), new Date('2050-01-01T00:00:00Z'), NO_EXPIRY])
    expect(readTbsCertificate(buildTbsCertificate(template({ notAfter }))).notAfter).toEqual(notAfter)
})

test('names are written as RFC 4514 wants them', () => {
  const holder = issue({
    issuer: authority.issuing,
    subject: subject([CN, ' a,b+c"d\\e<f>;#'], [GN, 'x '], [C, 'PE']),
    extensions: personExtensions,
    profile: 'person',
  })
  expect(nameText(readCertificate(holder.certificate).subject)).toBe('C=PE,GN=x\\ ,CN=\\ a\\,b\\+c\\"d\\\\e\\<f\\>\\;#')
})
