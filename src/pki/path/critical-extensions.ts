import type { Certificate } from '../certificate.ts'
import { unknownCritical } from '../extension.ts'
import { OID } from '../oids.ts'
import { broken, type InvalidPath } from './path-result.ts'

/** What path validation carries out; extKeyUsage by the purpose, subjectAltName by the name constraints. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extKeyUsage,
  OID.nameConstraints,
  OID.subjectAltName,
  OID.certificatePolicies,
  OID.policyMappings,
  OID.policyConstraints,
  OID.inhibitAnyPolicy,
])

/** Refuses a critical extension that is not understood, under the clause for the certificate's place in the path. */
export function checkCriticalExtensions(certificate: Certificate, clause: string): InvalidPath | undefined {
  const strange = unknownCritical(certificate.extensions, UNDERSTOOD)
  return strange === undefined ? undefined : broken('unknown_critical_extension', clause, certificate)
}
