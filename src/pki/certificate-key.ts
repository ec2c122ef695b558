import type { KeyObject } from 'node:crypto'
import type { TbsCertificate } from './certificate.ts'
import { publicKeyOf } from './verify.ts'

const keys = new WeakMap<TbsCertificate, KeyObject>()

/** The public key of a certificate, read once. Throws like {@link publicKeyOf}. */
export function certificateKey(certificate: TbsCertificate): KeyObject {
  const known = keys.get(certificate)
  if (known) return known
  const key = publicKeyOf(certificate.spki)
  keys.set(certificate, key)
  return key
}
