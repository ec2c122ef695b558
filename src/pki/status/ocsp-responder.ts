import { createHash } from 'node:crypto'
import { asBuffer, equalBytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { rememberedCertificate } from '../certificate-memory.ts'
import { unknownCritical } from '../extension.ts'
import { readExtendedKeyUsage } from '../extensions/extended-key-usage.ts'
import { publicKeyBits } from '../extensions/key-identifiers.ts'
import { readKeyUsage } from '../extensions/key-usage.ts'
import { sameName } from '../name-match.ts'
import { OID } from '../oids.ts'
import { PkiError } from '../pki-error.ts'
import { readable } from '../readable.ts'
import type { SignatureAlgorithm } from '../signature-algorithm.ts'
import { checkEvidenceSignature } from './evidence-signature.ts'
import type { BasicOcspResponse, OcspResponderId } from './ocsp-response.ts'
import { type UnusableStatus, unusable } from './status-finding.ts'

/** Who signed an answer, with the authority to do so. */
export type OcspResponder = {
  readonly signer: Certificate
  /** True for a certificate that asks not to be checked for revocation. */
  readonly noCheck: boolean
  readonly algorithm: SignatureAlgorithm
}

/** What the certificate of a responder may say critically without surprise. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extKeyUsage,
  OID.ocspNoCheck,
  OID.certificatePolicies,
  OID.subjectAltName,
])

/**
 * Finds the signer of an answer: the issuer itself, or a responder whose certificate the same key of the issuer
 * signed for this purpose (RFC 6960 4.2.2.2). Responders that are trusted by agreement alone are not known here.
 */
export function findResponder(basic: BasicOcspResponse, issuer: Certificate): OcspResponder | UnusableStatus {
  let worst: UnusableStatus | undefined
  for (const candidate of candidates(basic, issuer)) {
    const found = checkCandidate(basic, candidate, issuer)
    if ('signer' in found) return found
    worst ??= found
  }
  return worst ?? unusable('ocsp', 'responder_not_found')
}

/** The issuer first; of the certificates that came along, only those that carry the responder's name or key. */
function* candidates(basic: BasicOcspResponse, issuer: Certificate): Generator<Certificate> {
  if (isNamed(issuer, basic.responder)) yield issuer
  for (const der of basic.certificates) {
    const certificate = readable(() => rememberedCertificate(der))
    if (certificate && !equalBytes(der, issuer.der) && isNamed(certificate, basic.responder)) yield certificate
  }
}

function isNamed(certificate: Certificate, responder: OcspResponderId): boolean {
  if ('name' in responder) return sameName(certificate.subject, responder.name)
  return equalBytes(createHash('sha1').update(publicKeyBits(certificate.spki)).digest(), responder.keyHash)
}

function checkCandidate(
  basic: BasicOcspResponse,
  candidate: Certificate,
  issuer: Certificate,
): OcspResponder | UnusableStatus {
  const signer = candidate === issuer ? issuer : authorisedDelegate(candidate, issuer)
  if ('status' in signer) return signer
  const { producedAt } = basic
  if (signer !== issuer && (producedAt < signer.notBefore || producedAt > signer.notAfter))
    return unusable('ocsp', 'responder_not_valid')
  const algorithm = checkEvidenceSignature('ocsp', basic, signer)
  if (typeof algorithm !== 'string') return algorithm
  return { signer, noCheck: signer.extensions.has(OID.ocspNoCheck), algorithm }
}

/**
 * Delegates that were found to be authorised, below their issuer and by their encoding. Neither of the two ever
 * changes, so the answer does not: only time is judged again. A responder signs thousands of answers with one
 * certificate, which every one of them brings along.
 */
const authorised = new WeakMap<Certificate, Map<string, Certificate>>()
/** An issuer has few responders at a time; whoever sends more gets no place here. */
const MAX_REMEMBERED = 32

function authorisedDelegate(candidate: Certificate, issuer: Certificate): Certificate | UnusableStatus {
  const known = authorised.get(issuer) ?? new Map<string, Certificate>()
  const encoding = asBuffer(candidate.der).toString('latin1')
  const delegate = known.get(encoding)
  if (delegate) return delegate
  const refused = refuseDelegate(candidate, issuer)
  if (refused) return refused
  if (known.size < MAX_REMEMBERED) authorised.set(issuer, known.set(encoding, candidate))
  return candidate
}

function refuseDelegate(delegate: Certificate, issuer: Certificate): UnusableStatus | undefined {
  try {
    return refuseMandate(delegate) ?? refuseOrigin(delegate, issuer)
  } catch (error) {
    if (error instanceof PkiError) return unusable('ocsp', 'responder_not_authorized', error.message)
    throw error
  }
}

/** The purpose must be named: anyExtendedKeyUsage does not stand for it (RFC 6960 4.2.2.2). */
function refuseMandate({ extensions }: Certificate): UnusableStatus | undefined {
  const purposes = extensions.get(OID.extKeyUsage)
  if (!purposes || !readExtendedKeyUsage(purposes.value).includes(OID.ocspSigning))
    return unusable('ocsp', 'responder_not_authorized', 'its certificate lacks the purpose id-kp-OCSPSigning')
  const usage = extensions.get(OID.keyUsage)
  const usages = usage && readKeyUsage(usage.value)
  if (usages && !usages.has('digitalSignature') && !usages.has('nonRepudiation')) return unusable('ocsp', 'key_usage')
  const strange = unknownCritical(extensions, UNDERSTOOD)
  return strange === undefined
    ? undefined
    : unusable('ocsp', 'responder_not_authorized', `critical extension ${strange}`)
}

function refuseOrigin(delegate: Certificate, issuer: Certificate): UnusableStatus | undefined {
  if (!sameName(delegate.issuer, issuer.subject))
    return unusable('ocsp', 'responder_not_authorized', 'another authority issued its certificate')
  const { algorithm, raw: tbs, signature } = delegate
  const signed = checkEvidenceSignature('ocsp', { algorithm, tbs, signature }, issuer)
  return typeof signed === 'string'
    ? undefined
    : unusable('ocsp', 'responder_not_authorized', 'the issuer did not sign its certificate')
}
