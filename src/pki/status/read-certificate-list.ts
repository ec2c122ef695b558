import type { Bytes } from '../../std/bytes.ts'
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../algorithm-identifier.ts'
import { type Der, type Fields, fieldsOf, readDer } from '../der-reader.ts'
import { bitStringBytes, smallInteger } from '../der-values.ts'
import { TAG } from '../der-writer.ts'
import { type Extension, readExtensions } from '../extension.ts'
import { readCrlNumber } from '../extensions/crl-number.ts'
import { type Name, readName } from '../name.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'
import { readTime } from '../time.ts'

/** A revocation list (RFC 5280 5.1), read without judging it. */
export type CertificateList = {
  readonly der: Bytes
  /** The bytes that the signature covers. */
  readonly tbs: Bytes
  readonly version: 1 | 2
  readonly issuer: Name
  readonly thisUpdate: Date
  readonly nextUpdate?: Date
  /**
   * The encoded entries one after the other, empty when there are none. They stay bytes: a list may have a million
   * of them, and is searched where it lies.
   */
  readonly entries: Bytes
  readonly extensions: ReadonlyMap<string, Extension>
  /** Content of the INTEGER cRLNumber, which grows with every list of an authority. */
  readonly number?: Bytes
  readonly algorithm: AlgorithmIdentifier
  readonly signature: Bytes
}

const EXTENSIONS_TAG = 0xa0
const EMPTY = Buffer.alloc(0)

/** Reads the frame of a list. Throws `pki.der`, `pki.status` or `pki.certificate` for what RFC 5280 5.1 does not allow. */
export function readCertificateList(der: Bytes): CertificateList {
  const outer = fieldsOf(readDer(der), 'CertificateList')
  const tbs = outer.take(TAG.sequence)
  const algorithm = readAlgorithmIdentifier(outer.take(TAG.sequence))
  const signature = bitStringBytes(outer.take(TAG.bitString))
  outer.end()
  const fields = fieldsOf(tbs, 'TBSCertList')
  const version = readVersion(fields)
  const inner = readAlgorithmIdentifier(fields.take(TAG.sequence))
  if (Buffer.compare(inner.raw, algorithm.raw) !== 0)
    refuse('pki.status', 'the two signature algorithms differ', { clause: 'RFC 5280 5.1.1.2' })
  return { der, tbs: tbs.raw, version, ...readRest(fields, version), algorithm, signature }
}

function readVersion(fields: Fields): 1 | 2 {
  const node = fields.maybe(TAG.integer)
  if (node && smallInteger(node) !== 1)
    refuse('pki.status', 'the version is none of v1, v2', { clause: 'RFC 5280 5.1.2.1' })
  return node ? 2 : 1
}

type Rest = Pick<CertificateList, 'issuer' | 'thisUpdate' | 'nextUpdate' | 'entries' | 'extensions' | 'number'>

function readRest(fields: Fields, version: 1 | 2): Rest {
  const issuer = readName(fields.take(TAG.sequence))
  const thisUpdate = readTime(fields.take())
  const next = fields.maybe(TAG.utcTime) ?? fields.maybe(TAG.generalizedTime)
  // RFC 5280 5.1.2.6 wants it absent rather than empty; an empty one means the same, and some authorities write it.
  const entries = fields.maybe(TAG.sequence)?.content ?? EMPTY
  const wrapper = fields.maybe(EXTENSIONS_TAG)
  fields.end()
  const extensions = wrapper ? readListExtensions(wrapper, version) : new Map<string, Extension>()
  const number = extensions.get(OID.cRLNumber)
  return {
    issuer,
    thisUpdate,
    ...(next && { nextUpdate: readTime(next) }),
    entries,
    extensions,
    ...(number && { number: readCrlNumber(number.value) }),
  }
}

function readListExtensions(wrapper: Der, version: 1 | 2): ReadonlyMap<string, Extension> {
  if (version === 1) refuse('pki.status', 'extensions need version 2', { clause: 'RFC 5280 5.1.2.1' })
  return readExtensions(readDer(wrapper.content))
}
