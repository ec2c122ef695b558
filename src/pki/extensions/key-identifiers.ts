import { createHash } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'
import { expectTag, fieldsOf, readDer } from '../der-reader.ts'
import { bitStringBytes } from '../der-values.ts'
import { contextPrimitive, octetString, sequence, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'

const AUTHORITY_KEY_TAG = 0x80
const KEY_IDENTIFIER_BYTES = 20

/** The identifier of a key: the leftmost 160 bits of the SHA-256 of its BIT STRING (RFC 7093 2, method 1). */
export function keyIdentifier(spki: Bytes): Buffer {
  return createHash('sha256').update(publicKeyBits(spki)).digest().subarray(0, KEY_IDENTIFIER_BYTES)
}

/** The bytes of the BIT STRING subjectPublicKey, which key hashes are made of. Throws `pki.der`. */
export function publicKeyBits(spki: Bytes): Bytes {
  const fields = fieldsOf(readDer(spki), 'SubjectPublicKeyInfo')
  fields.take(TAG.sequence)
  return bitStringBytes(fields.take(TAG.bitString))
}

/** RFC 5280 4.2.1.2. */
export function subjectKeyIdentifier(identifier: Bytes): Extension {
  return { id: OID.subjectKeyIdentifier, critical: false, value: octetString(identifier) }
}

/** RFC 5280 4.2.1.1, in the form with the key identifier alone. */
export function authorityKeyIdentifier(identifier: Bytes): Extension {
  return { id: OID.authorityKeyIdentifier, critical: false, value: sequence(contextPrimitive(0, identifier)) }
}

/** Throws `pki.der`. */
export function readSubjectKeyIdentifier(value: Bytes): Bytes {
  return expectTag(readDer(value), TAG.octetString, 'SubjectKeyIdentifier').content
}

/** The key identifier, when there is one. Throws `pki.der`. */
export function readAuthorityKeyIdentifier(value: Bytes): Bytes | undefined {
  return fieldsOf(readDer(value), 'AuthorityKeyIdentifier').maybe(AUTHORITY_KEY_TAG)?.content
}
