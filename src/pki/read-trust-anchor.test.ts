import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { TAG, tlv } from './der-writer.ts'
import { findPath, isSelfIssued, PkiError, readCertificate, readTrustAnchor, sequence } from './index.ts'
import { authority, buildChain, type CertificateSpec, person } from './testing/chain-builder.ts'
import { VECTOR_TIME } from './testing/path-vectors/path-vector.ts'

const generalized = (text: string) => tlv(TAG.generalizedTime, Buffer.from(text))
const time = new Date(VECTOR_TIME)

function chainBelow(root: CertificateSpec) {
  const certificates = buildChain({ root: authority(root), person: person() })
  const [anchor = Buffer.of(), leaf = Buffer.of()] = [...certificates.values()]
  return { anchor, leaf: readCertificate(leaf) }
}

describe.each<[string, CertificateSpec]>([
  ['a serial number of zero', { serial: Buffer.of(0) }],
  ['a negative serial number', { serial: Buffer.of(0x80) }],
  [
    'times of four digits before 2050',
    { validity: sequence(generalized('20200101000000Z'), generalized('20400101000000Z')) },
  ],
])('a root with %s', (_, root) => {
  const { anchor, leaf } = chainBelow(root)

  test('is no certificate to be relied upon', () => {
    expect(() => readCertificate(anchor)).toThrow(PkiError)
  })

  test('can be trusted by decision', () => {
    expect(findPath(leaf, { anchors: [readTrustAnchor(anchor)], intermediates: [], time }).ok).toBe(true)
  })
})

test('an anchor with anything else that is wrong is refused as ever', () => {
  const { anchor } = chainBelow({ serial: Buffer.alloc(0) })
  expect(() => readTrustAnchor(anchor)).toThrow(PkiError)
  expect(() => readTrustAnchor(anchor.subarray(1))).toThrow(PkiError)
})

test('the roots that Node carries can be read, and are their own issuers by name', () => {
  const roots = rootCertificates.map((pem) => readTrustAnchor(new X509Certificate(pem).raw))
  expect(roots.length).toBeGreaterThan(50)
  expect(roots.filter((root) => !isSelfIssued(root))).toEqual([])
})
