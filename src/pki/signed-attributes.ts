import { createHash } from 'node:crypto'
import { type Bytes, equalBytes } from '../std/bytes.ts'
import { readAlgorithmIdentifier } from './algorithm-identifier.ts'
import type { Certificate } from './certificate.ts'
import { type Der, fieldsOf, readDer } from './der-reader.ts'
import { TAG } from './der-writer.ts'
import { type EssCertId, readSigningCertificate, readSigningCertificateV2 } from './ess-cert-id-v2.ts'
import { readName } from './name.ts'
import { sameName } from './name-match.ts'
import { oidText } from './object-identifier.ts'
import { OID } from './oids.ts'
import { readable } from './readable.ts'
import type { Attribute, SignerInfo } from './signer-info.ts'

/** The value of an attribute that stands once and has one value; nothing otherwise. */
function singleValue(attributes: readonly Attribute[], wanted: string): Bytes | undefined {
  const [found, ...more] = attributes.filter(({ type }) => type === wanted)
  return found?.values.length === 1 && more.length === 0 ? found.values[0] : undefined
}

function singleOf(attributes: readonly Attribute[], wanted: string, tag: number): Der | undefined {
  const value = singleValue(attributes, wanted)
  const node = value && readable(() => readDer(value))
  return node?.tag === tag ? node : undefined
}

/** The dotted identifier in content-type; nothing when the attribute is missing or malformed (RFC 5652 11.1). */
export function contentTypeOf(attributes: readonly Attribute[]): string | undefined {
  const node = singleOf(attributes, OID.contentType, TAG.oid)
  return node && readable(() => oidText(node))
}

/** The digest in message-digest; nothing when the attribute is missing or malformed (RFC 5652 11.2). */
export function messageDigestOf(attributes: readonly Attribute[]): Bytes | undefined {
  return singleOf(attributes, OID.messageDigest, TAG.octetString)?.content
}

/** True for the certificate that the signer is named by (RFC 5652 5.3). */
export function isSignerCertificate({ sid }: Pick<SignerInfo, 'sid'>, certificate: Certificate): boolean {
  if ('issuer' in sid) return isIssuedAs(certificate, sid)
  const own = certificate.extensions.get(OID.subjectKeyIdentifier)?.value
  const node = own && readable(() => readDer(own))
  return node?.tag === TAG.octetString && equalBytes(node.content, sid.keyIdentifier)
}

/** Names are compared as they are along a path (RFC 5280 7.1): some signers write them anew, in another type of string. */
function isIssuedAs(
  { issuer, serial }: Certificate,
  named: { readonly issuer: Bytes; readonly serial: Bytes },
): boolean {
  if (!equalBytes(named.serial, serial)) return false
  return readable(() => sameName(readName(readDer(named.issuer)), issuer)) ?? false
}

const SIGNATURE_ALGORITHM_TAG = 0xa1

/** True where CMSAlgorithmProtection repeats the algorithms of the signer, or is absent (RFC 6211 3). */
export function keepsAlgorithms({ signed, digestAlgorithm, signatureAlgorithm }: SignerInfo): boolean {
  const attributes = signed?.attributes ?? []
  if (!attributes.some(({ type }) => type === OID.cmsAlgorithmProtection)) return true
  const value = singleValue(attributes, OID.cmsAlgorithmProtection)
  const repeats = () => {
    const fields = fieldsOf(readDer(value ?? new Uint8Array()), 'CMSAlgorithmProtection')
    const digest = readAlgorithmIdentifier(fields.take(TAG.sequence))
    const signature = fields.take(SIGNATURE_ALGORITHM_TAG)
    fields.end()
    return digest.oid === digestAlgorithm.oid && equalBytes(signature.content, readDer(signatureAlgorithm.raw).content)
  }
  return readable(repeats) ?? false
}

/**
 * Whether signing-certificate, in either version, names this certificate. Where both stand, both must (RFC 5035 5):
 * the first version is bound to SHA-1, so it alone is what old authorities still write.
 */
export function signingCertificateNames(
  attributes: readonly Attribute[],
  certificate: Certificate,
): 'this' | 'another' | 'none' {
  const readers = {
    [OID.signingCertificate]: readSigningCertificate,
    [OID.signingCertificateV2]: readSigningCertificateV2,
  }
  const verdicts = Object.entries(readers).flatMap(([type, read]) => {
    if (!attributes.some((attribute) => attribute.type === type)) return []
    const value = singleValue(attributes, type)
    const id = value && readable(() => read(value))
    return [id !== undefined && isNamedBy(id, certificate)]
  })
  if (verdicts.length === 0) return 'none'
  return verdicts.every(Boolean) ? 'this' : 'another'
}

function isNamedBy({ algorithm, hash, issuerSerial }: EssCertId, certificate: Certificate): boolean {
  if (!algorithm || !equalBytes(createHash(algorithm).update(certificate.der).digest(), hash)) return false
  return !issuerSerial || isIssuedAs(certificate, issuerSerial)
}
