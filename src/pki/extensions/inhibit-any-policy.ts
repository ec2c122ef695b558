import type { Bytes } from '../../std/bytes.ts'
import { readDer } from '../der-reader.ts'
import { smallInteger } from '../der-values.ts'
import { unsigned } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'

/** After how many further certificates anyPolicy means nothing more (RFC 5280 4.2.1.14). Critical, as it must be. */
export function inhibitAnyPolicy(skipCertificates: number): Extension {
  return { id: OID.inhibitAnyPolicy, critical: true, value: unsigned(skipCertificates) }
}

/** Throws `pki.der`. */
export function readInhibitAnyPolicy(value: Bytes): number {
  return smallInteger(readDer(value))
}
