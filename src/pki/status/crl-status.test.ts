import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { context, contextPrimitive, ia5, NULL, oid, sequence, TAG, tlv, unsigned } from '../der-writer.ts'
import {
  basicConstraints,
  type Extension,
  expiredCertsOnCrl,
  keyIdentifier,
  keyUsage,
  OID,
  readCertificate,
  readCertificateList,
} from '../index.ts'
import { authorityExtensions, authorityName, issue, NOW, newAuthority, personExtensions } from '../testing/authority.ts'
import { hours, type ListParts, listAnswer, listEntry, reasonExtension, subjectOf } from '../testing/status-answers.ts'
import { generalizedTime } from '../time.ts'
import type { StatusFault } from './status-fault.ts'
import { statusFrom } from './status-from.ts'

const authority = newAuthority()
const { issuing, root } = authority
const ana = authority.person('Ana Ruiz')
const subject = subjectOf(ana, issuing)
const { serial } = subject.certificate
const list = (parts: Partial<ListParts> = {}) => listAnswer({ issuer: issuing, ...parts })
const without = (id: string) => personExtensions.filter((extension) => extension.id !== id)

const uri = (text: string) => contextPrimitive(6, ia5(text))
const POINT = 'http://ca.example/ca.crl'
const named = (...names: Uint8Array[]) => context(0, context(0, ...names))
const flag = (number: number) => contextPrimitive(number, Buffer.of(0xff))
const someReasons = (...bytes: number[]) => contextPrimitive(3, Buffer.from(bytes))
const scope = (...fields: Uint8Array[]): Extension => ({
  id: OID.issuingDistributionPoint,
  critical: true,
  value: sequence(...fields),
})
const scoped = (...fields: Uint8Array[]) => list({ extensions: [scope(...fields)] })
const unknownExtension: Extension = { id: '1.2.3.4', critical: true, value: NULL }
const entry = (...extensions: Extension[]) => list({ entries: listEntry(serial, { extensions }) })
const stranger = (extension: Extension) =>
  list({ entries: Buffer.concat([listEntry(Buffer.of(9)), listEntry(Buffer.of(8), { extensions: [extension] })]) })

/** An issuing authority of the same name and key as ours, whose certificate differs. */
function issuerWith(extensions: readonly Extension[]) {
  const holder = issue({
    issuer: root,
    subject: authorityName('Test Issuing'),
    extensions,
    profile: 'authority',
    spoil: (template) => ({ ...template, spki: issuing.spki, extensions }),
  })
  return subjectOf(ana, holder)
}

/** As if the issuer had the name of the root. */
const renamed = { ...subject, issuer: { ...subject.issuer, subject: readCertificate(root.certificate).subject } }

type Row = [what: string, code: StatusFault, clause: string, list: () => Uint8Array, asked?: typeof subject]

