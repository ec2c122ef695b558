import type { Bytes } from '../../std/bytes.ts'
import { expectTag, readDer } from '../der-reader.ts'
import { octetString, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

const MAX_BYTES = 128

/** RFC 6960 4.4.1: binds an answer to its request. Throws `pki.status` like {@link readOcspNonce}. */
export function ocspNonce(nonce: Bytes): Extension {
  return { id: OID.ocspNonce, critical: false, value: octetString(checkLength(nonce)) }
}

/** Throws `pki.der`, and `pki.status` for a length outside 1 to 128 bytes (RFC 9654 2.1). */
export function readOcspNonce(value: Bytes): Bytes {
  return checkLength(expectTag(readDer(value), TAG.octetString, 'Nonce').content)
}

function checkLength(nonce: Bytes): Bytes {
  if (nonce.length === 0 || nonce.length > MAX_BYTES)
    refuse('pki.status', 'a nonce has 1 to 128 bytes', { clause: 'RFC 9654 2.1' })
  return nonce
}
