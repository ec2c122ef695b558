import type { Clock } from '../../std/time.ts'

/** A bucket that holds `burst` tokens and is refilled with `perSecond` of them each second. */
export type Rate = { readonly perSecond: number; readonly burst: number }

export type RateLimits = {
  /** Calls of one client, or of one person. */
  readonly actor: Rate
  /** Calls of one company, over all its clients and people. */
  readonly tenant: Rate
  /** Refusals of callers who showed no valid credential, by network address. */
  readonly address: Rate
}

export const DEFAULT_RATE_LIMITS: RateLimits = {
  actor: { perSecond: 300, burst: 600 },
  tenant: { perSecond: 1500, burst: 3000 },
  address: { perSecond: 50, burst: 200 },
}

/** Buckets in the memory of this process: several servers allow several times as much, which is meant. */
export type Buckets = {
  /** Takes one token. @returns seconds until the next one when there is none, else 0 */
  take(key: string): number
  /** Seconds until there is a token, without taking it; 0 when there is one. */
  wait(key: string): number
}

/** Beyond this many keys the least recently used one is forgotten, which gives it a full bucket. */
const MAX_KEYS = 100_000

type Bucket = { tokens: number; atMs: number }

export function openBuckets(rate: Rate, clock: Clock, maxKeys: number = MAX_KEYS): Buckets {
  const buckets = new Map<string, Bucket>()

  function refilled(key: string): Bucket {
    const nowMs = clock.now().getTime()
    const known = buckets.get(key)
    if (!known) return { tokens: rate.burst, atMs: nowMs }
    const gained = ((nowMs - known.atMs) / 1000) * rate.perSecond
    known.tokens = Math.min(rate.burst, known.tokens + gained)
    known.atMs = nowMs
    return known
  }

  return {
    take(key) {
      const bucket = refilled(key)
      // A Map keeps the order of insertion: put back last, the first key is the one not used for longest.
      buckets.delete(key)
      if (buckets.size >= maxKeys) forgetFirst(buckets)
      buckets.set(key, bucket)
      if (bucket.tokens < 1) return (1 - bucket.tokens) / rate.perSecond
      bucket.tokens -= 1
      return 0
    },
    wait(key) {
      const { tokens } = refilled(key)
      return tokens < 1 ? (1 - tokens) / rate.perSecond : 0
    },
  }
}

function forgetFirst(buckets: Map<string, Bucket>): void {
  for (const key of buckets.keys()) {
    buckets.delete(key)
    return
  }
}

/**
 * What counts as one caller on the network: an IPv4 address, or the /64 of an IPv6 one, because a single host
 * owns all of it (RFC 6177).
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1]) return mapped[1]
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (address.includes('::')) {
    const after = tail === '' ? [] : tail.split(':')
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
