import { type Bytes, equalBytes } from '../../std/bytes.ts'
import { unknownCritical } from '../extension.ts'
import { readKeptSince } from '../extensions/kept-since.ts'
import { OID } from '../oids.ts'
import { readable } from '../readable.ts'
import { namesCertificate } from './ocsp-certificate-id.ts'
import { findResponder } from './ocsp-responder.ts'
import type { BasicOcspResponse, OcspResponse } from './ocsp-response.ts'
import type { OcspSingleResponse } from './ocsp-single-response.ts'
import {
  type StatusEvidence,
  type StatusFinding,
  type StatusSubject,
  type UnusableStatus,
  unusable,
} from './status-finding.ts'

const ANSWER_EXTENSIONS: ReadonlySet<string> = new Set([OID.ocspNonce, OID.ocspExtendedRevoke])
const SINGLE_EXTENSIONS: ReadonlySet<string> = new Set([OID.ocspArchiveCutoff])

/**
 * What an OCSP answer says about exactly this certificate, after every check of RFC 6960 3.2 but those of its age.
 * `nonce` is the one that was sent: another one in the answer makes it unusable, none at all is noted.
 */
export function ocspStatus(response: OcspResponse, subject: StatusSubject, nonce?: Bytes): StatusFinding {
  const { basic, status } = response
  if (basic === undefined) return unusable('ocsp', status === 'tryLater' ? 'try_later' : 'refused_by_responder', status)
  const [single, another] = basic.responses.filter(({ certificateId }) => namesCertificate(certificateId, subject))
  if (single === undefined) return unusable('ocsp', 'other_certificate')
  if (another !== undefined) return unusable('ocsp', 'answered_twice')
  const refused = refuseExtensions(basic, single) ?? refuseTimes(basic, single) ?? refuseNonce(basic, nonce)
  if (refused) return refused
  const responder = findResponder(basic, subject.issuer)
  if ('status' in responder) return responder
  const evidence: StatusEvidence = {
    kind: 'ocsp',
    der: response.der,
    thisUpdate: single.thisUpdate,
    ...(single.nextUpdate && { nextUpdate: single.nextUpdate }),
    producedAt: basic.producedAt,
    signer: responder.signer,
    responderNoCheck: responder.noCheck,
    algorithm: responder.algorithm,
    nonceEchoed: nonce !== undefined && basic.nonce !== undefined,
  }
  return verdict(single, subject, evidence)
}

function refuseExtensions(basic: BasicOcspResponse, single: OcspSingleResponse): UnusableStatus | undefined {
  const strange = unknownCritical(basic.extensions, ANSWER_EXTENSIONS)
  const id = strange ?? unknownCritical(single.extensions, SINGLE_EXTENSIONS)
  return id === undefined ? undefined : unusable('ocsp', 'unknown_critical_extension', id)
}

/** An answer about a moment after it was signed, or one that ends before it begins, was not made with care. */
function refuseTimes(
  { producedAt }: BasicOcspResponse,
  { thisUpdate, nextUpdate }: OcspSingleResponse,
): UnusableStatus | undefined {
  if (thisUpdate > producedAt) return unusable('ocsp', 'times', 'thisUpdate lies after producedAt')
  if (nextUpdate && nextUpdate < producedAt) return unusable('ocsp', 'times', 'nextUpdate lies before producedAt')
  return undefined
}

function refuseNonce(basic: BasicOcspResponse, sent: Bytes | undefined): UnusableStatus | undefined {
  if (sent === undefined || basic.nonce === undefined || equalBytes(sent, basic.nonce)) return undefined
  return unusable('ocsp', 'nonce')
}

function verdict(single: OcspSingleResponse, subject: StatusSubject, evidence: StatusEvidence): StatusFinding {
  const { certificate } = single
  switch (certificate.status) {
    case 'unknown':
      return unusable('ocsp', 'unknown_certificate')
    case 'revoked': {
      const { revokedAt, reason } = certificate
      if (reason === 'removeFromCRL') return unusable('ocsp', 'removed_entry')
      return { ...evidence, status: 'revoked', revokedAt, ...(reason && { reason }) }
    }
    case 'good':
      return goodVerdict(single, subject, evidence)
  }
}

/** A responder may forget certificates that have expired, unless it says for how long it does not. */
function goodVerdict(single: OcspSingleResponse, subject: StatusSubject, evidence: StatusEvidence): StatusFinding {
  const cutoff = single.extensions.get(OID.ocspArchiveCutoff)
  const kept = cutoff && readable(() => readKeptSince(cutoff.value))
  if (cutoff && !kept) return unusable('ocsp', 'malformed', 'archive cutoff')
  const { notAfter } = subject.certificate
  const isForgotten = notAfter < evidence.thisUpdate && (kept === undefined || notAfter < kept)
  if (isForgotten) return unusable('ocsp', 'expired_before')
  return { ...evidence, status: 'good', ...(kept && { expiredKeptSince: kept }) }
}
