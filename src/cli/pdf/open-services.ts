import {
  createTimestamper,
  type EvidencePlan,
  type Level,
  onlineEvidence,
  type Timestamper,
} from '../../pades/index.ts'
import { type Exchange, httpExchange, readCertificate } from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { refuseUsage } from '../errors.ts'

const TIMEOUT_MS = 15_000
const ATTEMPTS = 2

/** How authorities are asked over the network. */
export function networkExchange(): Exchange {
  return httpExchange({ timeoutMs: TIMEOUT_MS, attempts: ATTEMPTS })
}

export type Asking = {
  readonly exchange: Exchange
  /** Addresses of time-stamp authorities. */
  readonly tsa: readonly string[]
  /** Encoded certificates that are trusted. */
  readonly anchors: readonly Bytes[]
  readonly clock: () => Date
  readonly random: (bytes: number) => Buffer
}

/** Who gives time-stamps; whose come from nobody that is trusted are not taken, when anybody is. */
export function openTimestamper({ exchange, tsa, anchors, clock, random }: Asking): Timestamper {
  const authorities = tsa.map((url) => ({ url }))
  const trust = anchors.length === 0 ? {} : { trust: { anchors: anchors.map(readCertificate), intermediates: [] } }
  return createTimestamper({ authorities, exchange, now: clock, random, ...trust })
}

/** Whom to ask about revocation. */
export function openEvidence({ exchange, anchors, clock }: Asking): EvidencePlan {
  return {
    anchors: anchors.map(readCertificate),
    intermediates: [],
    source: onlineEvidence({ exchange, now: clock }),
  }
}

/** Says what a level takes that was not given. @throws UsageError */
export function requireServices(
  level: Level,
  { trust, tsa }: { readonly trust: readonly string[]; readonly tsa: readonly string[] },
): void {
  for (const url of tsa)
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) refuseUsage('--tsa is an address with http or https.')
  if (level !== 'B-B' && tsa.length === 0) refuseUsage(`--tsa is missing: ${level} takes a time-stamp authority.`)
  if ((level === 'B-LT' || level === 'B-LTA') && trust.length === 0)
    refuseUsage(`--trust is missing: ${level} keeps the whole chain, up to a root that you trust.`)
}
