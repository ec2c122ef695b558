import {
  type Certificate,
  findPath,
  isFresh,
  type KnownStatus,
  needsNoStatus,
  newLinkCache,
  type PathResult,
  type Purpose,
  serialText,
} from '../../pki/index.ts'
import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { refuse } from '../pades-error.ts'
import { CLOCK_TOLERANCE_MS } from '../validation/clock-tolerance.ts'
import type { Evidence } from '../validation/evidence.ts'
import type { EvidencePlan } from './evidence-source.ts'
import type { SecurityStore } from './security-store.ts'

/** Somebody whose signature will have to be validated: a signer, a time-stamp authority, an OCSP responder. */
export type EvidenceSubject = {
  readonly certificate: Certificate
  /** What came with the signature. */
  readonly others: readonly Certificate[]
  /** The moment at which the signature is known to have existed. */
  readonly at: Date
  /** What its key must be for. */
  readonly purpose: Purpose
  /**
   * True when a document time-stamp covers the signature. What the document says for that moment is then enough: the
   * authorities of an old archive may have nobody left to ask.
   */
  readonly isArchived: boolean
}

/** Who signed which certificate is a fact that does not change: verified once, for all documents. */
const verifiedLinks = newLinkCache()

/** A responder may be certified by one that is answered for by another, but not without end. */
const MAX_RESPONDERS = 4

/**
 * Collects what it takes to validate signatures when nobody can be asked any more: the certificates of every chain,
 * and for every certificate in them an answer about its revocation that was checked before it counts. Complete or an
 * error: what is collected is what B-LT means.
 */
export class EvidenceCollector {
  readonly #plan: EvidencePlan
  readonly #known: Evidence
  /** What was made after this moment does not exist yet: somebody made it up, or a clock is wrong. */
  readonly #latest: Date
  readonly #certificates = new Map<string, Certificate>()
  readonly #ocsps = new Set<Bytes>()
  readonly #crls = new Set<Bytes>()
  /** The last answer about each certificate. */
  readonly #answers = new Map<string, Promise<KnownStatus>>()

  /** `known` is what the document has already: it is used before anybody is asked. */
  constructor(plan: EvidencePlan, known: Evidence, now: Date) {
    this.#plan = plan
    this.#known = known
    this.#latest = new Date(now.getTime() + CLOCK_TOLERANCE_MS)
  }

  get collected(): SecurityStore {
    const certificates = [...this.#certificates.values()].map(({ der }) => der)
    return { certificates, ocsps: [...this.#ocsps], crls: [...this.#crls] }
  }

  /** Throws `pades.no_chain`, `pades.revoked`, and `pki.status_unavailable`. */
  async add(subject: EvidenceSubject): Promise<void> {
    await this.#addChain(subject, 0)
  }

  async #addChain(subject: EvidenceSubject, responders: number): Promise<void> {
    if (this.#isAnchor(subject.certificate)) return
    const path = await this.#path(subject)
    const links = path.slice(0, -1)
    for (const link of links) this.#certificates.set(keyOf(link), link)
    // One round trip for all of them: each asks another authority.
    await Promise.all(
      links.map((certificate, i) => {
        const purpose = i === 0 ? subject.purpose : 'certificateAuthority'
        return this.#addStatus({ ...subject, certificate, purpose }, path[i + 1] ?? certificate, responders)
      }),
    )
  }

  async #addStatus(subject: EvidenceSubject, issuer: Certificate, responders: number): Promise<void> {
    const { certificate, others, at, purpose, isArchived } = subject
    if (needsNoStatus(certificate, purpose)) return
    const status = await this.#status(subject, issuer)
    if (status.status === 'revoked' && status.revokedAt <= at)
      refuse('pades.revoked', 'a certificate was revoked before the signature was proved to exist', {
        serial: serialText(certificate),
      })
    const into = status.kind === 'ocsp' ? this.#ocsps : this.#crls
    if (into.has(status.der)) return
    into.add(status.der)
    if (keyOf(status.signer) === keyOf(issuer)) return
    if (responders >= MAX_RESPONDERS) refuse('pades.no_chain', 'the responders answer for each other without end')
    // Its certificate is often younger than the signature: it had to be valid when it answered.
    const responder = { certificate: status.signer, others: [issuer, ...others], at: status.producedAt, isArchived }
    await this.#addChain({ ...responder, purpose: 'ocspSigning' }, responders + 1)
  }

  /** The answer from before, from the document, or from whoever is to be asked: the first one that says enough. */
  async #status(subject: EvidenceSubject, issuer: Certificate): Promise<KnownStatus> {
    const key = keyOf(subject.certificate)
    const before = this.#answers.get(key)
    if (before && saysEnough(await before, subject)) return await before
    const asked = { certificate: subject.certificate, issuer }
    const stored = this.#known.statuses(asked).known.map(({ finding }) => finding)
    const isPast = ({ producedAt }: KnownStatus) => producedAt <= this.#latest
    const found = stored.find(isFinal) ?? stored.find((status) => isPast(status) && saysEnough(status, subject))
    const answer = found ? Promise.resolve(found) : this.#plan.source.status(asked)
    this.#answers.set(key, answer)
    return await answer
  }

  async #path({ certificate, others, at, purpose }: EvidenceSubject): Promise<readonly Certificate[]> {
    const { anchors, source } = this.#plan
    const pool = [...this.#plan.intermediates, ...others, ...this.#known.certificates]
    const input = { anchors, time: at, purpose, links: verifiedLinks }
    const first = findPath(certificate, { ...input, intermediates: pool })
    if (first.ok) return first.path
    const fetched = (await source.issuers?.(certificate)) ?? []
    const second = findPath(certificate, { ...input, intermediates: [...pool, ...fetched] })
    return second.ok ? second.path : noChain(second)
  }

  #isAnchor(certificate: Certificate): boolean {
    return this.#plan.anchors.some((anchor) => keyOf(anchor) === keyOf(certificate))
  }
}

/** A revocation is for ever; only a hold may have ended. */
function isFinal({ status, reason }: KnownStatus): boolean {
  return status === 'revoked' && reason !== 'certificateHold'
}

/**
 * About a person, an answer from after the signature: no later one says more. About services, whose answers are made
 * beforehand, and about what was archived already, one that was fresh at that moment.
 */
function saysEnough(status: KnownStatus, { at, purpose, isArchived }: EvidenceSubject): boolean {
  if (isFinal(status) || status.thisUpdate >= at) return true
  return (isArchived || purpose !== 'documentSigning') && isFresh(status, at)
}

function noChain(result: Extract<PathResult, { ok: false }>): never {
  const { reason, clause, serial } = result
  return refuse('pades.no_chain', 'no valid chain leads to a trust anchor', { reason, clause, serial })
}

function keyOf({ der }: Certificate): string {
  return asBuffer(der).toString('latin1')
}
