import { randomBytes } from 'node:crypto'
import { httpExchange, readCertificate } from '../../pki/index.ts'
import type { Authority } from '../../pki/testing/authority.ts'
import { createTimestamper, onlineEvidence } from '../index.ts'

/** As much of a trust service as signing and extending take. */
type Services = {
  readonly authority: Authority
  readonly tsa: { readonly url: string }
  readonly tsa2: { readonly url: string }
  now(): Date
}

const exchange = httpExchange({ timeoutMs: 500, attempts: 1 })

/** Whoever gives time-stamps and evidence, at these authorities or at both of the service. */
export function levelTools({ authority, tsa, tsa2, now }: Services, urls = [tsa.url, tsa2.url]) {
  const anchors = [readCertificate(authority.root.certificate)]
  const intermediates = [readCertificate(authority.issuing.certificate)]
  const trust = { anchors, intermediates }
  const authorities = urls.map((url) => ({ url }))
  return {
    timestamper: createTimestamper({ authorities, exchange, trust, now, random: randomBytes }),
    evidence: { ...trust, source: onlineEvidence({ exchange, now }) },
  }
}
