import type { Bytes } from '../../std/bytes.ts'
import { type Fields, fieldsOf, readDer } from '../der-reader.ts'
import { booleanValue } from '../der-values.ts'
import { TAG } from '../der-writer.ts'
import { refuse } from '../pki-error.ts'
import { type DistributionPointName, readDistributionPointName, readReasonFlags } from './distribution-point.ts'

/** Which certificates a list is about (RFC 5280 5.2.5). */
export type IssuingDistributionPoint = {
  readonly name?: DistributionPointName
  /** Absent for certificates of every kind. */
  readonly only?: 'user' | 'authority' | 'attribute'
  /** Numbers of ReasonFlags; absent for all of them. */
  readonly someReasons?: ReadonlySet<number>
  /** True when the list has entries of other issuers too. */
  readonly indirect: boolean
}

const NAME_TAG = 0xa0
const USER_TAG = 0x81
const AUTHORITY_TAG = 0x82
const SOME_REASONS_TAG = 0x83
const INDIRECT_TAG = 0x84
const ATTRIBUTE_TAG = 0x85
const CLAUSE = { clause: 'RFC 5280 5.2.5' }

/** Throws `pki.der`, or `pki.status` for an empty extension and for two kinds at once. */
export function readIssuingDistributionPoint(value: Bytes): IssuingDistributionPoint {
  const node = readDer(value)
  if (node.content.length === 0) refuse('pki.status', 'issuingDistributionPoint is empty', CLAUSE)
  const fields = fieldsOf(node, 'IssuingDistributionPoint')
  const name = fields.maybe(NAME_TAG)
  const user = readFlag(fields, USER_TAG)
  const authority = readFlag(fields, AUTHORITY_TAG)
  const someReasons = fields.maybe(SOME_REASONS_TAG)
  const indirect = readFlag(fields, INDIRECT_TAG)
  const attribute = readFlag(fields, ATTRIBUTE_TAG)
  fields.end()
  const kinds = [user && 'user', authority && 'authority', attribute && 'attribute'] as const
  const [only, ...more] = kinds.filter((kind) => kind !== false)
  if (more.length > 0) refuse('pki.status', 'a list of two kinds of certificates', CLAUSE)
  return {
    ...(name && { name: readDistributionPointName(name) }),
    ...(only && { only }),
    ...(someReasons && { someReasons: readReasonFlags(someReasons) }),
    indirect,
  }
}

/** FALSE is the default and so is never written (X.690 11.5). */
function readFlag(fields: Fields, tag: number): boolean {
  const node = fields.maybe(tag)
  if (node === undefined) return false
  if (!booleanValue({ ...node, tag: TAG.boolean })) refuse('pki.der', 'a default value is written out')
  return true
}
