import type { Bytes } from '../../std/bytes.ts'
import { bitString, context, sequence, unsigned } from '../der-writer.ts'
import { encodeExtension } from '../extension.ts'
import { crlNumber } from '../extensions/crl-number.ts'
import { authorityKeyIdentifier } from '../extensions/key-identifiers.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from '../signature-algorithm.ts'
import { time } from '../time.ts'
import { publicKeyOf, verifySignature } from '../verify.ts'
import { type RevocationReason, revocationReason } from './revocation-reason.ts'

export type RevokedCertificate = {
  readonly serial: Bytes
  readonly revokedAt: Date
  readonly reason: RevocationReason
}

/** A revocation list before it is signed, as data: full, version 2 (RFC 5280 5.1). */
export type CertificateListTemplate = {
  readonly algorithm: SignatureAlgorithm
  /** The authority's subject name, byte for byte as its certificate has it. */
  readonly issuer: Bytes
  /** The authority's subjectKeyIdentifier. */
  readonly keyIdentifier: Bytes
  /** Greater than that of every list before (RFC 5280 5.2.3). */
  readonly number: number
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  readonly revoked: readonly RevokedCertificate[]
}

/** The bytes that the authority signs. */
export function buildTbsCertificateList(template: CertificateListTemplate): Bytes {
  const extensions = [authorityKeyIdentifier(template.keyIdentifier), crlNumber(template.number)]
  // The list of entries is absent when there are none, never empty (RFC 5280 5.1.2.6).
  const entries = template.revoked.length === 0 ? [] : [sequence(...template.revoked.map(encodeEntry))]
  return sequence(
    unsigned(1),
    signatureAlgorithms[template.algorithm].encoded,
    template.issuer,
    time(template.thisUpdate),
    time(template.nextUpdate),
    ...entries,
    context(0, sequence(...extensions.map(encodeExtension))),
  )
}

/**
 * Joins a list and the authority's signature over it, which is verified first.
 *
 * Throws `pki.signature` when it is not the authority's.
 */
export function assembleCertificateList(
  tbs: Bytes,
  algorithm: SignatureAlgorithm,
  signature: Bytes,
  issuerSpki: Bytes,
): Bytes {
  if (!verifySignature(algorithm, publicKeyOf(issuerSpki), tbs, signature))
    refuse('pki.signature', "the signature is not the issuer's")
  return sequence(tbs, signatureAlgorithms[algorithm].encoded, bitString(signature))
}

function encodeEntry({ serial, revokedAt, reason }: RevokedCertificate): Buffer {
  // RFC 5280 5.3.1: the reason is left out instead of saying "unspecified".
  const reasons = reason === 'unspecified' ? [] : [sequence(encodeExtension(reasonCode(reason)))]
  return sequence(unsigned(serial), time(revokedAt), ...reasons)
}

function reasonCode(reason: RevocationReason) {
  return { id: OID.cRLReason, critical: false, value: revocationReason.encode(reason) }
}
