import type { Bytes } from '../../std/bytes.ts'
import { children, type Der, expectTag, fieldsOf, readDer } from '../der-reader.ts'
import { oid, sequence, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { oidText } from '../object-identifier.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

/** The issuer holds the two policies, given by their dotted identifiers, to be equivalent. */
export type PolicyMapping = { readonly issuerDomain: string; readonly subjectDomain: string }

/** RFC 5280 4.2.1.5, critical as it should be. */
export function policyMappings(mappings: readonly PolicyMapping[]): Extension {
  const encoded = mappings.map(({ issuerDomain, subjectDomain }) => sequence(oid(issuerDomain), oid(subjectDomain)))
  return { id: OID.policyMappings, critical: true, value: sequence(...encoded) }
}

/** Throws `pki.der`, and `pki.certificate` for an empty list. */
export function readPolicyMappings(value: Bytes): PolicyMapping[] {
  const mappings = children(expectTag(readDer(value), TAG.sequence, 'PolicyMappings')).map(readMapping)
  if (mappings.length === 0) refuse('pki.certificate', 'policyMappings is empty', { clause: 'RFC 5280 4.2.1.5' })
  return mappings
}

function readMapping(node: Der): PolicyMapping {
  const fields = fieldsOf(node, 'PolicyMapping')
  const mapping = { issuerDomain: oidText(fields.take(TAG.oid)), subjectDomain: oidText(fields.take(TAG.oid)) }
  fields.end()
  return mapping
}
