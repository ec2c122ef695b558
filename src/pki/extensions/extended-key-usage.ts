import type { Bytes } from '../../std/bytes.ts'
import { children, expectTag, readDer } from '../der-reader.ts'
import { oid, sequence, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { oidText } from '../object-identifier.ts'
import { OID } from '../oids.ts'

/** RFC 5280 4.2.1.12. `critical` belongs to time-stamping keys alone (RFC 3161 2.3). */
export function extendedKeyUsage(purposes: readonly string[], critical = false): Extension {
  return { id: OID.extKeyUsage, critical, value: sequence(...purposes.map(oid)) }
}

/** Dotted identifiers of the purposes. Throws `pki.der`. */
export function readExtendedKeyUsage(value: Bytes): string[] {
  return children(expectTag(readDer(value), TAG.sequence, 'ExtKeyUsageSyntax')).map(oidText)
}
