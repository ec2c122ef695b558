import type { Bytes } from '../../std/bytes.ts'
import { children, expectTag, readDer } from '../der-reader.ts'
import { sequence, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { encodeGeneralName, type GeneralName, readGeneralName } from '../general-name.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

/** RFC 5280 4.2.1.6. `critical` belongs to a certificate whose subject is empty. */
export function subjectAlternativeName(names: readonly GeneralName[], critical = false): Extension {
  return { id: OID.subjectAltName, critical, value: sequence(...names.map(encodeGeneralName)) }
}

/** Throws `pki.der`, and `pki.certificate` for an empty list. */
export function readSubjectAlternativeName(value: Bytes): GeneralName[] {
  const names = children(expectTag(readDer(value), TAG.sequence, 'SubjectAltName')).map(readGeneralName)
  if (names.length === 0) refuse('pki.certificate', 'subjectAltName is empty', { clause: 'RFC 5280 4.2.1.6' })
  return names
}
