import type { Bytes } from '../../std/bytes.ts'
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../algorithm-identifier.ts'
import { children, type Der, expectTag, type Fields, fieldsOf, readDer } from '../der-reader.ts'
import { bitStringBytes } from '../der-values.ts'
import { TAG } from '../der-writer.ts'
import { type Extension, readExtensions } from '../extension.ts'
import { readOcspNonce } from '../extensions/ocsp-nonce.ts'
import { type Name, readName } from '../name.ts'
import { oidText } from '../object-identifier.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'
import { readPreciseTime } from '../time.ts'
import { type OcspResponseStatus, responseStatus } from './ocsp-response-status.ts'
import { type OcspSingleResponse, readSingleResponse } from './ocsp-single-response.ts'

/** How the responder is named: by its subject name, or by the SHA-1 of its key (RFC 6960 4.2.1). */
export type OcspResponderId = { readonly name: Name } | { readonly keyHash: Bytes }

/** BasicOCSPResponse (RFC 6960 4.2.1), read without judging it. */
export type BasicOcspResponse = {
  /** The bytes that the signature covers. */
  readonly tbs: Bytes
  readonly responder: OcspResponderId
  readonly producedAt: Date
  readonly responses: readonly OcspSingleResponse[]
  readonly extensions: ReadonlyMap<string, Extension>
  readonly nonce?: Bytes
  readonly algorithm: AlgorithmIdentifier
  readonly signature: Bytes
  /** Encoded; not read, as only those that carry the responder's name or key matter. */
  readonly certificates: readonly Bytes[]
}

/** An answer (RFC 6960 4.2.1). `basic` is there exactly when the status is `successful`. */
export type OcspResponse = {
  readonly der: Bytes
  readonly status: OcspResponseStatus
  readonly basic?: BasicOcspResponse
}

const RESPONSE_BYTES_TAG = 0xa0
const VERSION_TAG = 0xa0
const BY_NAME_TAG = 0xa1
const BY_KEY_TAG = 0xa2
const EXTENSIONS_TAG = 0xa1
const CERTIFICATES_TAG = 0xa0
const KEY_HASH_BYTES = 20
const MAX_CERTIFICATES = 20
const MAX_RESPONSES = 1000

/** Reads an OCSPResponse. Throws `pki.der`, `pki.status` or `pki.certificate` when its frame is not that of RFC 6960. */
export function readOcspResponse(der: Bytes): OcspResponse {
  const fields = fieldsOf(readDer(der), 'OCSPResponse')
  const status = responseStatus.read(fields.take(TAG.enumerated))
  const wrapper = fields.maybe(RESPONSE_BYTES_TAG)
  fields.end()
  if ((wrapper !== undefined) !== (status === 'successful'))
    refuse('pki.status', 'an answer goes with success, and with nothing else', { clause: 'RFC 6960 4.2.1' })
  return wrapper ? { der, status, basic: readResponseBytes(readDer(wrapper.content)) } : { der, status }
}

function readResponseBytes(node: Der): BasicOcspResponse {
  const fields = fieldsOf(node, 'ResponseBytes')
  if (oidText(fields.take(TAG.oid)) !== OID.ocspBasic)
    refuse('pki.status', 'the answer is of another type', { clause: 'RFC 6960 4.2.1' })
  const basic = readDer(fields.take(TAG.octetString).content)
  fields.end()
  return readBasic(basic)
}

function readBasic(node: Der): BasicOcspResponse {
  const fields = fieldsOf(node, 'BasicOCSPResponse')
  const tbs = fields.take(TAG.sequence)
  const algorithm = readAlgorithmIdentifier(fields.take(TAG.sequence))
  const signature = bitStringBytes(fields.take(TAG.bitString))
  const wrapper = fields.maybe(CERTIFICATES_TAG)
  fields.end()
  const certificates = wrapper ? readCertificates(readDer(wrapper.content)) : []
  return { tbs: tbs.raw, ...readResponseData(tbs), algorithm, signature, certificates }
}

function readCertificates(node: Der): Bytes[] {
  const all = children(expectTag(node, TAG.sequence, 'certs'))
  if (all.length > MAX_CERTIFICATES) refuse('pki.status', 'there are too many certificates')
  return all.map(({ raw }) => raw)
}

type ResponseData = Pick<BasicOcspResponse, 'responder' | 'producedAt' | 'responses' | 'extensions' | 'nonce'>

function readResponseData(node: Der): ResponseData {
  const fields = fieldsOf(node, 'ResponseData')
  if (fields.maybe(VERSION_TAG))
    refuse('pki.status', 'a default value is written out, or the version is not v1', { clause: 'RFC 6960 4.2.1' })
  const responder = readResponder(fields)
  const producedAt = readPreciseTime(fields.take(TAG.generalizedTime))
  const responses = children(fields.take(TAG.sequence))
  const wrapper = fields.maybe(EXTENSIONS_TAG)
  fields.end()
  if (responses.length > MAX_RESPONSES) refuse('pki.status', 'the answer is about too many certificates')
  const extensions = wrapper ? readExtensions(readDer(wrapper.content)) : new Map<string, Extension>()
  const nonce = extensions.get(OID.ocspNonce)
  return {
    responder,
    producedAt,
    responses: responses.map(readSingleResponse),
    extensions,
    ...(nonce && { nonce: readOcspNonce(nonce.value) }),
  }
}

function readResponder(fields: Fields): OcspResponderId {
  const named = fields.maybe(BY_NAME_TAG)
  if (named) return { name: readName(readDer(named.content)) }
  const keyHash = expectTag(readDer(fields.take(BY_KEY_TAG).content), TAG.octetString, 'KeyHash').content
  if (keyHash.length !== KEY_HASH_BYTES)
    refuse('pki.status', 'the hash of a key is a SHA-1', { clause: 'RFC 6960 4.2.1' })
  return { keyHash }
}