const rows: readonly Row[] = [
  ['is no DER', 'malformed', 'RFC 5280 5.1', () => Buffer.from('-----BEGIN')],
  ['comes from another authority', 'other_issuer', 'RFC 5280 6.3.3 (b)(1)', () => list({ issuer: root })],
  [
    'comes from the issuer that is asked about, whose name is not in the certificate',
    'other_issuer',
    'RFC 5280 6.3.3 (b)(1)',
    () => list({ issuer: { ...issuing, subject: root.subject } }),
    renamed,
  ],
  [
    'comes from the name in the certificate, which is not that of the issuer asked about',
    'other_issuer',
    'RFC 5280 6.3.3 (b)(1)',
    () => list(),
    renamed,
  ],
  [
    'is signed by another key of the authority, as it says itself',
    'other_issuer',
    'RFC 5280 6.3.3 (b)(1)',
    () => list({ keyIdentifier: keyIdentifier(root.spki) }),
  ],
  [
    'is signed by another key than it says',
    'bad_signature',
    'RFC 5280 6.3.3 (g)',
    () => list({ signer: { ...issuing, key: ana.key } }),
  ],
  [
    'has a signature that is cut off',
    'bad_signature',
    'RFC 5280 6.3.3 (g)',
    () => list({ signature: (right) => right.subarray(0, -1) }),
  ],
  [
    'is signed with SHA-1',
    'weak_algorithm',
    'RFC 5280 5.1.1.2',
    () => list({ algorithm: sequence(oid('1.2.840.10045.4.1')) }),
  ],
  [
    'is signed by an authority that may not sign lists',
    'key_usage',
    'RFC 5280 6.3.3 (f)',
    () => list(),
    issuerWith([basicConstraints({ ca: true }), keyUsage('keyCertSign')]),
  ],
  [
    'has an unknown critical extension',
    'unknown_critical_extension',
    'RFC 5280 5.2',
    () => list({ extensions: [unknownExtension] }),
  ],
  [
    'has an unknown critical extension in an entry of somebody else',
    'unknown_critical_entry_extension',
    'RFC 5280 5.3',
    () => stranger(unknownExtension),
  ],
  [
    'is a delta list',
    'delta_list',
    'RFC 5280 5.2.4',
    () => list({ extensions: [{ id: OID.deltaCRLIndicator, critical: true, value: unsigned(6) }] }),
  ],
  ['is a list of several issuers', 'indirect_list', 'RFC 5280 5.2.5', () => scoped(flag(4))],
  [
    'has an entry of another issuer',
    'indirect_list',
    'RFC 5280 5.2.5',
    () => stranger({ id: OID.certificateIssuer, critical: true, value: sequence(context(4, root.subject)) }),
  ],
  ['is about authorities only', 'other_scope', 'RFC 5280 6.3.3 (b)(2)', () => scoped(flag(2))],
  ['is about attribute certificates only', 'other_scope', 'RFC 5280 6.3.3 (b)(2)', () => scoped(flag(5))],
  [
    'is about persons only, and an authority is asked about',
    'other_scope',
    'RFC 5280 6.3.3 (b)(2)',
    () => listAnswer({ issuer: root, extensions: [scope(flag(1))] }),
    subjectOf(issuing, root),
  ],
  ['is about two kinds at once', 'malformed', 'RFC 5280 5.1', () => scoped(flag(1), flag(2))],
  ['says nothing about its scope', 'malformed', 'RFC 5280 5.1', () => scoped()],
  [
    'writes out a default in its scope',
    'malformed',
    'RFC 5280 5.1',
    () => scoped(contextPrimitive(1, Buffer.of(0)), flag(2)),
  ],
  [
    'belongs to another distribution point',
    'other_distribution_point',
    'RFC 5280 6.3.3 (b)(2)(i)',
    () => scoped(named(uri('http://ca.example/other.crl'))),
  ],
  [
    'belongs to a distribution point while the certificate has none',
    'other_distribution_point',
    'RFC 5280 6.3.3 (b)(2)(i)',
    () => scoped(named(uri(POINT))),
    subjectOf(authority.person('Ana Ruiz', 'P-256', { extensions: without(OID.cRLDistributionPoints) }), issuing),
  ],
  ['covers some reasons only', 'some_reasons_only', 'RFC 5280 6.3.3 (d)', () => scoped(someReasons(5, 0x60))],
  [
    'lies where the certificate says that it covers some reasons only',
    'some_reasons_only',
    'RFC 5280 6.3.3 (d)',
    () => list(),
    subjectOf(
      authority.person('Ana Ruiz', 'P-256', {
        extensions: [
          ...without(OID.cRLDistributionPoints),
          {
            id: OID.cRLDistributionPoints,
            critical: false,
            value: sequence(sequence(named(uri(POINT)), contextPrimitive(1, Buffer.of(5, 0x60)))),
          },
        ],
      }),
      issuing,
    ),
  ],
  ['does not say when the next one comes', 'no_next_update', 'RFC 5280 5.1.2.5', () => list({ nextUpdate: undefined })],
  ['ends before it begins', 'times', 'RFC 5280 5.1.2', () => list({ nextUpdate: hours(-1) })],
  ['takes an entry back', 'removed_entry', 'RFC 5280 5.3.1', () => entry(reasonExtension(8))],
  ['gives a reason that does not exist', 'malformed', 'RFC 5280 5.1', () => entry(reasonExtension(7))],
  ['has an entry without a date', 'malformed', 'RFC 5280 5.1', () => list({ entries: sequence(unsigned(serial)) })],
  [
    'has an entry with a serial number that is not in its shortest form',
    'malformed',
    'RFC 5280 5.1',
    () => list({ entries: sequence(tlv(TAG.integer, Buffer.of(0), serial), generalizedTime(NOW)) }),
  ],
  [
    'has an entry that is cut off',
    'malformed',
    'RFC 5280 5.1',
    () => list({ entries: Buffer.concat([listEntry(Buffer.of(5)), Buffer.of(0x30, 0x20, 2, 1)]) }),
  ],
  [
    'has an entry whose date goes on after its end',
    'malformed',
    'RFC 5280 5.1',
    () => list({ entries: sequence(unsigned(5), Buffer.of(TAG.utcTime, 13, 0x32, 0x36)) }),
  ],
  [
    'has an entry with a field too many',
    'malformed',
    'RFC 5280 5.1',
    () => list({ entries: sequence(unsigned(5), generalizedTime(hours(0)), sequence(), NULL) }),
  ],
  ['has a negative number', 'malformed', 'RFC 5280 5.1', () => list({ number: tlv(TAG.integer, Buffer.of(0x80)) })],
  ['has a number over 20 bytes', 'malformed', 'RFC 5280 5.1', () => list({ number: unsigned(Buffer.alloc(21, 1)) })],
  ['has something else among its entries', 'malformed', 'RFC 5280 5.1', () => list({ entries: NULL })],
]

