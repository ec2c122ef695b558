import {
  type AlgorithmPolicy,
  type Certificate,
  type KnownStatus,
  type LinkCache,
  newLinkCache,
  rememberedCertificate,
  type StatusSubject,
  standardAlgorithms,
} from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'

/** Asks the authorities for the status of a certificate. A `PkiError` counts as no answer, like undefined. */
export type StatusSource = (subject: StatusSubject) => Promise<KnownStatus | undefined>

/** Whom to trust, and how strictly. */
export type ValidationPolicy = {
  /** Encoded certificates that are trusted by decision. */
  readonly trustAnchors: readonly Bytes[]
  /** The same for time-stamp authorities; `trustAnchors` when absent. */
  readonly timestampAnchors?: readonly Bytes[]
  /** Further certificates that may stand between. */
  readonly intermediates?: readonly Bytes[]
  /** The moment of validation. */
  readonly time: Date
  /**
   * `require`, the default: a certificate about whose revocation nothing is known is INDETERMINATE. `none`:
   * revocation is not asked for, which the report says.
   */
  readonly revocation?: 'require' | 'none'
  /** The age up to which a status counts as fresh; up to its next update when absent. */
  readonly revocationFreshnessMs?: number
  /** Until when algorithms can be relied upon. */
  readonly algorithms?: AlgorithmPolicy
  /** Certificate policies of which the signer's must have one, as dotted identifiers. */
  readonly acceptPolicies?: readonly string[]
  /** Further OCSP responses and revocation lists, encoded. */
  readonly evidence?: { readonly ocsps?: readonly Bytes[]; readonly crls?: readonly Bytes[] }
  /** Asked for each status that the document lacks. */
  readonly fetch?: StatusSource
}

/** A policy with everything in it read. Use it for many documents. */
export type PreparedPolicy = Omit<ValidationPolicy, 'trustAnchors' | 'timestampAnchors' | 'intermediates'> & {
  readonly anchors: readonly Certificate[]
  readonly timestampAnchors: readonly Certificate[]
  readonly intermediates: readonly Certificate[]
  readonly revocation: 'require' | 'none'
  readonly algorithms: AlgorithmPolicy
  /** Signatures of authorities that were verified before. */
  readonly links: LinkCache
}

/** Whether a key made a signature does not depend on the policy: one memory for all. */
const links = newLinkCache()

/**
 * Reads the certificates of a policy once. For another moment: `{ ...prepared, time }`.
 * Throws `PkiError` for a certificate that cannot be read.
 */
export function prepareValidation(policy: ValidationPolicy): PreparedPolicy {
  const { trustAnchors, timestampAnchors, intermediates = [], ...rest } = policy
  const anchors = trustAnchors.map(rememberedCertificate)
  return {
    ...rest,
    anchors,
    timestampAnchors: timestampAnchors?.map(rememberedCertificate) ?? anchors,
    intermediates: intermediates.map(rememberedCertificate),
    revocation: policy.revocation ?? 'require',
    algorithms: policy.algorithms ?? standardAlgorithms,
    links,
  }
}

export function isPrepared(policy: ValidationPolicy | PreparedPolicy): policy is PreparedPolicy {
  return 'links' in policy
}
