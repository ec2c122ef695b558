import type { Certificate } from '../certificate.ts'
import { readAuthorityInfoAccess } from '../extensions/authority-info-access.ts'
import { addressesOf, readDistributionPoints } from '../extensions/distribution-point.ts'
import { OID } from '../oids.ts'
import { readable } from '../readable.ts'
import type { StatusKind } from './status-finding.ts'

/** An address that the certificate names. */
export type StatusPlace = { readonly kind: StatusKind; readonly url: string }

/** A certificate with more addresses than this wants to keep us busy. */
const MAX_PLACES = 4

/**
 * Where the certificate says that its status is found: OCSP responders first, as their answers are small and new.
 * Only plain HTTP is asked: the answers are signed, and a check of TLS would need a status of its own (RFC 5280 8).
 */
export function statusPlaces(certificate: Certificate): readonly StatusPlace[] {
  return [...placesOf('ocsp', () => ocspUrls(certificate)), ...placesOf('crl', () => listUrls(certificate))]
}

/** Where the certificates of the issuer are found. */
export function issuerPlaces(certificate: Certificate): readonly string[] {
  const extension = certificate.extensions.get(OID.authorityInfoAccess)
  return plainHttp(() => (extension ? readAuthorityInfoAccess(extension.value).caIssuers : []))
}

function placesOf(kind: StatusKind, read: () => readonly string[]): StatusPlace[] {
  return plainHttp(read).map((url) => ({ kind, url }))
}

/** An extension that cannot be read names no place. */
function plainHttp(read: () => readonly string[]): string[] {
  const urls = readable(read) ?? []
  return urls.filter((url) => /^http:/i.test(url)).slice(0, MAX_PLACES)
}

function ocspUrls({ extensions }: Certificate): readonly string[] {
  const extension = extensions.get(OID.authorityInfoAccess)
  return extension ? readAuthorityInfoAccess(extension.value).ocsp : []
}

/** Lists that another authority signs are not used, so they are not fetched. */
function listUrls({ extensions }: Certificate): readonly string[] {
  const extension = extensions.get(OID.cRLDistributionPoints)
  const points = extension ? readDistributionPoints(extension.value) : []
  return points.filter(({ crlIssuer }) => crlIssuer === undefined).flatMap(addressesOf)
}
