import type { Bytes } from '../std/bytes.ts'
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts'
import { normaliseBer } from './ber-normaliser.ts'
import { children, type Der, expectTag, type Fields, fieldsOf, readDer } from './der-reader.ts'
import { smallInteger } from './der-values.ts'
import { TAG } from './der-writer.ts'
import { oidText } from './object-identifier.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'
import { NO_REVOCATION_VALUES, type RevocationValues, readRevocationChoices } from './revocation-values.ts'
import { readSignerInfo, type SignerInfo } from './signer-info.ts'

/** SignedData (RFC 5652 5.1), read without judging it. */
export type SignedData = {
  readonly version: number
  readonly digestAlgorithms: readonly AlgorithmIdentifier[]
  readonly contentType: string
  /** Present when the signed content lies inside. */
  readonly content?: Bytes
  /** Encoded certificates; other kinds of certificate are left out. */
  readonly certificates: readonly Bytes[]
  /** What lies in the field crls. */
  readonly revocation: RevocationValues
  readonly signerInfos: readonly SignerInfo[]
  readonly encoding: 'DER' | 'BER'
  /** Bytes of the input that the structure took; what follows is padding. */
  readonly length: number
}

const CONTENT_TAG = 0xa0
const CERTIFICATES_TAG = 0xa0
const CRLS_TAG = 0xa1
const MAX_CERTIFICATES = 100
const MAX_SIGNERS = 100

/** Reads a ContentInfo with SignedData at the start of `bytes`, in DER or in BER. Throws `pki.der` or `pki.cms`. */
export function readSignedData(bytes: Bytes): SignedData {
  const { der, length, wasDer } = normaliseBer(bytes)
  const outer = fieldsOf(readDer(der), 'ContentInfo')
  if (oidText(outer.take(TAG.oid)) !== OID.signedData) refuse('pki.cms', 'the content is not SignedData')
  const inner = outer.take(CONTENT_TAG)
  outer.end()
  return { ...readFields(fieldsOf(readDer(inner.content), 'SignedData')), encoding: wasDer ? 'DER' : 'BER', length }
}

function readFields(fields: Fields): Omit<SignedData, 'encoding' | 'length'> {
  const version = smallInteger(fields.take(TAG.integer))
  const digestAlgorithms = upToSigners(children(fields.take(TAG.set))).map(readAlgorithmIdentifier)
  const encapsulated = fieldsOf(fields.take(TAG.sequence), 'EncapsulatedContentInfo')
  const contentType = oidText(encapsulated.take(TAG.oid))
  const wrapper = encapsulated.maybe(CONTENT_TAG)
  const certificates = readCertificates(fields.maybe(CERTIFICATES_TAG))
  const crls = fields.maybe(CRLS_TAG)
  const revocation = crls ? readRevocationChoices(crls) : NO_REVOCATION_VALUES
  const signerInfos = upToSigners(children(fields.take(TAG.set))).map(readSignerInfo)
  fields.end()
  const read = { version, digestAlgorithms, contentType, certificates, revocation, signerInfos }
  if (wrapper === undefined) return read
  return { ...read, content: expectTag(readDer(wrapper.content), TAG.octetString, 'eContent').content }
}

function upToSigners(nodes: readonly Der[]): readonly Der[] {
  return nodes.length <= MAX_SIGNERS ? nodes : refuse('pki.cms', 'there are too many signers')
}

function readCertificates(node: Der | undefined): Bytes[] {
  if (node === undefined) return []
  const all = children(node)
  if (all.length > MAX_CERTIFICATES) refuse('pki.cms', 'there are too many certificates')
  return all.flatMap((choice) => (choice.tag === TAG.sequence ? [choice.raw] : []))
}
