import { randomBytes } from 'node:crypto'
import { onlineEvidence } from '../../src/pades/evidence/online-evidence.ts'
import {
  createTimestamper,
  type EvidencePlan,
  extend,
  type Level,
  type Report,
  type SignatureReport,
  type SignDocumentRequest,
  signDocument,
  type Timestamper,
  type ValidationPolicy,
  validate,
} from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { type Exchange, gatherStatus, httpExchange, readCertificate } from '../../src/pki/index.ts'
import { type Holder, type IssueInput, type KeyKind, signerOf } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { timestampAnswers } from './trust-answers.ts'
import { startTrustServices, type TrustServices, type TrustServicesOptions } from './trust-services.ts'

/**
 * Trust services, and people who sign and archive documents with them at any moment of the years 2026 to 2045:
 * `setTime` first, then `signed` or `extended`, and `judged` at any later moment. Validation asks nobody unless it is
 * given `online`.
 */
export type SigningWorld = AsyncDisposable & {
  readonly services: TrustServices
  setTime(moment: string): void
  person(kind?: KeyKind, more?: Partial<IssueInput>): Holder
  /** Time-stamps by a new unit of the authority whose certificate ends then; its key is P-256 unless told. */
  unitUntil(end: string, kind?: KeyKind): Timestamper
  /** Time-stamps by the usual unit. */
  readonly timestamper: Timestamper
  /** Whom the people trust, and the services to ask. */
  readonly evidence: EvidencePlan
  /** The document with the signature of this person. */
  signed(pdf: Bytes, level: Level, person: Holder, more?: Partial<SignDocumentRequest>): Promise<Buffer>
  /** The document brought to a level, or renewed. */
  extended(pdf: Bytes, level: Exclude<Level, 'B-B'>, timestamper?: Timestamper): Promise<Buffer>
  /** For a policy: the services are asked for what the document lacks. */
  readonly online: Pick<ValidationPolicy, 'fetch'>
  report(pdf: Bytes, time: string, policy?: Partial<ValidationPolicy>): Promise<Report>
  /** The report over the newest signature. */
  judged(pdf: Bytes, time: string, policy?: Partial<ValidationPolicy>): Promise<SignatureReport>
}

export async function startSigningWorld(options: TrustServicesOptions = {}): Promise<SigningWorld> {
  const services = await startTrustServices(options)
  const http = httpExchange({ timeoutMs: 2000, attempts: 1 })
  const [intermediates, anchors] = services.chain.map((der) => [readCertificate(der)])
  if (!anchors || !intermediates) throw new Error('the hierarchy has two authorities')
  const now = () => services.now()
  const timestamperBy = (url: string, exchange: Exchange) =>
    createTimestamper({
      authorities: [{ url }],
      exchange,
      trust: { anchors, intermediates },
      now,
      random: randomBytes,
    })
  const timestamper = timestamperBy(services.tsa.url, http)
  const evidence = { anchors, intermediates, source: onlineEvidence({ exchange: http, now }) }
  const report: SigningWorld['report'] = (pdf, time, policy = {}) =>
    validate(bytesSource(pdf), { trustAnchors: anchors.map(({ der }) => der), time: new Date(time), ...policy })
  return {
    services,
    timestamper,
    setTime: (moment) => services.setTime(new Date(moment)),
    person: (kind, more) => services.person('Ana Ruiz', kind, more),
    evidence,
    unitUntil(end, kind) {
      const unit = services.authority.timestampUnit(kind, { notAfter: new Date(end) })
      const revoked = { root: new Map(), issuing: new Map() }
      const answer = timestampAnswers({ hierarchy: services.authority, now, revoked, lifetimeMs: 0 }, unit)
      return timestamperBy('http://unit.example/', ({ body }) => answer(body ?? new Uint8Array()))
    },
    async signed(pdf, level, person, more = {}) {
      const signer = signerOf(person, services.authority)
      const request = { signer, signedAt: now(), level, timestamper, evidence, ...more }
      return Buffer.concat([pdf, await signDocument(bytesSource(pdf), request)])
    },
    async extended(pdf, level, stamps = timestamper) {
      const tail = await extend(bytesSource(pdf), { level, timestamper: stamps, evidence, now: now() })
      return Buffer.concat([pdf, tail])
    },
    online: {
      fetch: (subject) => gatherStatus(subject, { exchange: http, now }),
    },
    report,
    async judged(pdf, time, policy) {
      const last = (await report(pdf, time, policy)).signatures.at(-1)
      if (!last) throw new Error('there is no signature')
      return last
    },
    [Symbol.asyncDispose]: services.stop,
  }
}
