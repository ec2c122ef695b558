import { hash } from 'node:crypto'
import type { Bytes } from '../std/bytes.ts'
import { BoundedMap } from './bounded-map.ts'
import { type Certificate, readCertificate } from './certificate.ts'

const MAX_CERTIFICATES = 500
/** Larger ones are read each time, so that a stranger's cannot fill the memory. */
const MAX_BYTES = 8192

const remembered = new BoundedMap<string, Certificate>(MAX_CERTIFICATES)

/**
 * Like {@link readCertificate}, for the certificates that come again and again in answers of the same services: the
 * same bytes give the same object, and so whatever is kept beside it, as its key is. Nothing is trusted by this.
 */
export function rememberedCertificate(der: Bytes): Certificate {
  if (der.length > MAX_BYTES) return readCertificate(der)
  const name = hash('sha256', der, 'base64')
  // A copy: what was read must not keep the whole answer in memory.
  const certificate = remembered.get(name) ?? readCertificate(Buffer.from(der))
  remembered.set(name, certificate)
  return certificate
}
