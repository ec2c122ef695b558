import { describe, expect, test } from 'vitest'
import { bytesSource } from '../../pdf/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { basicConstraints, keyUsage, OID, octetString, oid, sequence, tlv } from '../../pki/index.ts'
import { newAuthority, personExtensions } from '../../pki/testing/authority.ts'
import { validate } from '../index.ts'
import { asBer, attribute, buildCms, type CmsVariant } from '../testing/cms.ts'
import { ana, authority, firstOf, overwritten, signed, signedWith, signers, trust } from '../testing/signing.ts'

const pdf = buildPdf('table')
const chain = [ana.certificate, authority.issuing.certificate]
const without = (type: string) => (right: Uint8Array[]) => right.filter((one) => !Buffer.from(one).includes(oid(type)))
const SHA1 = createSha1()

function createSha1() {
  return { digestOid: OID.sha1, signatureOid: '1.2.840.10045.4.1' }
}

function withContainer(variant: CmsVariant) {
  return signedWith(pdf, ana, (digest, signBytes) =>
    buildCms(ana.certificate, digest, signBytes, { certificates: chain, ...variant }),
  )
}

test('a container built by hand is valid when nothing is wrong with it', async () => {
  expect(await firstOf(await withContainer({}))).toMatchObject({ indication: 'TOTAL-PASSED', format: 'PAdES-B-B' })
})

describe('not valid: a container', () => {
  test.each<[string, CmsVariant, string, string, string]>([
    ['with another digest', { messageDigest: Buffer.alloc(32) }, 'TOTAL-FAILED', 'HASH_FAILURE', 'cms.message_digest'],
    [
      'without message-digest',
      { attributes: without(OID.messageDigest) },
      'TOTAL-FAILED',
      'FORMAT_FAILURE',
      'cms.message_digest_missing',
    ],
    [
      'without content-type',
      { attributes: without(OID.contentType) },
      'TOTAL-FAILED',
      'FORMAT_FAILURE',
      'cms.content_type_attribute',
    ],
    ['without signed attributes', { noAttributes: true }, 'TOTAL-FAILED', 'FORMAT_FAILURE', 'cms.no_signed_attributes'],
    ['with two signers', { signerCount: 2 }, 'TOTAL-FAILED', 'FORMAT_FAILURE', 'cms.signer_count'],
    ['without a signer', { signerCount: 0 }, 'TOTAL-FAILED', 'FORMAT_FAILURE', 'cms.signer_count'],
    [
      'with content inside',
      { content: Buffer.from('x') },
      'TOTAL-FAILED',
      'FORMAT_FAILURE',
      'cms.encapsulated_content',
    ],
    ['of another content type', { contentType: OID.signedData }, 'TOTAL-FAILED', 'FORMAT_FAILURE', 'cms.content_type'],
    ['with SHA-1', SHA1, 'INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE', 'cms.digest_algorithm'],
    [
      'with an unknown signature algorithm',
      { signatureOid: '1.2.3.4' },
      'INDETERMINATE',
      'CRYPTO_CONSTRAINTS_FAILURE',
      'cms.signature_algorithm',
    ],
    [
      'with an algorithm of another key',
      { signatureOid: OID.sha256WithRsa },
      'TOTAL-FAILED',
      'SIG_CRYPTO_FAILURE',
      'cms.signature',
    ],
    [
      'with another digest in the signature',
      { signatureOid: OID.ecdsaWithSha512 },
      'INDETERMINATE',
      'CRYPTO_CONSTRAINTS_FAILURE',
      'cms.signature_algorithm',
    ],
    [
      'without signing-certificate-v2',
      { attributes: without(OID.signingCertificateV2) },
      'INDETERMINATE',
      'SIG_CONSTRAINTS_FAILURE',
      'cms.signing_certificate_missing',
    ],
    [
      'that names another certificate',
      { signingCertificate: Buffer.from('x') },
      'INDETERMINATE',
      'NO_SIGNING_CERTIFICATE_FOUND',
      'cms.signing_certificate',
    ],
    [
      'without certificates',
      { noCertificates: true },
      'INDETERMINATE',
      'NO_SIGNING_CERTIFICATE_FOUND',
      'cms.no_certificate',
    ],
    [
      "without the authority's certificate",
      { certificates: [ana.certificate] },
      'INDETERMINATE',
      'NO_CERTIFICATE_CHAIN_FOUND',
      'chain.no_path',
    ],
    ['with bytes behind it', { after: Buffer.of(0, 1) }, 'TOTAL-FAILED', 'FORMAT_FAILURE', 'cms.trailing_bytes'],
    [
      'with one attribute twice',
      { attributes: (right) => [...right, ...right.slice(0, 1)] },
      'TOTAL-FAILED',
      'FORMAT_FAILURE',
      'cms.malformed',
    ],
    [
      'that protects other algorithms',
      {
        attributes: (right) => [
          ...right,
          attribute(
            OID.cmsAlgorithmProtection,
            sequence(sequence(oid(OID.sha512)), tlv(0xa1, oid(OID.ecdsaWithSha256))),
          ),
        ],
      },
      'INDETERMINATE',
      'SIG_CONSTRAINTS_FAILURE',
      'cms.algorithm_protection',
    ],
  ])('%s', async (_, variant, indication, subIndication, code) => {
    expect(await firstOf(await withContainer(variant))).toMatchObject({ indication, subIndication, reason: { code } })
  })

  test.each([
    ['that is empty', Buffer.alloc(0)],
    ['that is not DER', Buffer.from('30030201', 'hex')],
    ['that is something else', sequence(oid(OID.data), tlv(0xa0, octetString(Buffer.alloc(3))))],
  ])('%s', async (_, bytes) => {
    const report = await firstOf(await signedWith(pdf, ana, () => bytes))
    expect(report).toMatchObject({ subIndication: 'FORMAT_FAILURE', reason: { code: 'cms.malformed' } })
  })

  test('with a signature by another key', async () => {
    const other = authority.person('Ana Ruiz')
    const bytes = await signedWith(pdf, other, (digest, signBytes) =>
      buildCms(ana.certificate, digest, signBytes, { certificates: chain }),
    )
    expect(await firstOf(bytes)).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'SIG_CRYPTO_FAILURE' })
  })
})

