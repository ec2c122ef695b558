import type { Bytes } from '../../std/bytes.ts'
import { fieldsOf, readDer } from '../der-reader.ts'
import { booleanValue, smallInteger } from '../der-values.ts'
import { boolean, sequence, TAG, unsigned } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

/** RFC 5280 4.2.1.9. */
export type BasicConstraints = {
  readonly ca: boolean
  /** How many intermediate certificates may follow. */
  readonly pathLength?: number
}

/** Critical, as it must be in a certificate of an authority. */
export function basicConstraints({ ca, pathLength }: BasicConstraints): Extension {
  const parts = [...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [unsigned(pathLength)])]
  return { id: OID.basicConstraints, critical: true, value: sequence(...parts) }
}

/** Throws `pki.der` or `pki.certificate`. */
export function readBasicConstraints(value: Bytes): BasicConstraints {
  const fields = fieldsOf(readDer(value), 'BasicConstraints')
  const flag = fields.maybe(TAG.boolean)
  const ca = flag !== undefined && booleanValue(flag)
  const length = fields.maybe(TAG.integer)
  fields.end()
  if (length === undefined) return { ca }
  if (!ca) refuse('pki.certificate', 'pathLenConstraint without cA', { clause: 'RFC 5280 4.2.1.9' })
  return { ca, pathLength: smallInteger(length) }
}
