import {
  type Certificate,
  type CertificateList,
  crlStatus,
  type KnownStatus,
  type OcspResponse,
  ocspStatus,
  PkiError,
  readCertificateList,
  readOcspResponse,
  rememberedCertificate,
  type StatusFault,
  type StatusFinding,
  type StatusSubject,
  type UnusableStatus,
} from '../../pki/index.ts'
import { asBuffer, type Bytes, sha256 } from '../../std/bytes.ts'
import type { Finding } from './problem.ts'
import type { Place } from './proofs-of-existence.ts'
import type { StatusSource } from './validation-policy.ts'

/** Where a piece of evidence comes from; what the document holds has a place in it. */
export type Origin = { readonly source: 'document'; readonly place: Place } | { readonly source: 'policy' | 'network' }

/** A status that was checked in itself, with where it came from. */
export type HeldStatus = { readonly finding: KnownStatus; readonly origin: Origin }

export type Statuses = { readonly known: readonly HeldStatus[]; readonly unusable: readonly UnusableStatus[] }

export type Held<Value> = { readonly value: Value; readonly origin: Origin }

/** Pieces of evidence that nobody has read yet. */
export type EvidenceBytes = {
  readonly certificates: readonly Held<Bytes>[]
  readonly ocsps: readonly Held<Bytes>[]
  readonly crls: readonly Held<Bytes>[]
  readonly findings: readonly Finding[]
}

/** Certificates, OCSP responses and revocation lists: read once, and asked about one certificate at a time. */
export class Evidence {
  readonly findings: Finding[] = []
  readonly #certificates = new Map<string, { readonly certificate: Certificate; readonly origins: Origin[] }>()
  /** By the serial numbers that they speak of: a document may hold thousands. */
  readonly #ocsps = new Map<string, Held<OcspResponse>[]>()
  readonly #seen = new Set<string>()
  readonly #lists = new Map<string, Held<CertificateList>>()
  readonly #statuses = new Map<string, Statuses>()
  readonly #fetched = new Map<string, Promise<KnownStatus | undefined>>()
  readonly #fetch: StatusSource | undefined

  constructor(fetch?: StatusSource) {
    this.#fetch = fetch
  }

  add({ certificates, ocsps, crls, findings }: EvidenceBytes): void {
    this.findings.push(...findings)
    for (const held of certificates) this.#readCertificate(held)
    for (const held of ocsps)
      this.#read(held, 'ocsp', (der, key) => {
        const response = readOcspResponse(der)
        if (!this.#seen.has(key)) this.#index({ value: response, origin: held.origin })
        this.#seen.add(key)
        // The responder's own certificate comes with its answer, and lies where that lies.
        for (const value of response.basic?.certificates ?? []) this.#readCertificate({ value, origin: held.origin })
      })
    for (const held of crls)
      this.#read(held, 'crl', (der, key) => keep(this.#lists, key, readCertificateList(der), held.origin))
  }

  #index(held: Held<OcspResponse>): void {
    const answers = held.value.basic?.responses ?? []
    for (const serial of new Set(answers.map(({ certificateId }) => hexText(certificateId.serial)))) {
      const known = this.#ocsps.get(serial)
      if (known) known.push(held)
      else this.#ocsps.set(serial, [held])
    }
  }

  #readCertificate(held: Held<Bytes>): void {
    this.#read(held, 'certificate', (der) => this.addCertificate(rememberedCertificate(der), held.origin))
  }

  addCertificate(certificate: Certificate, origin: Origin): void {
    const key = keyOf(certificate.der)
    const known = this.#certificates.get(key)
    if (known) known.origins.push(origin)
    else this.#certificates.set(key, { certificate, origins: [origin] })
  }

  #read({ value }: Held<Bytes>, kind: string, read: (der: Bytes, key: string) => void): void {
    try {
      read(value, keyOf(value))
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      this.findings.push({ code: `evidence.${kind}_unreadable`, message: `Evidence is left out: ${error.message}.` })
    }
  }

  /** All certificates, for the building of chains. */
  get certificates(): readonly Certificate[] {
    return [...this.#certificates.values()].map(({ certificate }) => certificate)
  }

  /** Where the document holds this certificate. */
  placesOf(certificate: Certificate): readonly Place[] {
    const origins = this.#certificates.get(keyOf(certificate.der))?.origins ?? []
    return origins.flatMap((origin) => (origin.source === 'document' ? [origin.place] : []))
  }

  /** All that is said here about a certificate. */
  statuses(subject: StatusSubject): Statuses {
    const key = keyOfSubject(subject)
    const statuses = this.#statuses.get(key) ?? this.#find(subject)
    this.#statuses.set(key, statuses)
    return statuses
  }

  #find(subject: StatusSubject): Statuses {
    const known: HeldStatus[] = []
    const unusable: UnusableStatus[] = []
    const sort = (finding: StatusFinding | undefined, origin: Origin) => {
      if (finding === undefined) return
      if (finding.status !== 'unusable') known.push({ finding, origin })
      else if (!ELSEWHERE.has(finding.code)) unusable.push(finding)
    }
    const answers = this.#ocsps.get(hexText(subject.certificate.serial)) ?? []
    for (const { value, origin } of answers)
      sort(
        readable(() => ocspStatus(value, subject)),
        origin,
      )
    for (const { value, origin } of this.#lists.values())
      sort(
        readable(() => crlStatus(value, subject)),
        origin,
      )
    return { known, unusable }
  }

  /** What the authorities answer now: each certificate is asked about once. */
  async fetched(subject: StatusSubject): Promise<HeldStatus | undefined> {
    if (this.#fetch === undefined) return undefined
    const key = keyOfSubject(subject)
    const asked = this.#fetched.get(key) ?? this.#ask(this.#fetch, subject)
    this.#fetched.set(key, asked)
    const finding = await asked
    return finding && { finding, origin: { source: 'network' } }
  }

  async #ask(fetch: StatusSource, subject: StatusSubject): Promise<KnownStatus | undefined> {
    try {
      return await fetch(subject)
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      this.findings.push({ code: 'evidence.unavailable', message: `No status was to be had: ${error.message}.` })
      return undefined
    }
  }
}

/** Faults that only say that the answer is about another certificate. */
const ELSEWHERE: ReadonlySet<StatusFault> = new Set(['other_certificate', 'other_issuer'])

/** An issuer from the document may be anything, and its key unreadable: then it is not the one that is answered for. */
function readable(check: () => StatusFinding): StatusFinding | undefined {
  try {
    return check()
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}

function keep<Value>(map: Map<string, Held<Value>>, key: string, value: Value, origin: Origin): void {
  if (!map.has(key)) map.set(key, { value, origin })
}

function hexText(bytes: Bytes): string {
  return asBuffer(bytes).toString('hex')
}

function keyOf(der: Bytes): string {
  return sha256(der).toString('base64')
}

function keyOfSubject({ certificate, issuer }: StatusSubject): string {
  return `${keyOf(certificate.der)} ${keyOf(issuer.der)}`
}
