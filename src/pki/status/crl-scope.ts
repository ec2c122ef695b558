import type { Bytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { readBasicConstraints } from '../extensions/basic-constraints.ts'
import {
  type DistributionPoint,
  directoryName,
  generalNamesOf,
  readDistributionPoints,
  sameGeneralName,
} from '../extensions/distribution-point.ts'
import {
  type IssuingDistributionPoint,
  readIssuingDistributionPoint,
} from '../extensions/issuing-distribution-point.ts'
import { OID } from '../oids.ts'
import type { CertificateList } from './read-certificate-list.ts'
import { type UnusableStatus, unusable } from './status-finding.ts'

/** Bits of ReasonFlags that stand for a reason; bit 0 is unused (RFC 5280 4.2.1.13). */
const ALL_REASONS = [1, 2, 3, 4, 5, 6, 7, 8]

/** `all`: who is not on the list is not revoked. `some`: only who is on it is known to be revoked. */
export type Coverage = 'all' | 'some'

/**
 * How far a list covers a certificate of its issuer (RFC 5280 6.3.3 (b)(2), (d)), or why it does not at all. Throws
 * `pki.der`, `pki.status` or `pki.certificate` for extensions that cannot be read.
 */
export function coverageOf(list: CertificateList, certificate: Certificate): Coverage | UnusableStatus {
  const extension = list.extensions.get(OID.issuingDistributionPoint)
  const scope: IssuingDistributionPoint = extension
    ? readIssuingDistributionPoint(extension.value)
    : { indirect: false }
  if (scope.indirect) return unusable('crl', 'indirect_list')
  if (scope.only && scope.only !== kindOf(certificate)) return unusable('crl', 'other_scope')
  const points = ownPoints(certificate).filter((point) => isPointOf(point, scope, certificate))
  if (points.length === 0) return unusable('crl', 'other_distribution_point')
  return coversAll(scope.someReasons) && points.some(({ reasons }) => coversAll(reasons)) ? 'all' : 'some'
}

function kindOf({ extensions }: Certificate): 'user' | 'authority' {
  const constraints = extensions.get(OID.basicConstraints)
  return constraints && readBasicConstraints(constraints.value).ca ? 'authority' : 'user'
}

/** Where the certificate's issuer itself publishes; without the extension, at the issuer's name (RFC 5280 6.3.3). */
function ownPoints(certificate: Certificate): readonly DistributionPoint[] {
  const extension = certificate.extensions.get(OID.cRLDistributionPoints)
  const points = extension ? readDistributionPoints(extension.value) : []
  const own = points.filter(({ crlIssuer }) => crlIssuer === undefined)
  return own.length > 0 ? own : [{ name: { fullName: [directoryName(certificate.issuer.raw)] } }]
}

function isPointOf(point: DistributionPoint, scope: IssuingDistributionPoint, certificate: Certificate): boolean {
  if (scope.name === undefined) return true
  const issuer = certificate.issuer.raw
  const published = generalNamesOf(scope.name, issuer)
  const wanted: readonly Bytes[] = point.name ? generalNamesOf(point.name, issuer) : []
  return wanted.some((name) => published.some((other) => sameGeneralName(name, other)))
}

function coversAll(reasons: ReadonlySet<number> | undefined): boolean {
  return reasons === undefined || ALL_REASONS.every((reason) => reasons.has(reason))
}
