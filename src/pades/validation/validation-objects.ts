import type { DigestAlgorithm } from '../../pki/index.ts'
import { asBuffer, type Bytes } from '../../std/bytes.ts'
import type { ChainLink, Report, TimestampReport } from './report.ts'
import { certificateId, chainXml, statusXml, timeText } from './status-xml.ts'
import { element, type Xml } from './xml-writer.ts'

/** A file by its name and the digest of all its bytes. */
export type NamedDocument = {
  readonly name: string
  readonly digest: { readonly algorithm: DigestAlgorithm; readonly hash: Bytes }
}

export const documentId = 'document'

const DIGEST_METHODS: Readonly<Record<DigestAlgorithm, string>> = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
}

export function digestXml(algorithm: DigestAlgorithm, hash: Bytes): Xml {
  return element(
    'DigestAlgAndValue',
    {},
    element('ds:DigestMethod', { Algorithm: DIGEST_METHODS[algorithm] }),
    element('ds:DigestValue', {}, asBuffer(hash).toString('base64')),
  )
}

/** What a report refers to: certificates, revocation data, time-stamps, and the file (TS 119 102-2 4.4). */
export class ValidationObjects {
  readonly #objects = new Map<string, Xml>()
  readonly #timestamps = new Map<TimestampReport, string>()

  constructor(report: Report, { name, digest }: NamedDocument) {
    const file = [digestXml(digest.algorithm, digest.hash), element('URI', {}, encodeURI(name.toWellFormed()))]
    this.#add(documentId, 'signedData', file)
    for (const signature of report.signatures) {
      for (const certificate of [signature.signer, ...signature.chain]) if (certificate) this.#addLink(certificate)
      for (const timestamp of signature.timestamps) this.#addTimestamp(timestamp)
    }
    for (const timestamp of report.timestamps) this.#addTimestamp(timestamp)
  }

  get all(): readonly Xml[] {
    return [...this.#objects.values()]
  }

  /** The name of a time-stamp of this report. */
  idOf(timestamp: TimestampReport): string {
    return this.#timestamps.get(timestamp) ?? documentId
  }

  #add(id: string, kind: string, representation: readonly Xml[], ...more: readonly (Xml | undefined)[]): void {
    if (this.#objects.has(id)) return
    const type = element('ObjectType', {}, `urn:etsi:019102:validationObject:${kind}`)
    const shown = element('ValidationObjectRepresentation', {}, ...representation)
    this.#objects.set(id, element('ValidationObject', { id }, type, shown, ...more))
  }

  #addLink(link: ChainLink): void {
    this.#add(certificateId(link), 'certificate', [hexDigest(link.sha256)])
    const { sha256, kind } = link.revocation ?? {}
    if (sha256 && kind) this.#add(`${kind}-${sha256}`, kind === 'ocsp' ? 'OCSPResponse' : 'CRL', [hexDigest(sha256)])
  }

  #addTimestamp(timestamp: TimestampReport): void {
    for (const certificate of [timestamp.authority, ...timestamp.chain]) if (certificate) this.#addLink(certificate)
    const id = `timestamp-${this.#timestamps.size + 1}`
    this.#timestamps.set(timestamp, id)
    const { sha256, provenAt } = timestamp
    const status = statusXml(timestamp, '', timestamp.problems, chainXml(timestamp.chain))
    this.#add(
      id,
      'timestamp',
      [hexDigest(sha256)],
      provenAt && existence(provenAt),
      element('ValidationReport', {}, status),
    )
  }
}

function existence(time: Date): Xml {
  const type = element('TypeOfProof', {}, 'urn:etsi:019102:poetype:validation')
  return element('POE', {}, element('POETime', {}, timeText(time)), type)
}

function hexDigest(hex: string): Xml {
  return digestXml('sha256', Buffer.from(hex, 'hex'))
}
