import { sha256 } from '../../std/bytes.ts'
import { BoundedMap } from '../bounded-map.ts'
import type { Certificate } from '../certificate.ts'

/**
 * Remembers whether a key made the signature of a certificate. Such a fact does not depend on time or policy, so
 * one cache serves all validations of a process; it decides nothing else.
 */
export type LinkCache = {
  get(link: string): boolean | undefined
  set(link: string, verified: boolean): unknown
}

const DEFAULT_LIMIT = 10_000

/** A cache of so many links. An entry takes about 100 bytes. */
export function newLinkCache(limit = DEFAULT_LIMIT): LinkCache {
  return new BoundedMap<string, boolean>(limit)
}

/** The names of links between certificates that are held anyway, as those of the authorities are. */
const names = new WeakMap<Certificate, WeakMap<Certificate, string>>()

/** The name of a link: it covers every byte that the verification depends on. */
export function linkName(child: Certificate, issuer: Certificate): string {
  const known = names.get(child) ?? new WeakMap<Certificate, string>()
  names.set(child, known)
  const name = known.get(issuer) ?? sha256(child.der, issuer.spki).toString('base64')
  known.set(issuer, name)
  return name
}
