import type { KeyObject } from 'node:crypto'
import { asBuffer } from '../std/bytes.ts'
import { BoundedMap } from './bounded-map.ts'
import type { TbsCertificate } from './certificate.ts'
import { publicKeyOf } from './verify.ts'

const LIMIT = 1_000

/** By the bytes of the key: a document brings the same authorities with each of its signatures. */
const keys = new BoundedMap<string, KeyObject>(LIMIT)

/** The public key of a certificate; importing one takes as long as checking a signature. Throws like {@link publicKeyOf}. */
export function certificateKey({ spki }: TbsCertificate): KeyObject {
  const name = asBuffer(spki).toString('latin1')
  const known = keys.get(name)
  if (known) return known
  const key = publicKeyOf(spki)
  keys.set(name, key)
  return key
}
