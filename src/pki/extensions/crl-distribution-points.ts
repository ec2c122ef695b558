import type { Bytes } from '../../std/bytes.ts'
import { context, contextPrimitive, ia5, sequence } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { addressesOf, readDistributionPoints } from './distribution-point.ts'

/** RFC 5280 4.2.1.13, one point for each address. */
export function crlDistributionPoints(uris: readonly string[]): Extension {
  const points = uris.map((uri) => sequence(context(0, context(0, contextPrimitive(6, ia5(uri))))))
  return { id: OID.cRLDistributionPoints, critical: false, value: sequence(...points) }
}

/** The URIs of all points. Throws `pki.der` or `pki.certificate`. */
export function readCrlDistributionPoints(value: Bytes): string[] {
  return readDistributionPoints(value).flatMap(addressesOf)
}
