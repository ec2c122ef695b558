import { createHash } from 'node:crypto'
import {
  type Attribute,
  type Certificate,
  type EssCertIdV2,
  fieldsOf,
  knownDigest,
  OID,
  PkiError,
  readAlgorithmIdentifier,
  readDer,
  readSigningCertificateV2,
  type SignerInfo,
  TAG,
} from '../pki/index.ts'
import { type Bytes, equalBytes } from '../std/bytes.ts'
import { indeterminate, type Problem } from './report.ts'

function valuesOf(attributes: readonly Attribute[], wanted: string): readonly Bytes[] | undefined {
  return attributes.find(({ type }) => type === wanted)?.values
}

/** signing-certificate-v2 must stand once and name this certificate (EN 319 102-1 5.2.3, RFC 5035 3). */
export function checkSigningCertificate(attributes: readonly Attribute[], certificate: Certificate): Problem[] {
  const values = valuesOf(attributes, OID.signingCertificateV2)
  const [value] = values ?? []
  if (!value || values?.length !== 1) {
    const message = 'The attribute signing-certificate-v2 is missing.'
    return [indeterminate('SIG_CONSTRAINTS_FAILURE', 'cms.signing_certificate_missing', message)]
  }
  if (names(value, certificate)) return []
  const message = 'The attribute signing-certificate-v2 names another certificate.'
  return [indeterminate('NO_SIGNING_CERTIFICATE_FOUND', 'cms.signing_certificate', message)]
}

function names(value: Bytes, certificate: Certificate): boolean {
  let identifier: EssCertIdV2
  try {
    identifier = readSigningCertificateV2(value)
  } catch (error) {
    if (error instanceof PkiError) return false
    throw error
  }
  const { digest, hash, issuerSerial } = identifier
  const algorithm = knownDigest(digest)
  if (!algorithm || !equalBytes(createHash(algorithm).update(certificate.der).digest(), hash)) return false
  if (!issuerSerial) return true
  return equalBytes(issuerSerial.issuer, certificate.issuer.raw) && equalBytes(issuerSerial.serial, certificate.serial)
}

/** RFC 6211 3: where the attribute stands, it must repeat the algorithms of the signer. */
export function checkAlgorithmProtection(signer: SignerInfo, attributes: readonly Attribute[]): Problem[] {
  const values = valuesOf(attributes, OID.cmsAlgorithmProtection)
  if (values === undefined || repeats(values[0], signer)) return []
  const message = 'The algorithms are not those that the signer protected.'
  return [indeterminate('SIG_CONSTRAINTS_FAILURE', 'cms.algorithm_protection', message)]
}

const SIGNATURE_ALGORITHM_TAG = 0xa1

function repeats(value: Bytes | undefined, { digestAlgorithm, signatureAlgorithm }: SignerInfo): boolean {
  if (value === undefined) return false
  try {
    const fields = fieldsOf(readDer(value), 'CMSAlgorithmProtection')
    const digest = readAlgorithmIdentifier(fields.take(TAG.sequence))
    const signature = fields.take(SIGNATURE_ALGORITHM_TAG)
    fields.end()
    return digest.oid === digestAlgorithm.oid && equalBytes(signature.content, readDer(signatureAlgorithm.raw).content)
  } catch (error) {
    if (error instanceof PkiError) return false
    throw error
  }
}
