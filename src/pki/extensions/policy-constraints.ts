import type { Bytes } from '../../std/bytes.ts'
import { fieldsOf, readDer } from '../der-reader.ts'
import { smallInteger } from '../der-values.ts'
import { contextPrimitive, sequence, TAG, tlv, unsigned } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

const EXPLICIT_TAG = 0x80
const MAPPING_TAG = 0x81

/** How many further certificates may follow before each rule holds (RFC 5280 4.2.1.11). */
export type PolicyConstraints = {
  readonly requireExplicitPolicy?: number
  readonly inhibitPolicyMapping?: number
}

/** Critical, as it must be. */
export function policyConstraints({ requireExplicitPolicy, inhibitPolicyMapping }: PolicyConstraints): Extension {
  const skip = (number: number, certificates: number | undefined) =>
    certificates === undefined ? [] : [contextPrimitive(number, unsigned(certificates).subarray(2))]
  const value = sequence(...skip(0, requireExplicitPolicy), ...skip(1, inhibitPolicyMapping))
  return { id: OID.policyConstraints, critical: true, value }
}

/** Throws `pki.der`, and `pki.certificate` for an empty one. */
export function readPolicyConstraints(value: Bytes): PolicyConstraints {
  const fields = fieldsOf(readDer(value), 'PolicyConstraints')
  const explicit = fields.maybe(EXPLICIT_TAG)
  const mapping = fields.maybe(MAPPING_TAG)
  fields.end()
  if (!explicit && !mapping) refuse('pki.certificate', 'policyConstraints is empty', { clause: 'RFC 5280 4.2.1.11' })
  return {
    ...(explicit && { requireExplicitPolicy: skipCertificates(explicit.content) }),
    ...(mapping && { inhibitPolicyMapping: skipCertificates(mapping.content) }),
  }
}

function skipCertificates(content: Bytes): number {
  return smallInteger(readDer(tlv(TAG.integer, content)))
}