describe('noted, and not baseline', () => {
  test('a container in BER', async () => {
    const bytes = await signedWith(pdf, ana, (digest, signBytes) =>
      asBer(buildCms(ana.certificate, digest, signBytes, { certificates: chain })),
    )
    const report = await firstOf(bytes)
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', format: 'other' })
    expect(report.findings.map(({ code }) => code)).toEqual(['cms.ber'])
  })

  test('the attribute signing-time', async () => {
    const signingTime = attribute(OID.signingTime, tlv(0x17, Buffer.from('261120120000Z')))
    const report = await firstOf(await withContainer({ attributes: (right) => [...right, signingTime] }))
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', format: 'other' })
    expect(report.findings.map(({ code }) => code)).toEqual(['cms.signing_time'])
  })
})

test('a signature policy, which nobody can check here, is told and changes no verdict', async () => {
  const policy = attribute(OID.signaturePolicyIdentifier, sequence())
  const report = await firstOf(await withContainer({ attributes: (right) => [...right, policy] }))
  expect(report).toMatchObject({ indication: 'TOTAL-PASSED', format: 'PAdES-B-B' })
  expect(report.notChecked).toEqual(['revocation', 'signature_policy'])
})

test('a commitment type beside /Reason is not baseline', async () => {
  const commitment = attribute(OID.commitmentTypeIndication, sequence())
  const bytes = await signedWith(
    pdf,
    ana,
    (digest, signBytes) =>
      buildCms(ana.certificate, digest, signBytes, {
        certificates: chain,
        attributes: (right) => [...right, commitment],
      }),
    { reason: 'Agreed' },
  )
  const report = await firstOf(bytes)
  expect(report).toMatchObject({ indication: 'TOTAL-PASSED', format: 'other' })
  expect(report.findings.map(({ code }) => code)).toEqual(['pades.commitment_type'])
})

describe('the chain', () => {
  test('without anything known of revocation, nothing is valid by default', async () => {
    const { trustAnchors, time } = trust
    const report = await validate(bytesSource(await signed(pdf, signers.ana)), { trustAnchors, time })
    expect(report.signatures[0]).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' })
  })

  test('without revocation by policy, the report says so', async () => {
    expect(await firstOf(await signed(pdf, signers.ana))).toMatchObject({ notChecked: ['revocation'] })
  })

  test.each([
    ['no anchor', { trustAnchors: [] }, 'NO_CERTIFICATE_CHAIN_FOUND'],
    ['a foreign anchor', { trustAnchors: [newAuthority().root.certificate] }, 'NO_CERTIFICATE_CHAIN_FOUND'],
    ['a time after its end', { time: new Date('2030-01-01Z') }, 'OUT_OF_BOUNDS_NO_POE'],
    ['a time before its beginning', { time: new Date('2020-01-01Z') }, 'OUT_OF_BOUNDS_NO_POE'],
  ])('with %s is INDETERMINATE', async (_, change, subIndication) => {
    const report = await validate(bytesSource(await signed(pdf, signers.ana)), { ...trust, ...change })
    expect(report.signatures[0]).toMatchObject({ indication: 'INDETERMINATE', subIndication })
  })

  test('a key that is not for signatures', async () => {
    const extensions = [...personExtensions.slice(2), basicConstraints({ ca: false }), keyUsage('keyAgreement')]
    const person = authority.person('Ana Ruiz', 'P-256', { extensions, spoil: (template) => template })
    const bytes = await signedWith(pdf, person, (digest, signBytes) =>
      buildCms(person.certificate, digest, signBytes, {
        certificates: [person.certificate, authority.issuing.certificate],
      }),
    )
    expect(await firstOf(bytes)).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    })
  })
})

test.each(['adbe.pkcs7.sha1    ', 'adbe.x509.rsa_sha1 ', 'ETSI.RFC3161       '])(
  'the kind of signature %s is not supported',
  async (kind) => {
    const bytes = overwritten(await signed(pdf, signers.ana), '/ETSI.CAdES.detached', `/${kind}`)
    expect(await firstOf(bytes)).toMatchObject({ indication: 'TOTAL-FAILED', reason: { code: 'signature.sub_filter' } })
  },
)

test('our own signature keeps every rule of EN 319 142-1 table 1 for B-B', async () => {
  for (const signer of Object.values(signers)) {
    const bytes = await signed(pdf, signer, { reason: 'x' })
    const report = await firstOf(bytes)
    expect(report).toMatchObject({ indication: 'TOTAL-PASSED', format: 'PAdES-B-B', findings: [], problems: [] })
    const dictionary = /<<\/Type\/Sig.*?\/Contents</s.exec(bytes.toString('latin1'))?.[0]
    expect(dictionary).toContain(
      `/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M<${Buffer.from('D:20261120120000Z').toString('hex')}>`,
    )
    expect(dictionary).not.toContain('/Cert')
    expect(bytes.includes(Buffer.from(oid(OID.signingTime)).toString('hex'))).toBe(false)
    expect(bytes.includes(Buffer.from(authority.root.certificate).toString('hex'))).toBe(false)
  }
})
