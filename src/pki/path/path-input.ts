import type { AlgorithmPolicy } from '../algorithm-policy.ts'
import type { Certificate } from '../certificate.ts'
import type { NameConstraints } from '../extensions/name-constraints.ts'
import type { LinkCache } from './link-cache.ts'
import type { Purpose } from './purpose.ts'

/**
 * Whom the caller trusts. A certificate alone is trusted within its own limits (RFC 5937 3): its validity, its name
 * constraints, path length, key usage and policies bind the path below it. With `limits: 'ignored'` its name and
 * key count alone (RFC 5280 6.1.1 (d)), as for an anchor of a list that has decided on the rest.
 */
export type TrustAnchor = Certificate | { readonly certificate: Certificate; readonly limits: 'ignored' }

/** The policies that the caller wants (RFC 5280 6.1.1 (c), (e), (f), (g)). */
export type PolicyInput = {
  /** Dotted identifiers; absent, any policy will do. */
  readonly acceptable?: readonly string[]
  /** The path must be valid under an acceptable policy, whether or not an authority requires it. */
  readonly requireExplicit?: boolean
  readonly inhibitMapping?: boolean
  readonly inhibitAny?: boolean
}

/** Lists that are passed in more than once must not be changed in between: they are indexed by name. */
export type PathInput = {
  readonly anchors: readonly TrustAnchor[]
  readonly intermediates: readonly Certificate[]
  /** The moment at which every certificate must be valid. */
  readonly time: Date
  readonly policies?: PolicyInput
  /** Limits on names before the first certificate (RFC 5280 6.1.1 (h), (i)). */
  readonly names?: NameConstraints
  /** `standardAlgorithms` when absent. */
  readonly algorithms?: AlgorithmPolicy
  /** What the certificate at the end is used for; not asked when absent. */
  readonly purpose?: Purpose
  /** Signatures that were verified before. */
  readonly links?: LinkCache
}

/** The certificate of an anchor. */
export function anchorCertificate(anchor: TrustAnchor): Certificate {
  return 'certificate' in anchor ? anchor.certificate : anchor
}

/** True when the anchor's own limits do not count. */
export function isUnlimited(anchor: TrustAnchor): boolean {
  return 'limits' in anchor
}
