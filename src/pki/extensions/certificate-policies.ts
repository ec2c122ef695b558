import type { Bytes } from '../../std/bytes.ts'
import { children, expectTag, fieldsOf, readDer } from '../der-reader.ts'
import { ia5String, oid, sequence, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { oidText } from '../object-identifier.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

export type PolicyInformation = {
  /** Dotted identifier of the policy. */
  readonly policy: string
  /** Where the certification practice statement is published. */
  readonly cps?: string
}

/** RFC 5280 4.2.1.4. */
export function certificatePolicies(policies: readonly PolicyInformation[]): Extension {
  const encoded = policies.map(({ policy, cps }) =>
    cps === undefined ? sequence(oid(policy)) : sequence(oid(policy), sequence(sequence(oid(OID.cps), ia5String(cps)))),
  )
  return { id: OID.certificatePolicies, critical: false, value: sequence(...encoded) }
}

/** Dotted identifiers of the policies. Throws `pki.der`, and `pki.certificate` for none and for one policy twice. */
export function readCertificatePolicies(value: Bytes): string[] {
  const policies = children(expectTag(readDer(value), TAG.sequence, 'CertificatePolicies')).map((node) =>
    oidText(fieldsOf(node, 'PolicyInformation').take(TAG.oid)),
  )
  if (policies.length === 0 || new Set(policies).size !== policies.length)
    refuse('pki.certificate', 'no policy, or one that stands twice', { clause: 'RFC 5280 4.2.1.4' })
  return policies
}
