import type { Bytes } from '../../std/bytes.ts'
import { type Der, type Fields, fieldsOf, readDer } from '../der-reader.ts'
import { booleanValue, integerBytes, smallInteger } from '../der-values.ts'
import { contextPrimitive, oid, sequence, TAG, tlv, unsigned } from '../der-writer.ts'
import { type Extension, readExtensions } from '../extension.ts'
import { oidText } from '../object-identifier.ts'
import { PkiError } from '../pki-error.ts'
import { preciseTime, readPreciseTime } from '../time.ts'
import { type MessageImprint, readMessageImprint } from './message-imprint.ts'
import { refuseTimestamp } from './timestamp-fault.ts'

/** TSTInfo (RFC 3161 2.4.2): what a time-stamp says. */
export type TstInfo = {
  /** Dotted identifier of the policy that the authority followed. */
  readonly policy: string
  readonly imprint: MessageImprint
  /** Content of the INTEGER. */
  readonly serial: Bytes
  /** Cut to milliseconds. */
  readonly time: Date
  /** How far the time may be off, in milliseconds and parts of them. */
  readonly accuracyMs?: number
  /** True when time-stamps of this authority can be ordered by their times alone. */
  readonly ordering: boolean
  /** Content of the INTEGER. */
  readonly nonce?: Bytes
  readonly extensions: ReadonlyMap<string, Extension>
}

const MILLIS_TAG = 0x80
const MICROS_TAG = 0x81
const TSA_TAG = 0xa0
const EXTENSIONS_TAG = 0xa1

/** Throws `pki.der`, `pki.certificate` for its extensions, or `pki.timestamp`. */
export function readTstInfo(der: Bytes): TstInfo {
  const fields = fieldsOf(readDer(der), 'TSTInfo')
  if (smallInteger(fields.take(TAG.integer)) !== 1) refuseTimestamp('version')
  const policy = oidText(fields.take(TAG.oid))
  const imprint = readMessageImprint(fields.take(TAG.sequence))
  const serial = integerBytes(fields.take(TAG.integer))
  const time = readTime(fields.take())
  const accuracy = fields.maybe(TAG.sequence)
  const ordering = fields.maybe(TAG.boolean)
  const nonce = fields.maybe(TAG.integer)
  // A hint at the authority's name; the certificate says it under a signature of another.
  fields.maybe(TSA_TAG)
  const extensions = readTail(fields)
  return {
    policy,
    imprint,
    serial,
    time,
    ...(accuracy && { accuracyMs: readAccuracy(accuracy) }),
    ordering: ordering !== undefined && booleanValue(ordering),
    ...(nonce && { nonce: integerBytes(nonce) }),
    extensions,
  }
}

function readTail(fields: Fields): ReadonlyMap<string, Extension> {
  const extensions = fields.maybe(EXTENSIONS_TAG)
  fields.end()
  return extensions ? readExtensions({ ...extensions, tag: TAG.sequence }) : new Map()
}

function readTime(node: Der): Date {
  try {
    return readPreciseTime(node)
  } catch (error) {
    if (error instanceof PkiError) refuseTimestamp('time_form')
    throw error
  }
}

function readAccuracy(node: Der): number {
  const fields = fieldsOf(node, 'Accuracy')
  const seconds = fields.maybe(TAG.integer)
  const millis = fields.maybe(MILLIS_TAG)
  const micros = fields.maybe(MICROS_TAG)
  fields.end()
  const wholeMs = (seconds ? boundedInteger(seconds, 0, Number.MAX_SAFE_INTEGER / 1000) : 0) * 1000
  return wholeMs + (millis ? boundedInteger(millis, 1, 999) : 0) + (micros ? boundedInteger(micros, 1, 999) : 0) / 1000
}

function boundedInteger(node: Der, least: number, most: number): number {
  const [first = 0x80] = node.content
  // Negative, or wider than any bound here.
  if (first >= 0x80 || node.content.length > 6) refuseTimestamp('accuracy')
  const value = smallInteger({ ...node, tag: TAG.integer })
  return value >= least && value <= most ? value : refuseTimestamp('accuracy')
}

/** What an authority puts into a time-stamp. */
export type TstInfoTemplate = {
  readonly policy: string
  /** Encoded MessageImprint, as it was asked for. */
  readonly imprint: Bytes
  /** Big-endian bytes of a positive number below 2^159, never used before. */
  readonly serial: Bytes
  readonly time: Date
  /** Whole milliseconds above 0. */
  readonly accuracyMs: number
  /** Content of the INTEGER that was sent. */
  readonly nonce?: Bytes
}

/** Ordering is left out, which says no (EN 319 422 5.2.1). */
export function buildTstInfo({ policy, imprint, serial, time, accuracyMs, nonce }: TstInfoTemplate): Buffer {
  return sequence(
    unsigned(1),
    oid(policy),
    imprint,
    unsigned(serial),
    preciseTime(time),
    accuracy(accuracyMs),
    ...(nonce ? [tlv(TAG.integer, nonce)] : []),
  )
}

function accuracy(ms: number): Buffer {
  const seconds = Math.floor(ms / 1000)
  const millis = ms % 1000
  const parts = [
    ...(seconds > 0 ? [unsigned(seconds)] : []),
    ...(millis > 0 ? [contextPrimitive(0, readDer(unsigned(millis)).content)] : []),
  ]
  return sequence(...parts)
}
