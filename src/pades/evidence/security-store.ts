import { deflateSync } from 'node:zlib'
import {
  type Dict,
  editDict,
  NULL,
  type PdfDocument,
  type Ref,
  type RevisionWriter,
  readDict,
  readRef,
  writeArray,
  writeRef,
} from '../../pdf/index.ts'
import { type Bytes, sha256 } from '../../std/bytes.ts'
import { withEtsiExtension } from './etsi-extension.ts'

/** Encoded certificates, OCSP responses and revocation lists: what it takes to validate a signature later. */
export type SecurityStore = {
  readonly certificates: readonly Bytes[]
  readonly ocsps: readonly Bytes[]
  readonly crls: readonly Bytes[]
}

const noEvidence: SecurityStore = { certificates: [], ocsps: [], crls: [] }

/** The arrays of a document security store (ISO 32000-2 table 261). */
const arrays = { certificates: 'Certs', ocsps: 'OCSPs', crls: 'CRLs' } as const
const kinds = ['certificates', 'ocsps', 'crls'] as const

/** Lists grow large and pack well; the rest is small and mostly random. */
const PACKED_FROM_BYTES = 4096

/** What the document's security store holds; nothing when there is none. Throws `PdfError`. */
export function readSecurityStore(document: PdfDocument): SecurityStore {
  const store = document.dict(document.catalog.get('DSS'))
  if (store === undefined) return noEvidence
  const [certificates, ocsps, crls] = kinds.map((kind) => streamsIn(document, store, arrays[kind]))
  return { certificates: certificates ?? [], ocsps: ocsps ?? [], crls: crls ?? [] }
}

function streamsIn(document: PdfDocument, store: Dict, key: string): Bytes[] {
  return (document.arrayOrNull(store.get(key), 'security_store') ?? []).flatMap((item) => {
    const ref = readRef(item)
    const object = ref && document.object(ref)
    return object ? [document.streamData(object)] : []
  })
}

/** Adds what the store does not hold yet. True when there was something to add. Nothing is ever taken away. */
export function addToSecurityStore(document: PdfDocument, writer: RevisionWriter, wanted: SecurityStore): boolean {
  const missing = without(wanted, readSecurityStore(document))
  if (kinds.every((kind) => missing[kind].length === 0)) return false
  const value = document.catalog.get('DSS') ?? NULL
  const store = document.dict(value)
  const changes: Record<string, Bytes | string> = { Type: '/DSS' }
  for (const kind of kinds) {
    const had = document.arrayOrNull(store?.get(arrays[kind]), 'security_store') ?? []
    const added = missing[kind].map((der) => Buffer.from(writeRef(putStream(writer, der))))
    if (added.length > 0) changes[arrays[kind]] = writeArray([...had, ...added])
  }
  const own = store && readRef(value)
  const ref = own ?? writer.allocate()
  writer.put(ref, editDict(store ?? new Map(), changes))
  if (!own) nameInCatalog(document, writer, ref)
  return true
}

function nameInCatalog(document: PdfDocument, writer: RevisionWriter, store: Ref): void {
  const catalog = readDict(writer.current(document.catalogRef) ?? NULL)
  writer.put(document.catalogRef, editDict(catalog, { DSS: writeRef(store), ...withEtsiExtension(document) }))
}

function putStream(writer: RevisionWriter, der: Bytes): Ref {
  const ref = writer.allocate()
  const isPacked = der.length >= PACKED_FROM_BYTES
  const entries = isPacked ? [['Filter', Buffer.from('/FlateDecode')] as const] : []
  writer.putStream(ref, new Map(entries), isPacked ? deflateSync(der) : der)
  return ref
}

function without(wanted: SecurityStore, known: SecurityStore): SecurityStore {
  const [certificates, ocsps, crls] = kinds.map((kind) => {
    const had = new Set(known[kind].map(fingerprint))
    return wanted[kind].filter((der) => {
      const print = fingerprint(der)
      return !had.has(print) && had.add(print)
    })
  })
  return { certificates: certificates ?? [], ocsps: ocsps ?? [], crls: crls ?? [] }
}

function fingerprint(der: Bytes): string {
  return sha256(der).toString('base64')
}
