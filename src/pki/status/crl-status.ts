import { equalBytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { unknownCritical } from '../extension.ts'
import { readKeptSince } from '../extensions/kept-since.ts'
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../extensions/key-identifiers.ts'
import { readKeyUsage } from '../extensions/key-usage.ts'
import { sameName } from '../name-match.ts'
import { OID } from '../oids.ts'
import { PkiError } from '../pki-error.ts'
import { type Coverage, coverageOf } from './crl-scope.ts'
import { checkEvidenceSignature } from './evidence-signature.ts'
import type { CertificateList } from './read-certificate-list.ts'
import { type ListEntry, type SearchResult, searchEntries } from './search-entries.ts'
import {
  type StatusEvidence,
  type StatusFinding,
  type StatusSubject,
  type UnusableStatus,
  unusable,
} from './status-finding.ts'

const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.authorityKeyIdentifier,
  OID.cRLNumber,
  OID.issuingDistributionPoint,
  OID.expiredCertsOnCRL,
])

/**
 * What a revocation list says about a certificate, after every check of RFC 5280 6.3.3 but those of its age. A list
 * must be complete and signed by the certificate's issuer with the same key; lists of other issuers are not used.
 */
export function crlStatus(list: CertificateList, subject: StatusSubject): StatusFinding {
  try {
    return judge(list, subject)
  } catch (error) {
    if (error instanceof PkiError) return unusable('crl', 'malformed', error.message)
    throw error
  }
}

function judge(list: CertificateList, subject: StatusSubject): StatusFinding {
  const refused = refuseOrigin(list, subject) ?? refuseKind(list) ?? refuseTimes(list)
  if (refused) return refused
  const coverage = coverageOf(list, subject.certificate)
  if (typeof coverage !== 'string') return coverage
  const { algorithm: identifier, tbs, signature } = list
  const algorithm = checkEvidenceSignature('crl', { algorithm: identifier, tbs, signature }, subject.issuer)
  if (typeof algorithm !== 'string') return algorithm
  const kept = list.extensions.get(OID.expiredCertsOnCRL)
  const evidence: StatusEvidence = {
    kind: 'crl',
    der: list.der,
    thisUpdate: list.thisUpdate,
    ...(list.nextUpdate && { nextUpdate: list.nextUpdate }),
    producedAt: list.thisUpdate,
    signer: subject.issuer,
    responderNoCheck: false,
    algorithm,
    nonceEchoed: false,
    ...(kept && { expiredKeptSince: readKeptSince(kept.value) }),
  }
  return verdict(evidence, searchEntries(list.entries, subject.certificate.serial), coverage, subject.certificate)
}

function refuseOrigin(list: CertificateList, { certificate, issuer }: StatusSubject): UnusableStatus | undefined {
  if (!sameName(list.issuer, certificate.issuer) || !sameName(list.issuer, issuer.subject))
    return unusable('crl', 'other_issuer')
  const named = list.extensions.get(OID.authorityKeyIdentifier)
  const wanted = named && readAuthorityKeyIdentifier(named.value)
  const own = issuer.extensions.get(OID.subjectKeyIdentifier)
  if (wanted && own && !equalBytes(wanted, readSubjectKeyIdentifier(own.value)))
    return unusable('crl', 'other_issuer', 'another key of the issuer signed it')
  const usage = issuer.extensions.get(OID.keyUsage)
  return usage && !readKeyUsage(usage.value).has('cRLSign') ? unusable('crl', 'key_usage') : undefined
}

function refuseKind({ extensions }: CertificateList): UnusableStatus | undefined {
  if (extensions.has(OID.deltaCRLIndicator)) return unusable('crl', 'delta_list')
  const strange = unknownCritical(extensions, UNDERSTOOD)
  return strange === undefined ? undefined : unusable('crl', 'unknown_critical_extension', strange)
}

function refuseTimes({ thisUpdate, nextUpdate }: CertificateList): UnusableStatus | undefined {
  if (nextUpdate === undefined) return unusable('crl', 'no_next_update')
  return nextUpdate < thisUpdate ? unusable('crl', 'times', 'nextUpdate lies before thisUpdate') : undefined
}

function verdict(
  evidence: StatusEvidence,
  { entry, strangeExtension }: SearchResult,
  coverage: Coverage,
  certificate: Certificate,
): StatusFinding {
  if (strangeExtension === OID.certificateIssuer) return unusable('crl', 'indirect_list')
  if (strangeExtension !== undefined) return unusable('crl', 'unknown_critical_entry_extension', strangeExtension)
  if (entry) return entryVerdict(evidence, entry)
  if (coverage === 'some') return unusable('crl', 'some_reasons_only')
  return hadBeenDropped(evidence, certificate) ? unusable('crl', 'expired_before') : { ...evidence, status: 'good' }
}

function entryVerdict(evidence: StatusEvidence, { revokedAt, reason, invalidSince }: ListEntry): StatusFinding {
  if (reason === 'removeFromCRL') return unusable('crl', 'removed_entry')
  return {
    ...evidence,
    status: 'revoked',
    revokedAt,
    ...(reason && { reason }),
    ...(invalidSince && { invalidSince }),
  }
}

/** A list may drop certificates once they have expired, unless it says for how long it does not. */
function hadBeenDropped({ thisUpdate, expiredKeptSince }: StatusEvidence, { notAfter }: Certificate): boolean {
  return notAfter < thisUpdate && (expiredKeptSince === undefined || notAfter < expiredKeptSince)
}