describe('a revocation list is of no use when it', () => {
  test.each<Row>([...rows])('%s', (_, code, clause, make, asked = subject) => {
    expect(statusFrom('crl', make(), asked)).toMatchObject({ status: 'unusable', code, clause })
  })

  test('lacks a certificate that had expired, unless it says that it keeps those', () => {
    const old = subjectOf(authority.person('Old Key', 'P-256', { notAfter: hours(-24) }), issuing)
    const since = (date: Date) => list({ extensions: [expiredCertsOnCrl(date)] })
    expect(statusFrom('crl', list(), old)).toMatchObject({ code: 'expired_before', clause: 'RFC 5280 3.3' })
    expect(statusFrom('crl', since(hours(-23)), old)).toMatchObject({ code: 'expired_before' })
    expect(statusFrom('crl', since(hours(-25)), old)).toMatchObject({ status: 'good', expiredKeptSince: hours(-25) })
  })

  test('has any bit of its signed part flipped', () => {
    const der = list({ entries: listEntry(Buffer.of(9), { extensions: [reasonExtension(1)] }) })
    const { tbs } = readCertificateList(der)
    const end = Buffer.from(der).indexOf(tbs) + tbs.length
    fc.assert(
      fc.property(fc.integer({ min: 0, max: end - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const flipped = Buffer.from(der)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        expect(statusFrom('crl', flipped, subject).status).toBe('unusable')
      }),
      { numRuns: 300 },
    )
  })
})

describe('the frame of a list cannot be read when it', () => {
  const algorithm = sequence(oid(OID.ecdsaWithSha256))
  const signature = Buffer.from('03020000', 'hex')
  const frame = (...fields: Uint8Array[]) => sequence(sequence(...fields), algorithm, signature)
  const times = [generalizedTime(new Date('2051-01-01Z')), generalizedTime(new Date('2052-01-01Z'))]
  const extensions = context(0, sequence(sequence(oid('1.2.3'), tlv(TAG.octetString, NULL))))

  test.each<[string, Uint8Array]>([
    ['has another version', frame(unsigned(0), algorithm, issuing.subject, ...times)],
    ['has extensions in version 1', frame(algorithm, issuing.subject, ...times, extensions)],
    ['has two algorithms', frame(unsigned(1), sequence(oid(OID.ecdsaWithSha384)), issuing.subject, ...times)],
    ['has no date', frame(unsigned(1), algorithm, issuing.subject)],
    [
      'has a date without a zone',
      frame(unsigned(1), algorithm, issuing.subject, tlv(TAG.utcTime, ia5('261120120000'))),
    ],
    ['has a field too many', frame(unsigned(1), algorithm, issuing.subject, ...times, NULL)],
    ['goes on after its end', Buffer.concat([frame(unsigned(1), algorithm, issuing.subject, ...times), NULL])],
  ])('%s', (_, der) => {
    expect(() => readCertificateList(der)).toThrow()
    expect(statusFrom('crl', der, subject)).toMatchObject({ status: 'unusable', code: 'malformed' })
  })
})

test('a list gives its number', () => {
  expect(readCertificateList(list()).number).toEqual(Buffer.of(7))
})

describe('a revocation list says', () => {
  test('good of who is not on it', () => {
    const entries = Buffer.concat([
      listEntry(Buffer.of(9)),
      listEntry(Buffer.of(8), { extensions: [reasonExtension(1)] }),
    ])
    expect(statusFrom('crl', list({ entries }), subject)).toMatchObject({
      status: 'good',
      kind: 'crl',
      thisUpdate: NOW,
      producedAt: NOW,
      nextUpdate: hours(12),
      signer: { der: issuing.certificate },
      algorithm: 'ecdsa-sha256',
    })
  })

  test.each([
    ['when it is empty', list()],
    ['when its entries are an empty SEQUENCE', list({ entries: Buffer.alloc(0) })],
    ['when it is about persons only', scoped(flag(1))],
    [
      'when it belongs to the distribution point of the certificate',
      scoped(named(uri('http://x.example'), uri(POINT))),
    ],
    ['when it covers all reasons, one by one', scoped(someReasons(7, 0x7f, 0x80))],
    [
      'when it is signed by a name in another form of letters',
      list({ issuer: { ...issuing, subject: lowerCased(issuing.subject) } }),
    ],
  ])('good %s', (_, der) => {
    expect(statusFrom('crl', der, subject).status).toBe('good')
  })

  test('good at the place of its issuer, of a certificate that names no place', () => {
    const plain = authority.person('Ana Ruiz', 'P-256', { extensions: without(OID.cRLDistributionPoints) })
    const der = scoped(named(context(4, issuing.subject)))
    expect(statusFrom('crl', der, subjectOf(plain, issuing)).status).toBe('good')
  })

  test('good at a place whose name is relative to the issuer', () => {
    const relative = Buffer.from(sequence(oid(OID.commonName), tlv(TAG.utf8String, Buffer.from('List 1'))))
    const point = context(0, context(1, relative))
    const value = sequence(sequence(point))
    const extensions = [
      ...without(OID.cRLDistributionPoints),
      { id: OID.cRLDistributionPoints, critical: false, value },
    ]
    const plain = subjectOf(authority.person('Ana Ruiz', 'P-256', { extensions }), issuing)
    expect(statusFrom('crl', scoped(point), plain).status).toBe('good')
    expect(statusFrom('crl', scoped(point), subject)).toMatchObject({ code: 'other_distribution_point' })
  })

  test.each([
    ['with a reason', [reasonExtension(4)], 'superseded'],
    ['for a while', [reasonExtension(6)], 'certificateHold'],
    ['without a reason', [], undefined],
  ] as const)('revoked %s', (_, extensions, reason) => {
    const entries = Buffer.concat([listEntry(Buffer.of(9)), listEntry(serial, { at: hours(-4), extensions })])
    const finding = statusFrom('crl', list({ entries }), subject)
    expect(finding).toMatchObject({ status: 'revoked', revokedAt: hours(-4) })
    expect(finding.status === 'revoked' && finding.reason).toBe(reason)
  })

  test('revoked by the first of two entries', () => {
    const entries = Buffer.concat([listEntry(serial, { at: hours(-9) }), listEntry(serial, { at: hours(-4) })])
    expect(statusFrom('crl', list({ entries }), subject)).toMatchObject({ revokedAt: hours(-9) })
  })

  test('revoked with the date since when the key was untrustworthy', () => {
    const invalidity = { id: OID.invalidityDate, critical: false, value: generalizedTime(hours(-8)) }
    expect(statusFrom('crl', entry(invalidity), subject)).toMatchObject({ revokedAt: NOW, invalidSince: hours(-8) })
  })

  test('revoked although it covers some reasons only', () => {
    const der = list({ entries: listEntry(serial), extensions: [scope(someReasons(5, 0x60))] })
    expect(statusFrom('crl', der, subject).status).toBe('revoked')
  })

  test('good about an authority when it is about authorities only', () => {
    const der = listAnswer({ issuer: root, extensions: [scope(flag(2))] })
    expect(statusFrom('crl', der, subjectOf(issuing, root)).status).toBe('good')
  })

  test('what it says by a key without keyUsage', () => {
    const plain = issuerWith(authorityExtensions().filter(({ id }) => id !== OID.keyUsage))
    expect(statusFrom('crl', list(), plain).status).toBe('good')
  })
})

function lowerCased(name: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(name).toString('latin1').replace('Test Issuing', 'TEST issuing'), 'latin1')
}

describe('a list of a million entries', () => {
  const COUNT = 1_000_000
  const one = listEntry(Buffer.from('5000000000000000', 'hex'), { extensions: [reasonExtension(1)] })
  const entries = Buffer.alloc(one.length * COUNT)
  for (let index = 0; index < COUNT; index++) {
    entries.set(one, index * one.length)
    entries.writeUInt32BE(index, index * one.length + 8)
  }
  const der = list({ entries })

  test('is searched to its end without an object for each entry', () => {
    const before = process.memoryUsage().heapUsed
    const start = performance.now()
    expect(statusFrom('crl', der, subject).status).toBe('good')
    // Figures that hold on a slow machine: an object for each entry takes ten times as much of both.
    expect(performance.now() - start).toBeLessThan(3000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
  })

  test('gives the last of them', () => {
    const last = { ...subject.certificate, serial: Buffer.from(entries.subarray(-one.length + 4, -one.length + 12)) }
    expect(statusFrom('crl', der, { ...subject, certificate: last })).toMatchObject({
      status: 'revoked',
      reason: 'keyCompromise',
    })
  })
})
