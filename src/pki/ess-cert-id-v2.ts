import type { Bytes } from '../std/bytes.ts'
import {
  type AlgorithmIdentifier,
  type DigestAlgorithm,
  knownDigest,
  readAlgorithmIdentifier,
} from './algorithm-identifier.ts'
import { children, expectTag, type Fields, fieldsOf, readDer } from './der-reader.ts'
import { integerBytes } from './der-values.ts'
import { TAG } from './der-writer.ts'
import { OID } from './oids.ts'

/** What a signer says of its own certificate. */
export type EssCertId = {
  /** The digest of `hash`; nothing for one that is not used here. */
  readonly algorithm?: DigestAlgorithm | 'sha1'
  readonly hash: Bytes
  /** Encoded directory name and serial number of the certificate, when given. */
  readonly issuerSerial?: { readonly issuer: Bytes; readonly serial: Bytes }
}

/** ESSCertIDv2 (RFC 5035 3): which certificate the signer meant. */
export type EssCertIdV2 = EssCertId & {
  /** Identifier of the digest; SHA-256 when none is named. */
  readonly digest: AlgorithmIdentifier
}

const DEFAULT_DIGEST: AlgorithmIdentifier = { oid: OID.sha256, raw: new Uint8Array() }
const DIRECTORY_NAME_TAG = 0xa4

/** The first certificate of a SigningCertificateV2, the one that counts (RFC 5035 4). Throws `pki.der`. */
export function readSigningCertificateV2(value: Bytes): EssCertIdV2 {
  const fields = firstOf(value, 'SigningCertificateV2')
  const named = fields.maybe(TAG.sequence)
  const digest = named ? readAlgorithmIdentifier(named) : DEFAULT_DIGEST
  const algorithm = knownDigest(digest)
  return { digest, ...(algorithm && { algorithm }), ...readRest(fields) }
}

/** The first certificate of a SigningCertificate, whose digest is always SHA-1 (RFC 2634 5.4). Throws `pki.der`. */
export function readSigningCertificate(value: Bytes): EssCertId {
  return { algorithm: 'sha1', ...readRest(firstOf(value, 'SigningCertificate')) }
}

function firstOf(value: Bytes, what: string): Fields {
  const list = fieldsOf(readDer(value), what).take(TAG.sequence)
  const [first] = children(list)
  return fieldsOf(expectTag(first ?? list, TAG.sequence, 'ESSCertID'), 'ESSCertID')
}

function readRest(fields: Fields): Pick<EssCertId, 'hash' | 'issuerSerial'> {
  const hash = fields.take(TAG.octetString).content
  const issuer = fields.maybe(TAG.sequence)
  fields.end()
  if (issuer === undefined) return { hash }
  const parts = fieldsOf(issuer, 'IssuerSerial')
  const [name] = children(parts.take(TAG.sequence))
  const serial = integerBytes(parts.take(TAG.integer))
  if (name?.tag !== DIRECTORY_NAME_TAG) return { hash }
  return { hash, issuerSerial: { issuer: name.content, serial } }
}
