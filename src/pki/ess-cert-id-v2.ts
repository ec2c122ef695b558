import type { Bytes } from '../std/bytes.ts'
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts'
import { children, expectTag, fieldsOf, integerBytes, readDer } from './der-reader.ts'
import { TAG } from './der-writer.ts'
import { OID } from './oids.ts'

/** ESSCertIDv2 (RFC 5035 3): which certificate the signer meant. */
export type EssCertIdV2 = {
  /** Dotted identifier of the digest; SHA-256 when none is named. */
  readonly digest: AlgorithmIdentifier
  readonly hash: Bytes
  /** Encoded directory name and serial number of the certificate, when given. */
  readonly issuerSerial?: { readonly issuer: Bytes; readonly serial: Bytes }
}

const DEFAULT_DIGEST: AlgorithmIdentifier = { oid: OID.sha256, raw: new Uint8Array() }
const DIRECTORY_NAME_TAG = 0xa4

/** The first certificate of a SigningCertificateV2, the one that counts (RFC 5035 4). Throws `pki.der`. */
export function readSigningCertificateV2(value: Bytes): EssCertIdV2 {
  const list = fieldsOf(readDer(value), 'SigningCertificateV2').take(TAG.sequence)
  const [first] = children(list)
  const fields = fieldsOf(expectTag(first ?? list, TAG.sequence, 'ESSCertIDv2'), 'ESSCertIDv2')
  const named = fields.maybe(TAG.sequence)
  const digest = named ? readAlgorithmIdentifier(named) : DEFAULT_DIGEST
  const hash = fields.take(TAG.octetString).content
  const issuer = fields.maybe(TAG.sequence)
  fields.end()
  if (issuer === undefined) return { digest, hash }
  const parts = fieldsOf(issuer, 'IssuerSerial')
  const [name] = children(parts.take(TAG.sequence))
  const serial = integerBytes(parts.take(TAG.integer))
  if (name?.tag !== DIRECTORY_NAME_TAG) return { digest, hash }
  return { digest, hash, issuerSerial: { issuer: name.content, serial } }
}
