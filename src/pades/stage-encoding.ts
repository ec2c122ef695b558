import {
  type Fields,
  fieldsOf,
  octetString,
  PkiError,
  readDer,
  sequence,
  signatureAlgorithmNamed,
  smallInteger,
  TAG,
  unsigned,
  utf8String,
} from '../pki/index.ts'
import { asBuffer, type Bytes } from '../std/bytes.ts'
import { refuse } from './pades-error.ts'
import type { Prepared, Signed } from './prepared.ts'

/** The first field, so that one stage is told from the other, and a later form from these. */
const FORMATS = { prepared: 1, signed: 2 } as const

/** A prepared signature as bytes to be stored. */
export function encodePrepared(prepared: Prepared): Bytes {
  const [, length, secondStart, secondLength] = prepared.byteRange
  return sequence(
    unsigned(FORMATS.prepared),
    octetString(prepared.tail),
    unsigned(prepared.hole.start),
    unsigned(prepared.hole.bytes),
    unsigned(length),
    unsigned(secondStart),
    unsigned(secondLength),
    octetString(prepared.digest),
    utf8String(prepared.algorithm),
    octetString(prepared.certificate),
    octetString(prepared.toBeSigned),
  )
}

/** Reads what {@link encodePrepared} wrote. Throws `pades.stored_state` for anything else. */
export function decodePrepared(bytes: Bytes): Prepared {
  return decode(bytes, FORMATS.prepared, (fields) => ({
    ...revisionIn(fields),
    byteRange: [0, number(fields), number(fields), number(fields)],
    digest: octets(fields),
    ...signerIn(fields),
  }))
}

/** A signature whose key has answered, as bytes to be stored. */
export function encodeSigned(signed: Signed): Bytes {
  return sequence(
    unsigned(FORMATS.signed),
    octetString(signed.tail),
    unsigned(signed.hole.start),
    unsigned(signed.hole.bytes),
    utf8String(signed.algorithm),
    octetString(signed.certificate),
    octetString(signed.toBeSigned),
    octetString(signed.signature),
    octetString(signed.container),
  )
}

/** Reads what {@link encodeSigned} wrote. Throws `pades.stored_state` for anything else. */
export function decodeSigned(bytes: Bytes): Signed {
  return decode(bytes, FORMATS.signed, (fields) => ({
    ...revisionIn(fields),
    ...signerIn(fields),
    signature: octets(fields),
    container: octets(fields),
  }))
}

function decode<Stage>(bytes: Bytes, format: number, read: (fields: Fields) => Stage): Stage {
  try {
    const fields = fieldsOf(readDer(bytes), 'Stage')
    if (number(fields) !== format) refuse('pades.stored_state', 'the stored signature has another format')
    const stage = read(fields)
    fields.end()
    return stage
  } catch (cause) {
    if (cause instanceof PkiError) refuse('pades.stored_state', 'the stored signature cannot be read')
    throw cause
  }
}

function revisionIn(fields: Fields): Pick<Prepared, 'tail' | 'hole'> {
  const tail = octets(fields)
  const hole = { start: number(fields), bytes: number(fields) }
  // Digits that are written beside the hole would be cut off, or break the file, without a word.
  const around = asBuffer(tail).toString('latin1', hole.start - 1, hole.start + 2 * hole.bytes + 1)
  if (around.length !== 2 * hole.bytes + 2 || !/^<0*>$/.test(around))
    refuse('pades.stored_state', 'the stored signature has no place for its container')
  return { tail, hole }
}

function signerIn(fields: Fields): Pick<Prepared, 'algorithm' | 'certificate' | 'toBeSigned'> {
  const algorithm = signatureAlgorithmNamed(asBuffer(fields.take(TAG.utf8String).content).toString('utf8'))
  return { algorithm, certificate: octets(fields), toBeSigned: octets(fields) }
}

function octets(fields: Fields): Bytes {
  return fields.take(TAG.octetString).content
}

function number(fields: Fields): number {
  return smallInteger(fields.take(TAG.integer))
}
