import {
  type Certificate,
  findPath,
  OID,
  type PathFailure,
  PkiError,
  readCertificate,
  readKeyUsage,
} from '../pki/index.ts'
import type { Bytes } from '../std/bytes.ts'
import { indeterminate, type Problem, type SubIndication } from './report.ts'

/** Whom to trust, and how strictly. */
export type TrustPolicy = {
  /** Encoded certificates that are trusted by decision. */
  readonly trustAnchors: readonly Bytes[]
  /** Further certificates that may stand between. */
  readonly intermediates?: readonly Bytes[]
  /** The moment of validation. */
  readonly time: Date
  /**
   * `require`, the default: a certificate about whose revocation nothing is known is INDETERMINATE. `none`:
   * revocation is not asked for, which the report says.
   */
  readonly revocation?: 'require' | 'none'
}

/** EN 319 102-1 5.2.6 and 5.1.3. */
const subIndications: Readonly<Record<PathFailure, SubIndication>> = {
  no_path: 'NO_CERTIFICATE_CHAIN_FOUND',
  not_yet_valid: 'OUT_OF_BOUNDS_NO_POE',
  expired: 'OUT_OF_BOUNDS_NO_POE',
  bad_signature: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  weak_algorithm: 'CRYPTO_CONSTRAINTS_FAILURE',
  not_an_authority: 'CHAIN_CONSTRAINTS_FAILURE',
  path_too_long: 'CHAIN_CONSTRAINTS_FAILURE',
  key_usage: 'CHAIN_CONSTRAINTS_FAILURE',
  unknown_critical_extension: 'CHAIN_CONSTRAINTS_FAILURE',
  malformed: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  too_much_work: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
}

/** The policy with its certificates read once for all signatures. */
export type ReadPolicy = {
  readonly anchors: readonly Certificate[]
  readonly intermediates: readonly Certificate[]
  readonly time: Date
  readonly revocation: 'require' | 'none'
}

/** Throws `PkiError` for a certificate that cannot be read. */
export function readPolicy(policy: TrustPolicy): ReadPolicy {
  return {
    anchors: policy.trustAnchors.map(readCertificate),
    intermediates: (policy.intermediates ?? []).map(readCertificate),
    time: policy.time,
    revocation: policy.revocation ?? 'require',
  }
}

/** Checks that the signer's certificate leads to an anchor, is for signatures, and is not revoked. */
export function checkChain(certificate: Certificate, others: readonly Certificate[], policy: ReadPolicy): Problem[] {
  const problems = checkPurpose(certificate)
  const intermediates = [...policy.intermediates, ...others]
  const result = findPath(certificate, { anchors: policy.anchors, intermediates, time: policy.time })
  if (!result.ok) {
    const where = `${result.reason} at serial number ${result.serial}, ${result.clause}`
    const message = `No valid chain leads to a trust anchor (${where}).`
    problems.push(indeterminate(subIndications[result.reason], `chain.${result.reason}`, message))
  } else if (policy.revocation === 'require') {
    const message = 'Nothing is known about the revocation of the certificates.'
    problems.push(indeterminate('TRY_LATER', 'chain.revocation_unknown', message))
  }
  return problems
}

/** A certificate that names usages must be for signatures (RFC 5280 4.2.1.3). */
function checkPurpose({ extensions }: Certificate): Problem[] {
  const usage = extensions.get(OID.keyUsage)
  if (usage === undefined) return []
  try {
    const usages = readKeyUsage(usage.value)
    if (usages.has('nonRepudiation') || usages.has('digitalSignature')) return []
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
  }
  const message = "The signer's key is not for signatures (RFC 5280 4.2.1.3)."
  return [indeterminate('CHAIN_CONSTRAINTS_FAILURE', 'chain.signer_key_usage', message)]
}
