import type { Bytes } from '../../std/bytes.ts'
import { bitString, context, octetString, oid, sequence, TAG, tlv, unsigned } from '../der-writer.ts'
import { encodeExtension } from '../extension.ts'
import {
  authorityKeyIdentifier,
  type Extension,
  keyIdentifier,
  OID,
  ocspResponderByKey,
  readCertificate,
  type StatusSubject,
  signatureAlgorithms,
  signBytes,
} from '../index.ts'
import { buildOcspCertificateId } from '../status/ocsp-certificate-id.ts'
import { generalizedTime, time } from '../time.ts'
import { type Holder, NOW } from './authority.ts'

/** Writers of answers about certificates in which every part can be made wrong. */

export const subjectOf = (holder: Holder, issuer: Holder): StatusSubject => ({
  certificate: readCertificate(holder.certificate),
  issuer: readCertificate(issuer.certificate),
})

const HOUR_MS = 3_600_000
export const hours = (count: number): Date => new Date(NOW.getTime() + count * HOUR_MS)

const extensionsUnder = (tag: number, extensions: readonly Extension[] = []): Bytes[] =>
  extensions.length === 0 ? [] : [context(tag, sequence(...extensions.map(encodeExtension)))]

export type SingleParts = {
  /** Encoded CertID. */
  readonly id?: Bytes
  /** Encoded CertStatus; good unless told. */
  readonly status?: Bytes
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | undefined
  readonly extensions?: readonly Extension[]
}

export type OcspParts = {
  readonly subject: StatusSubject
  readonly signer: Holder
  readonly single?: SingleParts
  /** Further answers, encoded. */
  readonly others?: readonly Bytes[]
  readonly responder?: Bytes
  readonly producedAt?: Date
  readonly extensions?: readonly Extension[]
  /** Encoded AlgorithmIdentifier that stands in for the right one. */
  readonly algorithm?: Bytes
  readonly signature?: (right: Bytes) => Bytes
  readonly certificates?: readonly Bytes[]
}

export const GOOD = Buffer.from('8000', 'hex')
export const UNKNOWN = Buffer.from('8200', 'hex')

export function revokedStatus(at: Date, reason?: number): Bytes {
  const reasons = reason === undefined ? [] : [context(0, tlv(TAG.enumerated, Buffer.of(reason)))]
  return context(1, generalizedTime(at), ...reasons)
}

export function singleResponse(subject: StatusSubject, parts: SingleParts = {}): Bytes {
  const nextUpdate = 'nextUpdate' in parts ? parts.nextUpdate : hours(12)
  return sequence(
    parts.id ?? buildOcspCertificateId(subject, 'sha1'),
    parts.status ?? GOOD,
    generalizedTime(parts.thisUpdate ?? NOW),
    ...(nextUpdate ? [context(0, generalizedTime(nextUpdate))] : []),
    ...extensionsUnder(1, parts.extensions),
  )
}

/** An OCSPResponse by a delegated responder, good in every part that is not given. */
export function ocspAnswer(parts: OcspParts): Bytes {
  const { subject, signer, others = [] } = parts
  const data = sequence(
    parts.responder ?? ocspResponderByKey(readCertificate(signer.certificate)),
    generalizedTime(parts.producedAt ?? NOW),
    sequence(singleResponse(subject, parts.single), ...others),
    ...extensionsUnder(1, parts.extensions),
  )
  const right = signBytes(signer.algorithm, signer.key, data)
  return wrapOcsp(
    sequence(
      data,
      parts.algorithm ?? signatureAlgorithms[signer.algorithm].encoded,
      bitString(parts.signature?.(right) ?? right),
      context(0, sequence(...(parts.certificates ?? [signer.certificate]))),
    ),
  )
}

/** The outer frame around an encoded BasicOCSPResponse. */
export function wrapOcsp(basic: Bytes, status = 0, type: string = OID.ocspBasic): Bytes {
  const outer = tlv(TAG.enumerated, Buffer.of(status))
  return sequence(outer, context(0, sequence(oid(type), octetString(basic))))
}

export type ListParts = {
  readonly issuer: Holder
  readonly signer?: Holder
  /** Encoded entries. */
  readonly entries?: Bytes
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | undefined
  /** Encoded INTEGER. */
  readonly number?: Bytes
  /** Those beside authorityKeyIdentifier and cRLNumber. */
  readonly extensions?: readonly Extension[]
  readonly keyIdentifier?: Bytes
  /** Encoded AlgorithmIdentifier, the same in both places. */
  readonly algorithm?: Bytes
  readonly signature?: (right: Bytes) => Bytes
}

/** A CertificateList, good in every part that is not given. */
export function listAnswer(parts: ListParts): Bytes {
  const { issuer, signer = issuer, entries } = parts
  const algorithm = parts.algorithm ?? signatureAlgorithms[signer.algorithm].encoded
  const nextUpdate = 'nextUpdate' in parts ? parts.nextUpdate : hours(12)
  const extensions = [
    authorityKeyIdentifier(parts.keyIdentifier ?? keyIdentifier(issuer.spki)),
    { id: OID.cRLNumber, critical: false, value: parts.number ?? unsigned(7) },
    ...(parts.extensions ?? []),
  ]
  const tbs = sequence(
    unsigned(1),
    algorithm,
    issuer.subject,
    time(parts.thisUpdate ?? NOW),
    ...(nextUpdate ? [time(nextUpdate)] : []),
    ...(entries ? [sequence(entries)] : []),
    ...extensionsUnder(0, extensions),
  )
  const right = signBytes(signer.algorithm, signer.key, tbs)
  return sequence(tbs, algorithm, bitString(parts.signature?.(right) ?? right))
}

/** An entry of a list; the reason is left out unless told. */
export function listEntry(serial: Bytes, more: { at?: Date; extensions?: readonly Extension[] } = {}): Bytes {
  const { at = NOW, extensions = [] } = more
  const encoded = extensions.length === 0 ? [] : [sequence(...extensions.map(encodeExtension))]
  return sequence(unsigned(serial), time(at), ...encoded)
}

export const reasonExtension = (number: number): Extension => ({
  id: OID.cRLReason,
  critical: false,
  value: tlv(TAG.enumerated, Buffer.of(number)),
})
