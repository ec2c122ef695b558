import type { Bytes } from '../std/bytes.ts'
import { equalBytes } from '../std/bytes.ts'
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts'
import { children, type Der, type Fields, fieldsOf, readDer } from './der-reader.ts'
import { bitStringBytes, integerBytes, smallInteger } from './der-values.ts'
import { TAG } from './der-writer.ts'
import { type Extension, readExtensions } from './extension.ts'
import { type Name, readName } from './name.ts'
import { sameName } from './name-match.ts'
import { refuse } from './pki-error.ts'
import { readPreciseTime, readTime } from './time.ts'

/** What an authority signs (RFC 5280 4.1.2). */
export type TbsCertificate = {
  /** The encoding that the signature covers. */
  readonly raw: Bytes
  readonly version: 1 | 2 | 3
  /** Content of the INTEGER: positive, at most 20 bytes, with a leading zero where the number needs one. */
  readonly serial: Bytes
  readonly algorithm: AlgorithmIdentifier
  readonly issuer: Name
  readonly notBefore: Date
  readonly notAfter: Date
  readonly subject: Name
  /** SubjectPublicKeyInfo. */
  readonly spki: Bytes
  /** By their dotted identifiers. */
  readonly extensions: ReadonlyMap<string, Extension>
}

/** A certificate (RFC 5280 4.1). */
export type Certificate = TbsCertificate & {
  readonly der: Bytes
  readonly signature: Bytes
}

const VERSION_TAG = 0xa0
const ISSUER_UNIQUE_TAG = 0x81
const SUBJECT_UNIQUE_TAG = 0x82
const EXTENSIONS_TAG = 0xa3
const MAX_SERIAL_BYTES = 20

/** Reads a certificate. Throws `pki.der` or `pki.certificate` for anything RFC 5280 does not allow in its frame. */
export function readCertificate(der: Bytes): Certificate {
  return readFrame(der, STRICT)
}

/**
 * Reads the certificate of a trust anchor. Its serial number and the form of its times say nothing about the trust in
 * it, and one in twenty roots in use has a serial number of zero or a time of four digits before 2050: these are
 * taken as they are (RFC 5280 4.1.2.2). Throws like {@link readCertificate} for everything else.
 */
export function readTrustAnchor(der: Bytes): Certificate {
  return readFrame(der, TOLERANT)
}

/** How the two parts are read in which roots in use break RFC 5280. */
type Reading = { readonly serial: (node: Der) => Bytes; readonly time: (node: Der) => Date }

const STRICT: Reading = { serial: readSerial, time: readTime }
const TOLERANT: Reading = {
  serial: integerBytes,
  time: (node) => (node.tag === TAG.generalizedTime ? readPreciseTime(node) : readTime(node)),
}

function readFrame(der: Bytes, reading: Reading): Certificate {
  const fields = fieldsOf(readDer(der), 'Certificate')
  const tbs = readTbsNode(fields.take(TAG.sequence), reading)
  const outer = readAlgorithmIdentifier(fields.take(TAG.sequence))
  const signature = bitStringBytes(fields.take(TAG.bitString))
  fields.end()
  if (!equalBytes(outer.raw, tbs.algorithm.raw))
    refuse('pki.certificate', 'the two signature algorithms differ', { clause: 'RFC 5280 4.1.1.2' })
  return { ...tbs, der, signature }
}

/** Reads a TBSCertificate alone. Throws like {@link readCertificate}. */
export function readTbsCertificate(der: Bytes): TbsCertificate {
  return readTbsNode(readDer(der), STRICT)
}

function readTbsNode(node: Der, reading: Reading): TbsCertificate {
  const fields = fieldsOf(node, 'TBSCertificate')
  const version = readVersion(fields)
  const serial = reading.serial(fields.take(TAG.integer))
  const algorithm = readAlgorithmIdentifier(fields.take(TAG.sequence))
  const issuer = readName(fields.take(TAG.sequence))
  const { notBefore, notAfter } = readValidity(fields.take(TAG.sequence), reading)
  const subject = readName(fields.take(TAG.sequence))
  const spki = fields.take(TAG.sequence).raw
  const extensions = readOptionalParts(fields, version)
  fields.end()
  return {
    raw: node.raw,
    version,
    serial,
    algorithm,
    issuer,
    notBefore,
    notAfter,
    subject,
    spki,
    extensions,
  }
}

function readVersion(fields: Fields): 1 | 2 | 3 {
  const node = fields.maybe(VERSION_TAG)
  if (node === undefined) return 1
  const number = smallInteger(readDer(node.content))
  if (number !== 1 && number !== 2)
    refuse('pki.certificate', 'the version is none of v2, v3', { clause: 'RFC 5280 4.1.2.1' })
  return number === 1 ? 2 : 3
}

function readSerial(node: Der): Bytes {
  const bytes = integerBytes(node)
  const clause = 'RFC 5280 4.1.2.2'
  if ((bytes[0] ?? 0) >= 0x80 || (bytes.length === 1 && bytes[0] === 0))
    refuse('pki.certificate', 'the serial number is not positive', { clause })
  if (bytes.length > MAX_SERIAL_BYTES) refuse('pki.certificate', 'the serial number is over 20 bytes', { clause })
  return bytes
}

function readValidity(node: Der, { time }: Reading): { notBefore: Date; notAfter: Date } {
  const fields = fieldsOf(node, 'Validity')
  const notBefore = time(fields.take())
  const notAfter = time(fields.take())
  fields.end()
  return { notBefore, notAfter }
}

function readOptionalParts(fields: Fields, version: 1 | 2 | 3): ReadonlyMap<string, Extension> {
  const unique = [fields.maybe(ISSUER_UNIQUE_TAG), fields.maybe(SUBJECT_UNIQUE_TAG)].some(Boolean)
  if (unique && version === 1)
    refuse('pki.certificate', 'unique identifiers in a v1 certificate', { clause: 'RFC 5280 4.1.2.8' })
  const wrapper = fields.maybe(EXTENSIONS_TAG)
  if (wrapper === undefined) return new Map()
  if (version !== 3) refuse('pki.certificate', 'extensions need version 3', { clause: 'RFC 5280 4.1.2.9' })
  const [list, ...more] = children(wrapper)
  if (list === undefined || more.length > 0) refuse('pki.der', 'Extensions has another form')
  return readExtensions(list)
}

/** True when issuer and subject are the same name (RFC 5280 6.1, "self-issued"). */
export function isSelfIssued(certificate: TbsCertificate): boolean {
  return sameName(certificate.issuer, certificate.subject)
}

/** The serial number in lower-case hex, as it is shown to people. */
export function serialText(certificate: TbsCertificate): string {
  return Buffer.from(certificate.serial).toString('hex')
}
