import type { Bytes } from '../../std/bytes.ts'
import { readDer } from '../der-reader.ts'
import { integerBytes } from '../der-values.ts'
import { unsigned } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

const MAX_BYTES = 20

/** RFC 5280 5.2.3. */
export function crlNumber(number: number): Extension {
  return { id: OID.cRLNumber, critical: false, value: unsigned(number) }
}

/** Content of the INTEGER. Throws `pki.der`, or `pki.status` for a negative number and one of over 20 bytes. */
export function readCrlNumber(value: Bytes): Bytes {
  const bytes = integerBytes(readDer(value))
  if ((bytes[0] ?? 0) >= 0x80 || bytes.length > MAX_BYTES)
    refuse('pki.status', 'the number of the list is negative or over 20 bytes', { clause: 'RFC 5280 5.2.3' })
  return bytes
}
