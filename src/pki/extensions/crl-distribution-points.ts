import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { children, expectTag, Fields, readDer } from '../der-reader.ts'
import { context, contextPrimitive, ia5, sequence, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'

const NAME_TAG = 0xa0
const FULL_NAME_TAG = 0xa0
const URI_TAG = 0x86

/** RFC 5280 4.2.1.13, one point for each address. */
export function crlDistributionPoints(uris: readonly string[]): Extension {
  const points = uris.map((uri) => sequence(context(0, context(0, contextPrimitive(6, ia5(uri))))))
  return { id: OID.cRLDistributionPoints, critical: false, value: sequence(...points) }
}

/** The URIs of all points. Throws `pki.der`. */
export function readCrlDistributionPoints(value: Bytes): string[] {
  return children(expectTag(readDer(value), TAG.sequence, 'CRLDistributionPoints')).flatMap((node) => {
    const name = new Fields(node, 'DistributionPoint').maybe(NAME_TAG)
    const fullName = name && new Fields(name, 'DistributionPointName').maybe(FULL_NAME_TAG)
    if (fullName === undefined) return []
    const uris = children(fullName).filter((general) => general.tag === URI_TAG)
    return uris.map((general) => asBuffer(general.content).toString('latin1'))
  })
}
