import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { children, type Der, expectTag, Fields, fieldsOf, readDer } from '../der-reader.ts'
import { namedBitNumbers } from '../der-values.ts'
import { context, retag, sequence, TAG } from '../der-writer.ts'
import { readName } from '../name.ts'
import { sameName } from '../name-match.ts'
import { refuse } from '../pki-error.ts'

/** DistributionPointName (RFC 5280 4.2.1.13): encoded GeneralNames, or a RelativeDistinguishedName below an issuer. */
export type DistributionPointName = { readonly fullName: readonly Bytes[] } | { readonly relativeName: Bytes }

/** DistributionPoint (RFC 5280 4.2.1.13) in full. */
export type DistributionPoint = {
  readonly name?: DistributionPointName
  /** Numbers of ReasonFlags; absent for all of them. */
  readonly reasons?: ReadonlySet<number>
  /** Encoded GeneralNames of the authority that signs the list, when it is not the certificate's issuer. */
  readonly crlIssuer?: readonly Bytes[]
}

const NAME_TAG = 0xa0
const REASONS_TAG = 0x81
const ISSUER_TAG = 0xa2
const FULL_NAME_TAG = 0xa0
const RELATIVE_NAME_TAG = 0xa1
const DIRECTORY_NAME_TAG = 0xa4
const URI_TAG = 0x86

/** Reads cRLDistributionPoints or freshestCRL, which have the same form. Throws `pki.der` or `pki.certificate`. */
export function readDistributionPoints(value: Bytes): DistributionPoint[] {
  return children(expectTag(readDer(value), TAG.sequence, 'CRLDistributionPoints')).map(readPoint)
}

function readPoint(node: Der): DistributionPoint {
  const fields = fieldsOf(node, 'DistributionPoint')
  const name = fields.maybe(NAME_TAG)
  const reasons = fields.maybe(REASONS_TAG)
  const issuer = fields.maybe(ISSUER_TAG)
  fields.end()
  if (name === undefined && issuer === undefined)
    refuse('pki.certificate', 'a distribution point of reasons alone', { clause: 'RFC 5280 4.2.1.13' })
  return {
    ...(name && { name: readDistributionPointName(name) }),
    ...(reasons && { reasons: readReasonFlags(reasons) }),
    ...(issuer && { crlIssuer: children(issuer).map(({ raw }) => raw) }),
  }
}

/** Reads the name inside its tag [0]. Throws `pki.der`. */
export function readDistributionPointName(node: Der): DistributionPointName {
  const fields = new Fields(node, 'DistributionPointName')
  const full = fields.maybe(FULL_NAME_TAG)
  const relative = full ? undefined : fields.take(RELATIVE_NAME_TAG)
  fields.end()
  if (relative) return { relativeName: retag(TAG.set, relative.raw) }
  return { fullName: full ? children(full).map(({ raw }) => raw) : [] }
}

/** ReasonFlags under an IMPLICIT tag. Throws `pki.der`. */
export function readReasonFlags(node: Der): ReadonlySet<number> {
  return new Set(namedBitNumbers({ ...node, tag: TAG.bitString }))
}

/** The URIs at which the lists of a point are found. */
export function addressesOf({ name }: DistributionPoint): string[] {
  const names = name && 'fullName' in name ? name.fullName.map((general) => readDer(general)) : []
  return names.flatMap(({ tag, content }) => (tag === URI_TAG ? [asBuffer(content).toString('latin1')] : []))
}

/** The name as encoded GeneralNames; a relative one is completed by the issuer's encoded name. Throws `pki.der`. */
export function generalNamesOf(name: DistributionPointName, issuer: Bytes): readonly Bytes[] {
  if ('fullName' in name) return name.fullName
  const above = children(readDer(issuer)).map(({ raw }) => raw)
  return [directoryName(sequence(...above, name.relativeName))]
}

/** The encoded GeneralName of an encoded Name. */
export function directoryName(name: Bytes): Bytes {
  return context(4, name)
}

/** True when both encoded GeneralNames are the same: directory names by RFC 5280 7.1, others by their bytes. */
export function sameGeneralName(a: Bytes, b: Bytes): boolean {
  if (Buffer.compare(a, b) === 0) return true
  if (a[0] !== DIRECTORY_NAME_TAG || b[0] !== DIRECTORY_NAME_TAG) return false
  return sameName(nameInside(a), nameInside(b))
}

function nameInside(general: Bytes) {
  return readName(readDer(readDer(general).content))
}
