import { describe, expect, test } from 'vitest'
import { asBer, attribute, buildCms, type CmsVariant } from '../../src/pades/testing/cms.ts'
import { ana, authority, overwritten, signed, signedWith, signers, trust } from '../../src/pades/testing/signing.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { OID, octetString, oid, sequence, setOf, TAG, tlv } from '../../src/pki/index.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'
import { verdictText } from '../support/hostile-reports.ts'

/* Signatures whose container is not what it must be. */

const files = await hostileFiles('containers')
const pdf = buildPdf('table')
const chain = [ana.certificate, authority.issuing.certificate]
const PASSED = 'TOTAL-PASSED'
const ROOM = 20_000

async function verdictOf(file: Bytes): Promise<string> {
  return verdictText(await files.look('judge', file, { policy: trust }))
}

function container(variant: CmsVariant, last: (der: Bytes) => Bytes = (der) => der): Promise<Buffer> {
  return signedWith(pdf, ana, (digest, signBytes) =>
    last(buildCms(ana.certificate, digest, signBytes, { certificates: chain, ...variant })),
  )
}

const without = (type: string) => (right: Bytes[]) => right.filter((one) => !Buffer.from(one).includes(oid(type)))
const also = (more: Bytes) => (right: Bytes[]) => [...right, more]
const twice = (right: Bytes[]) => [...right, ...right.slice(1, 2)]

describe('a container', () => {
  test.each<[string, CmsVariant, string]>([
    ['with nothing wrong', {}, PASSED],
    ['with bytes behind it', { after: Buffer.of(0, 0, 1) }, 'TOTAL-FAILED FORMAT_FAILURE cms.trailing_bytes'],
    ['with zeros behind it', { after: Buffer.alloc(40) }, PASSED],
    ['without signed attributes', { noAttributes: true }, 'TOTAL-FAILED FORMAT_FAILURE cms.no_signed_attributes'],
    ['of two signers', { signerCount: 2 }, 'TOTAL-FAILED FORMAT_FAILURE cms.signer_count'],
    ['of no signer', { signerCount: 0 }, 'TOTAL-FAILED FORMAT_FAILURE cms.signer_count'],
    ['with the content in it', { content: Buffer.from('x') }, 'TOTAL-FAILED FORMAT_FAILURE cms.encapsulated_content'],
    ['over another document', { messageDigest: Buffer.alloc(32) }, 'TOTAL-FAILED HASH_FAILURE cms.message_digest'],
    [
      'with a digest that is too short',
      { messageDigest: Buffer.alloc(20) },
      'TOTAL-FAILED HASH_FAILURE cms.message_digest',
    ],
    [
      'without the digest of the document',
      { attributes: without(OID.messageDigest) },
      'TOTAL-FAILED FORMAT_FAILURE cms.message_digest_missing',
    ],
    ['with that digest twice', { attributes: twice }, 'TOTAL-FAILED FORMAT_FAILURE cms.malformed'],
    [
      'by SHA-1',
      { digestOid: OID.sha1, signatureOid: '1.2.840.10045.4.1' },
      'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE cms.digest_algorithm',
    ],
    [
      'by MD5',
      { digestOid: '1.2.840.113549.2.5', signatureOid: OID.ecdsaWithSha256 },
      'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE cms.digest_algorithm',
    ],
    [
      'by an algorithm that nobody knows',
      { signatureOid: '1.2.3.4.5' },
      'INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE cms.signature_algorithm',
    ],
    [
      'by an algorithm of another key',
      { signatureOid: OID.sha256WithRsa },
      'TOTAL-FAILED SIG_CRYPTO_FAILURE cms.signature',
    ],
    [
      'that names no certificate',
      { attributes: without(OID.signingCertificateV2) },
      'INDETERMINATE SIG_CONSTRAINTS_FAILURE cms.signing_certificate_missing',
    ],
    [
      'that names another certificate',
      { signingCertificate: authority.issuing.certificate },
      'INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND cms.signing_certificate',
    ],
    ['without certificates', { noCertificates: true }, 'INDETERMINATE NO_SIGNING_CERTIFICATE_FOUND cms.no_certificate'],
    ['of another type', { contentType: OID.tstInfo }, 'TOTAL-FAILED FORMAT_FAILURE cms.content_type'],
    [
      'with an attribute of no value, which says nothing',
      { attributes: also(sequence(oid('1.2.3.4'), tlv(TAG.set))) },
      PASSED,
    ],
  ])('%s', async (_, variant, expected) => {
    expect(await verdictOf(await container(variant))).toBe(expected)
  })

  test('in BER of indefinite lengths is valid, and not baseline', async () => {
    expect(await verdictOf(await container({}, asBer))).toBe(PASSED)
  })

  test.each<[string, (der: Bytes) => Bytes]>([
    ['in BER inside BER, ten thousand times', () => Buffer.alloc(9000, Buffer.of(0x30, 0x80))],
    ['in texts inside texts', () => Buffer.alloc(9000, Buffer.of(0x24, 0x80))],
    ['of a length beyond everything', () => Buffer.from('3084ffffffff0201', 'hex')],
    ['of a length of a hundred bytes', () => Buffer.concat([Buffer.of(0x30, 0xe4), Buffer.alloc(100, 0xff)])],
    ['that is a token', () => sequence(oid(OID.tstInfo), octetString(Buffer.alloc(9)))],
    ['that is empty', () => Buffer.alloc(0)],
    ['of a name with a number of a thousand digits', () => sequence(tlv(TAG.oid, Buffer.alloc(400, 0xff)))],
    ['of ten thousand empty sets', () => sequence(...Array.from({ length: 4000 }, () => setOf()))],
  ])('%s is refused', async (_, bytes) => {
    const made: typeof bytes = (der) => bytes(der).subarray(0, ROOM)
    const file = await signedWith(pdf, ana, (digest, signBytes) => made(buildCms(ana.certificate, digest, signBytes)), {
      timestampRoom: ROOM,
    })
    expect(await verdictOf(file)).toBe('TOTAL-FAILED FORMAT_FAILURE cms.malformed')
  })

  test('with a list of its algorithms that are not those it uses', async () => {
    const other = attribute(
      OID.cmsAlgorithmProtection,
      sequence(sequence(oid(OID.sha512)), tlv(0xa1, oid(OID.ecdsaWithSha512))),
    )
    expect(await verdictOf(await container({ attributes: also(other) }))).toBe(
      'INDETERMINATE SIG_CONSTRAINTS_FAILURE cms.algorithm_protection',
    )
  })
})

test.each(['adbe.pkcs7.sha1', 'adbe.x509.rsa_sha1', 'ETSI.RFC3161', 'ETSI.CAdES.DETACHED', 'none'])(
  'a signature of the kind %s is none that is known here',
  async (kind) => {
    const file = overwritten(await signed(pdf, signers.ana), '/ETSI.CAdES.detached', `/${kind.padEnd(19)}`)
    expect(await verdictOf(file)).toBe('TOTAL-FAILED FORMAT_FAILURE signature.sub_filter')
  },
)
