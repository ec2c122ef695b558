import { type Der, Fields, fieldsOf, readDer } from '../der-reader.ts'
import { TAG } from '../der-writer.ts'
import { type Extension, readExtensions } from '../extension.ts'
import { refuse } from '../pki-error.ts'
import { readPreciseTime } from '../time.ts'
import { type OcspCertificateId, readOcspCertificateId } from './ocsp-certificate-id.ts'
import { type EntryReason, revocationReason } from './revocation-reason.ts'

/** What a responder says about one certificate (CertStatus, RFC 6960 4.2.1). */
export type OcspCertificateStatus =
  | { readonly status: 'good' }
  | { readonly status: 'unknown' }
  | { readonly status: 'revoked'; readonly revokedAt: Date; readonly reason?: EntryReason }

/** SingleResponse (RFC 6960 4.2.1). */
export type OcspSingleResponse = {
  readonly certificateId: OcspCertificateId
  readonly certificate: OcspCertificateStatus
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  readonly extensions: ReadonlyMap<string, Extension>
}

const GOOD_TAG = 0x80
const REVOKED_TAG = 0xa1
const UNKNOWN_TAG = 0x82
const REASON_TAG = 0xa0
const NEXT_UPDATE_TAG = 0xa0
const EXTENSIONS_TAG = 0xa1

/** Throws `pki.der`, `pki.status` or `pki.certificate`. */
export function readSingleResponse(node: Der): OcspSingleResponse {
  const fields = fieldsOf(node, 'SingleResponse')
  const certificateId = readOcspCertificateId(fields.take(TAG.sequence))
  const certificate = readStatus(fields.take())
  const thisUpdate = readPreciseTime(fields.take(TAG.generalizedTime))
  const next = fields.maybe(NEXT_UPDATE_TAG)
  const wrapper = fields.maybe(EXTENSIONS_TAG)
  fields.end()
  return {
    certificateId,
    certificate,
    thisUpdate,
    ...(next && { nextUpdate: readPreciseTime(readDer(next.content)) }),
    extensions: wrapper ? readExtensions(readDer(wrapper.content)) : new Map(),
  }
}

function readStatus(node: Der): OcspCertificateStatus {
  if (node.tag === REVOKED_TAG) return readRevoked(new Fields(node, 'RevokedInfo'))
  if ((node.tag !== GOOD_TAG && node.tag !== UNKNOWN_TAG) || node.content.length > 0)
    refuse('pki.status', 'the status is none of good, revoked, unknown', { clause: 'RFC 6960 4.2.1' })
  return { status: node.tag === GOOD_TAG ? 'good' : 'unknown' }
}

function readRevoked(fields: Fields): OcspCertificateStatus {
  const revokedAt = readPreciseTime(fields.take(TAG.generalizedTime))
  const wrapper = fields.maybe(REASON_TAG)
  fields.end()
  return wrapper
    ? { status: 'revoked', revokedAt, reason: revocationReason.read(readDer(wrapper.content)) }
    : { status: 'revoked', revokedAt }
}
