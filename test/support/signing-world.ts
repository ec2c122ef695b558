import { randomBytes } from 'node:crypto'
import { onlineEvidence } from '../../src/pades/evidence/online-evidence.ts'
import {
  createTimestamper,
  extend,
  type Level,
  type Report,
  type SignatureReport,
  signDocument,
  type ValidationPolicy,
  validate,
} from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { httpExchange, readCertificate } from '../../src/pki/index.ts'
import { type Holder, type IssueInput, signerOf } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { startTrustServices, type TrustServices, type TrustServicesOptions } from './trust-services.ts'

/**
 * Trust services, and people who sign and archive documents with them at any moment of the years 2026 to 2045:
 * `setTime` first, then `signed` or `extended`, and `judged` at any later moment, when nobody can be asked any more.
 */
export type SigningWorld = AsyncDisposable & {
  readonly services: TrustServices
  setTime(moment: string): void
  person(more?: Partial<IssueInput>): Holder
  /** The document with the signature of this person, or of a new one. */
  signed(pdf: Bytes, level: Level, person?: Holder): Promise<Buffer>
  /** The document brought to a level, or renewed. */
  extended(pdf: Bytes, level: Exclude<Level, 'B-B'>): Promise<Buffer>
  /** The whole report, with nobody to ask. */
  report(pdf: Bytes, time: string, policy?: Partial<ValidationPolicy>): Promise<Report>
  /** The report over the first signature. */
  judged(pdf: Bytes, time: string, policy?: Partial<ValidationPolicy>): Promise<SignatureReport>
}

export async function startSigningWorld(options: TrustServicesOptions = {}): Promise<SigningWorld> {
  const services = await startTrustServices(options)
  const exchange = httpExchange({ timeoutMs: 2000, attempts: 1 })
  const [intermediates, anchors] = services.chain.map((der) => [readCertificate(der)])
  if (!anchors || !intermediates) throw new Error('the hierarchy has two authorities')
  const now = () => services.now()
  const timestamper = createTimestamper({
    authorities: [{ url: services.tsa.url }],
    exchange,
    trust: { anchors, intermediates },
    now,
    random: randomBytes,
  })
  const evidence = { anchors, intermediates, source: onlineEvidence({ exchange, now }) }
  const person = (more?: Partial<IssueInput>) => services.person('Ana Ruiz', 'P-256', more)
  const report: SigningWorld['report'] = (pdf, time, policy = {}) =>
    validate(bytesSource(pdf), { trustAnchors: anchors.map(({ der }) => der), time: new Date(time), ...policy })
  return {
    services,
    setTime: (moment) => services.setTime(new Date(moment)),
    person,
    async signed(pdf, level, who = person()) {
      const signer = signerOf(who, services.authority)
      const tail = await signDocument(bytesSource(pdf), { signer, signedAt: now(), level, timestamper, evidence })
      return Buffer.concat([pdf, tail])
    },
    async extended(pdf, level) {
      return Buffer.concat([pdf, await extend(bytesSource(pdf), { level, timestamper, evidence, now: now() })])
    },
    report,
    async judged(pdf, time, policy) {
      const [first] = (await report(pdf, time, policy)).signatures
      if (!first) throw new Error('there is no signature')
      return first
    },
    [Symbol.asyncDispose]: services.stop,
  }
}
