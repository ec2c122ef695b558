import type { Bytes } from '../../std/bytes.ts'
import { children, type Der, fieldsOf, readDer } from '../der-reader.ts'
import { smallInteger } from '../der-values.ts'
import { context, sequence, TAG } from '../der-writer.ts'
import { type Extension, encodeExtension, readExtensions, unknownCritical } from '../extension.ts'
import { ocspNonce, readOcspNonce } from '../extensions/ocsp-nonce.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'
import {
  buildOcspCertificateId,
  type OcspCertificateId,
  type OcspDigest,
  readOcspCertificateId,
} from './ocsp-certificate-id.ts'
import type { StatusSubject } from './status-finding.ts'

/** A question about certificates (RFC 6960 4.1.1). */
export type OcspRequest = {
  readonly certificateIds: readonly OcspCertificateId[]
  readonly nonce?: Bytes
  /** True when the requestor signed it; the signature is not looked at. */
  readonly signed: boolean
}

export type OcspQuestion = StatusSubject & {
  /** Names the certificate; SHA-1 unless told, as RFC 5019 2.1.1 asks and every responder understands. */
  readonly digest?: OcspDigest
  /** 1 to 128 bytes; 32 are advised (RFC 9654 2.1). */
  readonly nonce?: Bytes
}

const VERSION_TAG = 0xa0
const REQUESTOR_TAG = 0xa1
const REQUEST_EXTENSIONS_TAG = 0xa2
const SIGNATURE_TAG = 0xa0
const SINGLE_EXTENSIONS_TAG = 0xa0
const MAX_CERTIFICATES = 100
const UNDERSTOOD: ReadonlySet<string> = new Set([OID.ocspNonce])

/** Asks about one certificate, unsigned. Throws `pki.status` for a nonce of another length than is allowed. */
export function buildOcspRequest({ digest = 'sha1', nonce, ...subject }: OcspQuestion): Buffer {
  const list = sequence(sequence(buildOcspCertificateId(subject, digest)))
  const extensions = nonce ? [context(2, sequence(encodeExtension(ocspNonce(nonce))))] : []
  return sequence(sequence(list, ...extensions))
}

/** Throws `pki.der`, or `pki.status` for what a responder refuses as malformed. */
export function readOcspRequest(der: Bytes): OcspRequest {
  const outer = fieldsOf(readDer(der), 'OCSPRequest')
  const fields = fieldsOf(outer.take(TAG.sequence), 'TBSRequest')
  const signed = outer.maybe(SIGNATURE_TAG) !== undefined
  outer.end()
  refuseWrittenVersion(fields.maybe(VERSION_TAG))
  fields.maybe(REQUESTOR_TAG)
  const certificateIds = readList(fields.take(TAG.sequence))
  const wrapper = fields.maybe(REQUEST_EXTENSIONS_TAG)
  fields.end()
  const extensions = wrapper ? readKnownExtensions(wrapper) : new Map<string, Extension>()
  const nonce = extensions.get(OID.ocspNonce)
  return { certificateIds, signed, ...(nonce && { nonce: readOcspNonce(nonce.value) }) }
}

/** v1 is the default and the only version there is, so DER never writes it. */
function refuseWrittenVersion(node: Der | undefined): void {
  if (node === undefined) return
  const isFirst = smallInteger(readDer(node.content)) === 0
  refuse('pki.status', isFirst ? 'a default value is written out' : 'the version is not v1', {
    clause: 'RFC 6960 4.1.1',
  })
}

function readList(node: Der): OcspCertificateId[] {
  const requests = children(node)
  if (requests.length === 0) refuse('pki.status', 'the request asks for nothing', { clause: 'RFC 6960 4.1.1' })
  if (requests.length > MAX_CERTIFICATES) refuse('pki.status', 'the request asks for too many certificates')
  return requests.map((request) => {
    const fields = fieldsOf(request, 'Request')
    const id = readOcspCertificateId(fields.take(TAG.sequence))
    const wrapper = fields.maybe(SINGLE_EXTENSIONS_TAG)
    if (wrapper) readKnownExtensions(wrapper)
    fields.end()
    return id
  })
}

function readKnownExtensions(wrapper: Der): Map<string, Extension> {
  const extensions = readExtensions(readDer(wrapper.content))
  const strange = unknownCritical(extensions, UNDERSTOOD)
  if (strange !== undefined)
    refuse('pki.status', `the critical extension ${strange} is not known`, { clause: 'RFC 6960 4.4' })
  return extensions
}
