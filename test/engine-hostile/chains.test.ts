import { describe, expect, test } from 'vitest'
import {
  buildName,
  findPath,
  nameConstraints,
  OID,
  readCertificate,
  readDer,
  readName,
  sequence,
  TAG,
  tlv,
  utf8String,
} from '../../src/pki/index.ts'
import { NOW } from '../../src/pki/testing/authority.ts'
import { buildChain, type CertificateSpec, authority as ca, person } from '../../src/pki/testing/chain-builder.ts'

/* Chains that try to be read otherwise than they are meant. */

const name = (organization: string) =>
  buildName([
    { type: OID.countryName, value: 'EE' },
    { type: OID.organizationName, value: organization },
    { type: OID.commonName, value: 'Ana' },
  ])
const subtree = (organization: string) =>
  readName(
    readDer(
      buildName([
        { type: OID.countryName, value: 'EE' },
        { type: OID.organizationName, value: organization },
      ]),
    ),
  )

/** What becomes of Ana below an authority with this constraint. */
function outcome(constraint: CertificateSpec, leaf: CertificateSpec): string {
  const chain = buildChain({ root: ca(), between: ca(constraint), ana: person(leaf) })
  const [root, between, ana] = ['root', 'between', 'ana'].map((label) =>
    readCertificate(chain.get(label) ?? new Uint8Array()),
  )
  if (!root || !between || !ana) throw new Error('a certificate is missing')
  const path = findPath(ana, { anchors: [root], intermediates: [between], time: NOW, purpose: 'documentSigning' })
  return path.ok ? 'valid' : path.reason
}

const excluding = (organization: string): CertificateSpec => ({
  extensions: { names: nameConstraints({ excluded: [{ form: 'directoryName', value: subtree(organization) }] }) },
})

describe('a name that is excluded', () => {
  test.each([
    ['as it is', 'Evil Corp'],
    ['in capitals', 'EVIL CORP'],
    ['with more spaces', '  Evil   Corp '],
    ['with a space of another kind', 'Evil\u00a0Corp'],
    ['in letters of full width', 'Ｅｖｉｌ Ｃｏｒｐ'],
    ['with a hyphen that is not seen', 'Ev\u00adil Corp'],
    ['with a space of no width', 'Evil\u200b Corp'],
    ['with a mark of direction', 'Evil\u200e Corp'],
  ])('%s is refused', (_, organization) => {
    expect(outcome(excluding('Evil Corp'), { subject: name(organization) })).toBe('name_excluded')
  })

  test('in a composed letter is refused when it comes in two parts', () => {
    expect(outcome(excluding('Pérez'), { subject: name('Pe\u0301rez') })).toBe('name_excluded')
    expect(outcome(excluding('ﬁrma'), { subject: name('firma') })).toBe('name_excluded')
    expect(outcome(excluding('STRASSE'), { subject: name('Straße') })).toBe('name_excluded')
  })

  test('is no other name', () => {
    expect(outcome(excluding('Evil Corp'), { subject: name('Good Corp') })).toBe('valid')
  })
})

describe('a certificate', () => {
  const timed = (from: string, to: string, tag = 0x17): CertificateSpec => ({
    validity: sequence(tlv(tag, Buffer.from(from)), tlv(tag, Buffer.from(to))),
  })
  const read = (leaf: CertificateSpec) => {
    try {
      return outcome({}, leaf)
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'no error of the engine'
    }
  }

  test.each<[string, CertificateSpec]>([
    ['of a time zone', timed('200101000000+0530', '400101000000+0530')],
    ['without seconds', timed('2001010000Z', '4001010000Z')],
    ['of the thirteenth month', timed('201301000000Z', '400101000000Z')],
    ['of the thirtieth of February', timed('200230000000Z', '400101000000Z')],
    ['of fractions of a second', timed('20200101000000.5Z', '20400101000000.5Z', 0x18)],
    ['with an end before its beginning', timed('400101000000Z', '200101000000Z')],
  ])('%s is not valid', (_, leaf) => {
    expect(read(leaf)).not.toBe('valid')
    expect(read(leaf)).not.toBe('no error of the engine')
  })

  test('of a person with an attribute of a very long number is read or refused', () => {
    const huge = tlv(TAG.oid, Buffer.concat([Buffer.of(0x2a), Buffer.alloc(3000, 0xff), Buffer.of(1)]))
    const subject = sequence(tlv(TAG.set, sequence(huge, utf8String('x'))))
    expect(['valid', 'pki.der', 'pki.certificate']).toContain(read({ subject }))
  })

  test('that ends today in another time zone ends by the time of Greenwich', () => {
    expect(outcome({}, { notAfter: new Date(NOW.getTime() - 1000).toISOString() })).toBe('expired')
    expect(outcome({}, { notAfter: new Date(NOW.getTime() + 1000).toISOString() })).toBe('valid')
  })
})

test('a mesh of authorities that certify each other costs little', () => {
  const labels = Array.from({ length: 40 }, (_, i) => `m${i}`)
  const specs = labels.flatMap((label, i) =>
    Array.from(
      { length: 12 },
      (_, k) =>
        [
          `${label}-${k}`,
          ca({
            key: label,
            subject: name(label),
            signer: labels[(i + k + 1) % 40] ?? label,
            issuerName: name(labels[(i + k + 1) % 40] ?? label),
          }),
        ] as const,
    ),
  )
  const chain = buildChain({
    root: ca(),
    ...Object.fromEntries(specs),
    ana: person({ signer: 'm0', issuerName: name('m0') }),
  })
  const all = new Map([...chain].map(([label, der]) => [label, readCertificate(der)]))
  const [root, ana] = [all.get('root'), all.get('ana')]
  if (!root || !ana) throw new Error('a certificate is missing')
  const start = performance.now()
  const path = findPath(ana, {
    anchors: [root],
    intermediates: [...all.values()].slice(1, -1),
    time: NOW,
    purpose: 'documentSigning',
  })
  expect(performance.now() - start).toBeLessThan(1000)
  expect(path).toMatchObject({ ok: false })
})
