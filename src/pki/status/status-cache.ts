import { sha256 } from '../../std/bytes.ts'
import { BoundedMap } from '../bounded-map.ts'
import type { KnownStatus, StatusSubject } from './status-finding.ts'

/**
 * Keeps answers about certificates, so that those of authorities are not asked for with every signature. Whether a
 * kept answer is still fresh is judged by who asks, each time.
 */
export type StatusCache = {
  get(subject: StatusSubject): Promise<KnownStatus | undefined>
  put(subject: StatusSubject, status: KnownStatus): Promise<void>
}

const MAX_ENTRIES = 10_000

/** A cache in memory that forgets what was not asked for the longest. */
export function memoryStatusCache(maxEntries = MAX_ENTRIES): StatusCache {
  const kept = new BoundedMap<string, KnownStatus>(maxEntries)
  return {
    get: (subject) => Promise.resolve(kept.get(keyOf(subject))),
    put: (subject, status) => Promise.resolve(kept.set(keyOf(subject), status)),
  }
}

/** The issuer's key belongs to it: an answer holds for the pair, not for a certificate under whatever issuer. */
function keyOf({ certificate, issuer }: StatusSubject): string {
  return sha256(certificate.der, issuer.spki).toString('base64')
}
