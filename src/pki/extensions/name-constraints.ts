import type { Bytes } from '../../std/bytes.ts'
import { children, type Der, fieldsOf, readDer } from '../der-reader.ts'
import { context, sequence } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { encodeGeneralName, type GeneralName, readGeneralName } from '../general-name.ts'
import { isHostName } from '../host-name.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

const PERMITTED_TAG = 0xa0
const EXCLUDED_TAG = 0xa1
const MINIMUM_TAG = 0x80
const MAXIMUM_TAG = 0x81
const CLAUSE = 'RFC 5280 4.2.1.10'
const IPV4_BYTES = 4
const IPV6_BYTES = 16

/** NameConstraints: the bases of the subtrees (RFC 5280 4.2.1.10). Absent and empty mean the same here. */
export type NameConstraints = {
  readonly permitted?: readonly GeneralName[]
  readonly excluded?: readonly GeneralName[]
}

/** Critical, as it must be. */
export function nameConstraints({ permitted = [], excluded = [] }: NameConstraints): Extension {
  const subtrees = (number: number, names: readonly GeneralName[]) =>
    names.length === 0 ? [] : [context(number, ...names.map((name) => sequence(encodeGeneralName(name))))]
  const value = sequence(...subtrees(0, permitted), ...subtrees(1, excluded))
  return { id: OID.nameConstraints, critical: true, value }
}

/** Throws `pki.der`, and `pki.certificate` for a constraint without a meaning: none may be passed over. */
export function readNameConstraints(value: Bytes): Required<NameConstraints> {
  const fields = fieldsOf(readDer(value), 'NameConstraints')
  const permitted = fields.maybe(PERMITTED_TAG)
  const excluded = fields.maybe(EXCLUDED_TAG)
  fields.end()
  if (!permitted && !excluded) refuse('pki.certificate', 'nameConstraints is empty', { clause: CLAUSE })
  return { permitted: permitted ? readSubtrees(permitted) : [], excluded: excluded ? readSubtrees(excluded) : [] }
}

function readSubtrees(node: Der): GeneralName[] {
  const bases = children(node).map(readSubtree)
  if (bases.length === 0) refuse('pki.certificate', 'a list of subtrees is empty', { clause: CLAUSE })
  return bases
}

function readSubtree(node: Der): GeneralName {
  const fields = fieldsOf(node, 'GeneralSubtree')
  const base = readGeneralName(fields.take())
  const minimum = fields.maybe(MINIMUM_TAG)
  const maximum = fields.maybe(MAXIMUM_TAG)
  fields.end()
  // Zero written out is not DER, but it says the same.
  if (maximum || (minimum && (minimum.content.length !== 1 || minimum.content[0] !== 0)))
    refuse('pki.certificate', 'a subtree with minimum or maximum', { clause: CLAUSE })
  if (!isBase(base)) refuse('pki.certificate', `a ${base.form} that is no base of a subtree`, { clause: CLAUSE })
  return base
}

function isBase(base: GeneralName): boolean {
  switch (base.form) {
    case 'rfc822Name':
      return isMailBase(base.value)
    case 'dNSName':
      // The empty name is the root, below which all others lie.
      return base.value === '' || isDomain(base.value)
    case 'uniformResourceIdentifier':
      return isDomain(base.value)
    case 'iPAddress':
      return isAddressBlock(base.value)
    default:
      return true
  }
}

/** A host, or with a period before it all that lie below. */
function isDomain(text: string): boolean {
  return isHostName(text.startsWith('.') ? text.slice(1) : text)
}

function isMailBase(text: string): boolean {
  const at = text.lastIndexOf('@')
  return at < 0 ? isDomain(text) : at > 0 && isHostName(text.slice(at + 1))
}

/** An address and a mask whose ones all stand before its zeros (RFC 4632 3.1). */
function isAddressBlock(block: Bytes): boolean {
  if (block.length !== 2 * IPV4_BYTES && block.length !== 2 * IPV6_BYTES) return false
  const bits = [...block.subarray(block.length / 2)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(bits)
}
