import {
  type Certificate,
  crlStatus,
  findPath,
  type KnownStatus,
  newLinkCache,
  OID,
  ocspStatus,
  type PathResult,
  PkiError,
  type Purpose,
  readCertificate,
  readCertificateList,
  readOcspResponse,
  type StatusSubject,
  serialText,
} from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { refuse } from '../pades-error.ts'
import type { EvidencePlan } from './evidence-source.ts'
import type { Evidence } from './security-store.ts'

/** Somebody whose signature will have to be validated: a signer, a time-stamp authority, an OCSP responder. */
export type EvidenceSubject = {
  readonly certificate: Certificate
  /** What came with the signature. */
  readonly others: readonly Certificate[]
  /** The moment at which the signature is known to have existed. */
  readonly at: Date
  /** What its key must be for. */
  readonly purpose: Purpose
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
  readonly #certificates = new Map<string, Certificate>()
  readonly #ocsps = new Set<Bytes>()
  readonly #crls = new Set<Bytes>()
  /** What is settled, with the moment that it was settled for. */
  readonly #settled = new Map<string, Date>()

  /** `known` is what the document has already: it is used before anybody is asked. */
  constructor(plan: EvidencePlan, known: Evidence) {
    this.#plan = plan
    this.#known = known
  }

  get evidence(): Evidence {
    const certificates = [...this.#certificates.values()].map(({ der }) => der)
    return { certificates, ocsps: [...this.#ocsps], crls: [...this.#crls] }
  }

  /** Throws `pades.no_chain`, `pades.revoked`, and `pki.status_unavailable`. */
  async add(subject: EvidenceSubject): Promise<void> {
    await this.#addChain(subject, 0)
  }

  async #addChain(subject: EvidenceSubject, responders: number): Promise<void> {
    const { certificate, others, at } = subject
    if (this.#isAnchor(certificate)) return
    const path = await this.#path(subject)
    const links = path.slice(0, -1)
    for (const link of links) this.#certificates.set(keyOf(link), link)
    // One round trip for all of them: each asks another authority.
    await Promise.all(
      links.map((link, i) =>
        this.#addStatus({ certificate: link, issuer: path[i + 1] ?? link }, others, at, responders),
      ),
    )
  }

  async #addStatus(
    subject: StatusSubject,
    others: readonly Certificate[],
    at: Date,
    responders: number,
  ): Promise<void> {
    const { certificate } = subject
    const settled = this.#settled.get(keyOf(certificate))
    if ((settled !== undefined && settled >= at) || needsNoStatus(certificate)) return
    this.#settled.set(keyOf(certificate), at)
    const status = this.#knownStatus(subject, at) ?? (await this.#plan.source.status(subject))
    if (status.status === 'revoked' && status.revokedAt <= at)
      refuse('pades.revoked', 'a certificate was revoked before the signature was proved to exist', {
        serial: serialText(certificate),
      })
    const into = status.kind === 'ocsp' ? this.#ocsps : this.#crls
    into.add(status.der)
    if (keyOf(status.signer) === keyOf(subject.issuer)) return
    if (responders >= MAX_RESPONDERS) refuse('pades.no_chain', 'the responders answer for each other without end')
    const responder = { certificate: status.signer, others: [subject.issuer, ...others] }
    await this.#addChain({ ...responder, at, purpose: 'ocspSigning' }, responders + 1)
  }

  /** An answer in the document that was given after the moment in question: no later one says more about it. */
  #knownStatus(subject: StatusSubject, at: Date): KnownStatus | undefined {
    const answers = [
      ...this.#known.ocsps.map((der) => () => ocspStatus(readOcspResponse(der), subject)),
      ...this.#known.crls.map((der) => () => crlStatus(readCertificateList(der), subject)),
    ]
    for (const answer of answers) {
      const status = ignoringUnreadable(answer)
      if (status && status.status !== 'unusable' && status.thisUpdate >= at) return status
    }
    return undefined
  }

  async #path({ certificate, others, at, purpose }: EvidenceSubject): Promise<readonly Certificate[]> {
    const { anchors, source } = this.#plan
    const stored = this.#known.certificates.flatMap((der) => ignoringUnreadable(() => readCertificate(der)) ?? [])
    const pool = [...this.#plan.intermediates, ...others, ...stored]
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

function noChain(result: Extract<PathResult, { ok: false }>): never {
  const { reason, clause, serial } = result
  return refuse('pades.no_chain', 'no valid chain leads to a trust anchor', { reason, clause, serial })
}

function keyOf({ der }: Certificate): string {
  return Buffer.from(der).toString('latin1')
}

/** RFC 6960 4.2.2.2.1, RFC 9608 2, ETSI EN 319 412-1 5.2: whoever issued these says that there is nothing to ask. */
function needsNoStatus({ extensions }: Certificate): boolean {
  return [OID.ocspNoCheck, OID.noRevAvail, OID.validityAssuredShortTerm].some((id) => extensions.has(id))
}

/** What somebody else put into the document may be anything. */
function ignoringUnreadable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}
