import { createHash } from 'node:crypto'
import { type Bytes, equalBytes } from '../../std/bytes.ts'
import { readAlgorithmIdentifier } from '../algorithm-identifier.ts'
import { type Der, fieldsOf } from '../der-reader.ts'
import { integerBytes } from '../der-values.ts'
import { NULL, octetString, oid, sequence, TAG, unsigned } from '../der-writer.ts'
import { publicKeyBits } from '../extensions/key-identifiers.ts'
import { OID } from '../oids.ts'
import type { StatusSubject } from './status-finding.ts'

/** A digest that may name a certificate. SHA-1 is no weakness here: the name is signed, it proves nothing itself. */
export type OcspDigest = 'sha1' | 'sha256'

/** CertID (RFC 6960 4.1.1): the certificate that is asked about, by its issuer's name and key and its serial number. */
export type OcspCertificateId = {
  /** Absent for a digest that is not known here; such an id names no certificate. */
  readonly digest?: OcspDigest
  readonly issuerNameHash: Bytes
  readonly issuerKeyHash: Bytes
  readonly serial: Bytes
  readonly raw: Bytes
}

// OpenSSL and most responders write NULL after either digest.
const digestIdentifiers: Readonly<Record<OcspDigest, Bytes>> = {
  sha1: sequence(oid(OID.sha1), NULL),
  sha256: sequence(oid(OID.sha256), NULL),
}

const digestNames: ReadonlyMap<string, OcspDigest> = new Map([
  [OID.sha1, 'sha1'],
  [OID.sha256, 'sha256'],
])

export function buildOcspCertificateId({ certificate, issuer }: StatusSubject, digest: OcspDigest): Buffer {
  return sequence(
    digestIdentifiers[digest],
    octetString(issuerNameHash(certificate.issuer.raw, digest)),
    octetString(issuerKeyHash(issuer.spki, digest)),
    unsigned(certificate.serial),
  )
}

/** Hash of the encoded name. */
function issuerNameHash(name: Bytes, digest: OcspDigest): Bytes {
  return createHash(digest).update(name).digest()
}

/** Hash of the public key, without its algorithm. */
function issuerKeyHash(spki: Bytes, digest: OcspDigest): Bytes {
  return createHash(digest).update(publicKeyBits(spki)).digest()
}

/** Throws `pki.der`. */
export function readOcspCertificateId(node: Der): OcspCertificateId {
  const fields = fieldsOf(node, 'CertID')
  const digest = digestNames.get(readAlgorithmIdentifier(fields.take(TAG.sequence)).oid)
  const issuerNameHash = fields.take(TAG.octetString).content
  const issuerKeyHash = fields.take(TAG.octetString).content
  const serial = integerBytes(fields.take(TAG.integer))
  fields.end()
  const id = { issuerNameHash, issuerKeyHash, serial, raw: node.raw }
  return digest ? { ...id, digest } : id
}

/** True when the id names exactly this certificate of this issuer. */
export function namesCertificate(id: OcspCertificateId, { certificate, issuer }: StatusSubject): boolean {
  return (
    id.digest !== undefined &&
    equalBytes(id.serial, certificate.serial) &&
    equalBytes(id.issuerNameHash, issuerNameHash(certificate.issuer.raw, id.digest)) &&
    equalBytes(id.issuerKeyHash, issuerKeyHash(issuer.spki, id.digest))
  )
}
