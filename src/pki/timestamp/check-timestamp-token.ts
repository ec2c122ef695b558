import { createHash } from 'node:crypto'
import { type Bytes, equalBytes } from '../../std/bytes.ts'
import { type DigestAlgorithm, knownDigest } from '../algorithm-identifier.ts'
import type { Certificate } from '../certificate.ts'
import { certificateKey } from '../certificate-key.ts'
import { unknownCritical } from '../extension.ts'
import { readExtendedKeyUsage } from '../extensions/extended-key-usage.ts'
import { readKeyUsage } from '../extensions/key-usage.ts'
import { OID } from '../oids.ts'
import { PkiError } from '../pki-error.ts'
import { readable } from '../readable.ts'
import { knownSignature } from '../signature-algorithm.ts'
import { contentTypeOf, keepsAlgorithms, messageDigestOf, signingCertificateNames } from '../signed-attributes.ts'
import { signerCertificate } from '../signer-certificate.ts'
import { verifySignature } from '../verify.ts'
import { type TimestampFailure, type TimestampFault, timestampFailure } from './timestamp-fault.ts'
import type { TimestampToken } from './timestamp-token.ts'

export type TimestampCheck =
  | {
      readonly ok: true
      /** The certificate of the authority's unit. */
      readonly certificate: Certificate
      /** The other certificates of the token. */
      readonly others: readonly Certificate[]
    }
  | TimestampFailure

type Facts = {
  readonly token: TimestampToken
  readonly certificate: Certificate
  readonly imprint: (digest: DigestAlgorithm) => Bytes
}
type Check = (facts: Facts) => TimestampFault | undefined

/**
 * Checks everything about a token but the chain above its certificate and its age: the imprint against what
 * `imprint` gives for the token's digest, the frame, the attributes, the signature, and the purpose and validity of
 * the certificate at the token's own time.
 */
export function checkTimestampToken(
  token: TimestampToken,
  imprint: (digest: DigestAlgorithm) => Bytes,
): TimestampCheck {
  const certificate = signerCertificate(token.signer, token.certificates)
  if (certificate === undefined) return timestampFailure('certificate_missing')
  for (const check of checks) {
    const fault = check({ token, certificate, imprint })
    if (fault) return timestampFailure(fault)
  }
  return { ok: true, certificate, others: token.certificates.filter((other) => other !== certificate) }
}

const checks: readonly Check[] = [
  checkFrame,
  checkImprint,
  checkExtensions,
  checkAttributes,
  checkSigningCertificate,
  checkSignature,
  ({ certificate }) => checkUnitCertificate(certificate),
  checkValidity,
]

/** 3 for content of this type; attribute certificates make it 4, OCSP answers beside the lists 5 (RFC 5652 5.1). */
const VERSIONS: ReadonlySet<number> = new Set([3, 4, 5])

/** What the signature does not cover is fixed by rules all the same (RFC 5652 5.1 and 5.3). */
function checkFrame({ token: { signedData, signer } }: Facts): TimestampFault | undefined {
  const isListed = signedData.digestAlgorithms.some(({ oid }) => oid === signer.digestAlgorithm.oid)
  const version = 'keyIdentifier' in signer.sid ? 3 : 1
  return VERSIONS.has(signedData.version) && signer.version === version && isListed ? undefined : 'frame'
}

function checkImprint({ token, imprint }: Facts): TimestampFault | undefined {
  const { digest, hash } = token.info.imprint
  if (digest === undefined) return 'imprint_algorithm'
  return equalBytes(hash, imprint(digest)) ? undefined : 'imprint'
}

const NONE: ReadonlySet<string> = new Set()

/** No extension changes what is read here, so one that must not be passed over is refused. */
function checkExtensions({ token }: Facts): TimestampFault | undefined {
  return unknownCritical(token.info.extensions, NONE) === undefined ? undefined : 'extension'
}

function checkAttributes({ token: { signer, content } }: Facts): TimestampFault | undefined {
  const attributes = signer.signed?.attributes
  if (attributes === undefined) return 'signed_attributes'
  if (contentTypeOf(attributes) !== OID.tstInfo) return 'content_type_attribute'
  const digest = knownDigest(signer.digestAlgorithm)
  if (digest === undefined) return 'algorithm'
  const stated = messageDigestOf(attributes)
  if (!stated || !equalBytes(stated, createHash(digest).update(content).digest())) return 'message_digest'
  return keepsAlgorithms(signer) ? undefined : 'algorithm_protection'
}

function checkSigningCertificate({ token, certificate }: Facts): TimestampFault | undefined {
  const named = signingCertificateNames(token.signer.signed?.attributes ?? [], certificate)
  if (named === 'none') return 'signing_certificate_missing'
  return named === 'this' ? undefined : 'signing_certificate'
}

function checkSignature({ token: { signer }, certificate }: Facts): TimestampFault | undefined {
  const digest = knownDigest(signer.digestAlgorithm)
  const algorithm = digest && knownSignature(signer.signatureAlgorithm, digest)
  if (!algorithm || !signer.signed) return 'algorithm'
  try {
    const key = certificateKey(certificate)
    return verifySignature(algorithm, key, signer.signed.encoded, signer.signature) ? undefined : 'signature'
  } catch (error) {
    if (error instanceof PkiError) return 'algorithm'
    throw error
  }
}

/** What the certificate of a time-stamping key must be, and what it must not be besides (RFC 3161 2.3). */
export function checkUnitCertificate(certificate: Certificate): TimestampFault | undefined {
  return checkPurpose(certificate) ?? checkKeyUsage(certificate)
}

function checkPurpose(certificate: Certificate): TimestampFault | undefined {
  const extension = certificate.extensions.get(OID.extKeyUsage)
  const purposes = extension && readable(() => readExtendedKeyUsage(extension.value))
  if (purposes?.length !== 1 || purposes[0] !== OID.timeStamping) return 'purpose'
  return extension?.critical ? undefined : 'purpose_not_critical'
}

function checkKeyUsage(certificate: Certificate): TimestampFault | undefined {
  const extension = certificate.extensions.get(OID.keyUsage)
  if (extension === undefined) return undefined
  const usages = readable(() => [...readKeyUsage(extension.value)]) ?? []
  const isOnlySigning = usages.every((usage) => usage === 'digitalSignature' || usage === 'nonRepudiation')
  return usages.length > 0 && isOnlySigning ? undefined : 'key_usage'
}

function checkValidity({ token: { info }, certificate }: Facts): TimestampFault | undefined {
  if (info.time < certificate.notBefore) return 'certificate_not_yet_valid'
  return info.time > certificate.notAfter ? 'certificate_expired' : undefined
}
