import { openPdf, PdfDocument, RevisionWriter, type Source } from '../pdf/index.ts'
import { PkiError } from '../pki/index.ts'
import { type Bytes, concat } from '../std/bytes.ts'
import type { PrefixDigest } from './document-digest.ts'
import { documentTimestamp } from './evidence/document-timestamp.ts'
import { EvidenceCollector } from './evidence/evidence-collector.ts'
import type { EvidencePlan } from './evidence/evidence-source.ts'
import { addToSecurityStore } from './evidence/security-store.ts'
import { type SignedObject, signedObjects, signerIn } from './evidence/signed-objects.ts'
import type { Timestamper } from './evidence/timestamper.ts'
import { type Level, reaches } from './level.ts'
import { PadesError, refuse } from './pades-error.ts'
import { Evidence } from './validation/evidence.ts'
import { readStoredEvidence } from './validation/stored-evidence.ts'
import { withTail } from './with-tail.ts'

export type ExtendRequest = {
  readonly level: Exclude<Level, 'B-B'>
  /**
   * The full names of the signatures that are to reach the level; every one of the document when absent. Those of
   * strangers, which no chain to a trust anchor leads from, can be left as they are.
   */
  readonly fields?: readonly string[]
  readonly timestamper: Timestamper
  /** Needed for B-LT and B-LTA. */
  readonly evidence?: EvidencePlan
  /** Now: until when signatures without a later time-stamp are known to exist. */
  readonly now: Date
  /** The state of the time-stamper's digest after the whole source; saves reading the document. Not changed. */
  readonly prefix?: PrefixDigest
}

/**
 * Fourth stage: brings the signatures of a document to a level, or an archived document to its next archive
 * time-stamp. Gives the bytes to be appended, which are none when a document is at B-T or B-LT already. With B-LTA
 * there is always a new time-stamp: that is how an archive is renewed before the last one's certificate expires.
 *
 * The signatures are taken for valid, so `validate` comes first with documents of others. What comes back is the
 * level that was asked for, or an error: `PadesError`, or `PkiError` when an authority cannot be reached; with
 * `details.field` where it is about one of them.
 */
export async function extend(input: Source | PdfDocument, request: ExtendRequest): Promise<Bytes> {
  const document = input instanceof PdfDocument ? input : openPdf(input)
  const objects = signedObjects(document)
  const wanted = wantedOf(objects, request.fields)
  if (wanted.every((object) => object.kind === 'timestamp' || provedAt(object, objects) !== undefined))
    return await keep(document, wanted, objects, request)
  const { timestamper, prefix } = request
  const proof = await documentTimestamp(document, new RevisionWriter(document), timestamper, prefix)
  const proved = withTail(document, proof)
  const { prefix: _spent, ...rest } = request
  const after = signedObjects(proved)
  return concat(proof, await keep(proved, wantedOf(after, request.fields), after, rest))
}

/** The signatures of these fields, and the document time-stamps after the first of them: each may be its proof. */
function wantedOf(objects: readonly SignedObject[], fields: readonly string[] | undefined): readonly SignedObject[] {
  const signatures = objects.filter(({ kind }) => kind === 'signature')
  if (signatures.length === 0) refuse('pades.unsigned', 'the document has no signature')
  const unknown = fields?.find((name) => !signatures.some(({ field }) => field === name))
  if (unknown !== undefined) refuse('pades.field_unknown', 'the document has no signature in this field')
  const wanted = signatures.filter(
    ({ field }) => fields === undefined || (field !== undefined && fields.includes(field)),
  )
  const first = Math.min(...wanted.map(({ end }) => end))
  return objects.filter((object) => (object.kind === 'signature' ? wanted.includes(object) : object.end > first))
}

/**
 * Adds the evidence for some of a document's signatures, which are proved to have existed, and an archive time-stamp
 * when the level asks for one. Gives the bytes to be appended.
 */
export async function keep(
  document: PdfDocument,
  wanted: readonly SignedObject[],
  all: readonly SignedObject[],
  { level, evidence, timestamper, now, prefix }: ExtendRequest,
): Promise<Bytes> {
  if (!reaches(level, 'B-LT')) return new Uint8Array()
  if (!evidence) return refuse('pades.request', 'B-LT needs somebody to ask about revocation', { what: 'evidence' })
  const known = new Evidence()
  known.add(readStoredEvidence(document))
  const collector = new EvidenceCollector(evidence, known, now)
  for (const object of wanted)
    await addObject(collector, object, all, now).catch((error: unknown) => {
      throw named(object.field, error)
    })
  const writer = new RevisionWriter(document)
  const added = addToSecurityStore(document, writer, collector.collected)
  if (level === 'B-LTA') return await documentTimestamp(document, writer, timestamper, prefix)
  return added ? writer.finish(Buffer.from(`${document.source.size} security store`)).tail : new Uint8Array()
}

/** The refusal with the field that it is about: the others could be extended without it. */
function named(field: string | undefined, error: unknown): unknown {
  const isRefusal = error instanceof PadesError || error instanceof PkiError
  if (!isRefusal) return error
  const details = { ...error.details, ...(field !== undefined && { field }) }
  return error instanceof PadesError
    ? new PadesError(error.code, error.message, details, { cause: error })
    : new PkiError(error.code, error.message, details, { cause: error })
}

/** The evidence for a signature and for the time-stamps that prove it. */
async function addObject(
  collector: EvidenceCollector,
  object: SignedObject,
  all: readonly SignedObject[],
  now: Date,
): Promise<void> {
  const { certificate, others, tokens } = object
  const cover = coveredAt(object, all)
  const isArchived = cover !== undefined
  const present = cover ?? now
  if (object.kind === 'signature') {
    const at = provedAt(object, all) ?? present
    await collector.add({ certificate, others, at, purpose: 'documentSigning', isArchived })
  }
  const stamps = object.time ? [{ certificate, others, time: object.time }] : []
  for (const token of tokens) stamps.push({ ...signerIn(token), time: token.info.time })
  for (const { time, ...authority } of stamps) {
    // A time-stamp that was just made may be ahead of our clock.
    const at = new Date(Math.max(time.getTime(), present.getTime()))
    await collector.add({ ...authority, at, purpose: 'timeStamping', isArchived })
  }
}

/** The earliest moment at which a signature is proved to have existed. */
function provedAt(object: SignedObject, all: readonly SignedObject[]): Date | undefined {
  const proofs = [...object.tokens.map(({ info }) => info.time), coveredAt(object, all)]
  return proofs.filter((time) => time !== undefined).toSorted((a, b) => a.getTime() - b.getTime())[0]
}

/** What the next document time-stamp after it says, when there is one. */
function coveredAt(object: SignedObject, all: readonly SignedObject[]): Date | undefined {
  return all.find(({ kind, end }) => kind === 'timestamp' && end > object.end)?.time
}
