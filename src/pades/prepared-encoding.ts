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
import type { Prepared } from './prepared.ts'

/** The first field, so that a later form is told from this one. */
const FORMAT = 1

/** A prepared signature as bytes to be stored. */
export function encodePrepared(prepared: Prepared): Bytes {
  const [, length, secondStart, secondLength] = prepared.byteRange
  return sequence(
    unsigned(FORMAT),
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
  try {
    const fields = fieldsOf(readDer(bytes), 'Prepared')
    if (number(fields) !== FORMAT) refuse('pades.stored_state', 'the stored signature has another format')
    const prepared = readFields(fields)
    fields.end()
    return prepared
  } catch (cause) {
    if (cause instanceof PkiError) refuse('pades.stored_state', 'the stored signature cannot be read')
    throw cause
  }
}

function number(fields: Fields): number {
  return smallInteger(fields.take(TAG.integer))
}

function readFields(fields: Fields): Prepared {
  const octets = () => fields.take(TAG.octetString).content
  return {
    tail: octets(),
    hole: { start: number(fields), bytes: number(fields) },
    byteRange: [0, number(fields), number(fields), number(fields)],
    digest: octets(),
    algorithm: signatureAlgorithmNamed(asBuffer(fields.take(TAG.utf8String).content).toString('utf8')),
    certificate: octets(),
    toBeSigned: octets(),
  }
}
