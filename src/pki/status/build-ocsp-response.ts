import { createHash } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { bitString, context, contextPrimitive, octetString, oid, sequence } from '../der-writer.ts'
import { type Extension, encodeExtension } from '../extension.ts'
import { archiveCutoff } from '../extensions/kept-since.ts'
import { publicKeyBits } from '../extensions/key-identifiers.ts'
import { ocspNonce } from '../extensions/ocsp-nonce.ts'
import { OID } from '../oids.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from '../signature-algorithm.ts'
import { generalizedTime } from '../time.ts'
import type { OcspCertificateId } from './ocsp-certificate-id.ts'
import { responseStatus } from './ocsp-response-status.ts'
import { type RevocationReason, revocationReason } from './revocation-reason.ts'

/** What is said about one certificate. */
export type OcspAnswer = {
  /** As it stood in the question, so that the asker finds it again. */
  readonly certificateId: Pick<OcspCertificateId, 'raw'>
  readonly certificate:
    | { readonly status: 'good' | 'unknown' }
    | { readonly status: 'revoked'; readonly revokedAt: Date; readonly reason?: RevocationReason }
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  /** Certificates that expired since then are still answered for. */
  readonly archiveCutoff?: Date
}

/** An answer before it is signed, as data. */
export type OcspResponseTemplate = {
  /** From {@link ocspResponderByKey} or {@link ocspResponderByName}. */
  readonly responder: Bytes
  readonly producedAt: Date
  readonly answers: readonly OcspAnswer[]
  /** That of the question, when it had one. */
  readonly nonce?: Bytes
}

const EMPTY = Buffer.alloc(0)

/** Names the responder by the hash of its key, which is the shorter form. */
export function ocspResponderByKey(responder: Certificate): Bytes {
  return context(2, octetString(createHash('sha1').update(publicKeyBits(responder.spki)).digest()))
}

export function ocspResponderByName(responder: Certificate): Bytes {
  return context(1, responder.subject.raw)
}

/** ResponseData (RFC 6960 4.2.1): the bytes that the responder signs. */
export function buildOcspResponseData(template: OcspResponseTemplate): Bytes {
  const { responder, producedAt, answers, nonce } = template
  return sequence(
    responder,
    generalizedTime(producedAt),
    sequence(...answers.map(encodeAnswer)),
    ...encodeExtensions(nonce ? [ocspNonce(nonce)] : []),
  )
}

/**
 * The whole answer. `certificates` are sent along: that of a responder which is not the issuer itself. Unlike a
 * certificate, an answer with a wrong signature does no harm but to itself, so the signature is not verified here.
 */
export function assembleOcspResponse(
  data: Bytes,
  algorithm: SignatureAlgorithm,
  signature: Bytes,
  certificates: readonly Bytes[],
): Buffer {
  const basic = sequence(
    data,
    signatureAlgorithms[algorithm].encoded,
    bitString(signature),
    ...(certificates.length === 0 ? [] : [context(0, sequence(...certificates))]),
  )
  return sequence(responseStatus.encode('successful'), context(0, sequence(BASIC_TYPE, octetString(basic))))
}

const BASIC_TYPE = oid(OID.ocspBasic)

function encodeAnswer(answer: OcspAnswer): Buffer {
  const { certificateId, thisUpdate, nextUpdate } = answer
  return sequence(
    certificateId.raw,
    encodeStatus(answer.certificate),
    generalizedTime(thisUpdate),
    ...(nextUpdate ? [context(0, generalizedTime(nextUpdate))] : []),
    ...encodeExtensions(answer.archiveCutoff ? [archiveCutoff(answer.archiveCutoff)] : []),
  )
}

function encodeStatus(certificate: OcspAnswer['certificate']): Buffer {
  if (certificate.status !== 'revoked') return contextPrimitive(certificate.status === 'good' ? 0 : 2, EMPTY)
  const { revokedAt, reason = 'unspecified' } = certificate
  // As in a list, the reason is left out instead of saying "unspecified".
  const reasons = reason === 'unspecified' ? [] : [context(0, revocationReason.encode(reason))]
  return context(1, generalizedTime(revokedAt), ...reasons)
}

/** Extensions of an answer and of its parts both stand under [1], and are absent when there are none. */
function encodeExtensions(extensions: readonly Extension[]): Buffer[] {
  return extensions.length === 0 ? [] : [context(1, sequence(...extensions.map(encodeExtension)))]
}
