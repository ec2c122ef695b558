import { createHash } from 'node:crypto'
import { type Dict, NULL, type PdfDocument, PdfError, readInteger, readRef } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { EvidenceBytes, Held } from './evidence.ts'
import type { Finding } from './problem.ts'

/** More than the longest-lived archive needs; a store beyond it is not read to its end. */
const MAX_STREAMS = 10_000

type Kind = 'certificates' | 'ocsps' | 'crls'

/** The keys of the store itself, and of its entries for single signatures (ISO 32000-2 tables 261 and 262). */
const KEYS = [
  ['certificates', 'Certs', 'Cert'],
  ['ocsps', 'OCSPs', 'OCSP'],
  ['crls', 'CRLs', 'CRL'],
] as const satisfies readonly (readonly [Kind, string, string])[]

/** Reads the document security store of the newest revision (ISO 32000-2 12.8.4.3). */
export function readStoredEvidence(document: PdfDocument): EvidenceBytes {
  const reader = new StoreReader(document)
  const store = document.dict(document.catalog.get('DSS'))
  if (store) {
    for (const [kind, key] of KEYS) reader.readAll(kind, store.get(key))
    for (const entry of entriesOf(document, store))
      for (const [kind, , key] of KEYS) reader.readAll(kind, entry.get(key))
  }
  return reader
}

function entriesOf(document: PdfDocument, store: Dict): Dict[] {
  const byHash = document.dict(store.get('VRI')) ?? new Map<string, Bytes>()
  return [...byHash.values()].flatMap((value) => document.dict(value) ?? [])
}

/** True when the store has entries for single signatures and none for the one with these /Contents. */
export function lacksEntry(document: PdfDocument, contents: Bytes): boolean {
  const byHash = document.dict(document.dict(document.catalog.get('DSS'))?.get('VRI'))
  if (byHash === undefined || byHash.size === 0) return false
  // ISO 32000-2 table 261: the whole string, with the padding that belongs to it. SHA-1 is a name here, no proof.
  return !byHash.has(createHash('sha1').update(contents).digest('hex').toUpperCase())
}

class StoreReader implements EvidenceBytes {
  readonly certificates: Held<Bytes>[] = []
  readonly ocsps: Held<Bytes>[] = []
  readonly crls: Held<Bytes>[] = []
  readonly findings: Finding[] = []
  readonly #document: PdfDocument
  readonly #seen = new Set<number>()

  constructor(document: PdfDocument) {
    this.#document = document
  }

  readAll(kind: Kind, list: Bytes | undefined): void {
    for (const item of this.#document.array(list) ?? []) {
      const ref = readRef(item)
      if (ref === undefined || this.#seen.has(ref.number)) continue
      if (this.#seen.size >= MAX_STREAMS) {
        this.#note('The document security store is too large to be read to its end.')
        return
      }
      this.#seen.add(ref.number)
      this.#readStream(kind, ref)
    }
  }

  #readStream(kind: Kind, ref: { readonly number: number; readonly generation: number }): void {
    try {
      const object = this.#document.object(ref)
      if (object?.offset === undefined || object.streamOffset === undefined) {
        this.#note('An entry of the document security store is not a stream.')
        return
      }
      const length = readInteger(this.#document.resolve(this.#document.dict(ref)?.get('Length') ?? NULL)) ?? 0
      const place = { start: object.offset, end: object.streamOffset + length }
      this[kind].push({ value: this.#document.streamData(object), origin: { source: 'document', place } })
    } catch (error) {
      if (!(error instanceof PdfError)) throw error
      this.#note(`An entry of the document security store cannot be read: ${error.message}.`)
    }
  }

  #note(message: string): void {
    this.findings.push({ code: 'dss.unreadable', message })
  }
}
