import {
  editDict,
  type Field,
  formFields,
  openPdf,
  PdfDocument,
  type Ref,
  RevisionWriter,
  readDict,
  requireSigningAllowed,
  type Source,
  textBytes,
  writeDate,
  writeRef,
} from '../pdf/index.ts'
import { type CmsSigner, containerLength, signedAttributes } from '../pki/index.ts'
import type { Bytes } from '../std/bytes.ts'
import { digestAfter, type PrefixDigest } from './document-digest.ts'
import { type FieldLock, readFieldLock, signatureReferences, stricter } from './field-lock.ts'
import { aroundHole, type HollowRevision, hollowRevision } from './hollow-revision.ts'
import type { Level } from './level.ts'
import { refuse } from './pades-error.ts'
import { type CertificationLevel, requireSigning, signedFields } from './permissions.ts'
import type { Prepared } from './prepared.ts'
import { obeySeedValue } from './seed-value.ts'
import type { AppearanceRequest } from './signature-appearance.ts'
import { addField, emptySignatureField, type FieldRequest, fieldName, fillField } from './signature-field.ts'

export type PrepareRequest = {
  /** Who will sign: made once by `prepareCmsSigner`, used for any number of documents. */
  readonly signer: CmsSigner
  /** A new invisible field on the first page when none is given. */
  readonly field?: FieldRequest
  /** What a visible field shows. */
  readonly appearance?: AppearanceRequest
  readonly reason?: string
  readonly location?: string
  /** The name of the person that signs, as text beside the certificate. */
  readonly name?: string
  /** The claimed time of signing: becomes /M. */
  readonly signedAt: Date
  /** Makes the signature a certification: what the document allows after it. It must be the first signature. */
  readonly certify?: CertificationLevel
  /** Fields that nobody may change from now on, beside what the field itself demands. */
  readonly lock?: FieldLock
  /** The level that is aimed at, which a seed value may ask for. B-B when none is given. */
  readonly level?: Level
  /** Bytes to keep free for a signature time-stamp, as measured by a `Timestamper`. */
  readonly timestampRoom?: number
  /** The digest's state after the whole source, from `hashPrefix`; saves reading the document. Not changed. */
  readonly prefix?: PrefixDigest
}

/**
 * First stage: writes the revision that will hold the signature, and hashes the document with it.
 *
 * Reads a few objects and appends; the bytes that are there are never changed or copied. Throws `PdfError` for a
 * document that cannot be read strictly, and `PadesError` for one that must not be signed in this way.
 */
export async function prepare(input: Source | PdfDocument, request: PrepareRequest): Promise<Prepared> {
  const document = input instanceof PdfDocument ? input : openPdf(input)
  const revision = await writeRevision(document, request)
  const { signer, prefix } = request
  const digest = await digestAfter(document.source, signer.digest, aroundHole(revision), prefix)
  return {
    ...revision,
    digest,
    algorithm: signer.algorithm,
    certificate: signer.certificate.der,
    toBeSigned: signedAttributes(signer, digest),
  }
}

/** What the signature will say of the document, after the demands of its field. */
type Terms = { readonly certify: CertificationLevel | undefined; readonly lock: FieldLock | undefined }

async function writeRevision(document: PdfDocument, request: PrepareRequest): Promise<HollowRevision> {
  const fields = formFields(document)
  const name = fieldName(fields, request.field ?? {})
  requireSigning(document, fields, name)
  const existing = 'existing' in (request.field ?? {}) ? emptySignatureField(fields, name) : undefined
  requireSigningAllowed(document, existing ? 'existing_field' : 'new_field')
  const terms = termsOf(document, existing, request)
  if (terms.certify !== undefined && signedFields(fields).length > 0)
    refuse('pades.certification', 'the document has a signature already')
  const writer = new RevisionWriter(document)
  const ref = writer.allocate()
  await placeField(document, writer, { name, existing, ref, request })
  if (terms.certify !== undefined) certifyCatalog(document, writer, ref)
  return hollowRevision(document, writer, {
    ref,
    head: signatureHead(document, writer, ref, request, terms),
    room: roomFor(request),
    seed: request.signedAt.toISOString(),
  })
}

/** The most bytes that the container can have: measured, because a guess is too small one day. */
function roomFor({ signer, timestampRoom }: PrepareRequest): number {
  return containerLength(signer, timestampRoom === undefined ? {} : { timestamp: timestampRoom })
}

/** Carries out the lock and the seed value of an existing field. Throws `pades.field_lock`, `pades.seed_value`. */
function termsOf(document: PdfDocument, field: Field | undefined, request: PrepareRequest): Terms {
  const { signer, level = 'B-B', reason, certify, lock } = request
  if (field === undefined) return { certify, lock }
  const facts = { certificate: signer.certificate, chain: signer.chain, digest: signer.digest, level, reason, certify }
  const demands = obeySeedValue(document, field, facts)
  const own = readFieldLock(document, field)
  if (own && lock) refuse('pades.field_lock', 'the field has a lock of its own')
  const wanted = demands.lockDocument ? ({ action: 'All', fields: [], permissions: 1 } as const) : (own ?? lock)
  return { certify: demands.certify ?? certify, lock: wanted }
}

async function placeField(
  document: PdfDocument,
  writer: RevisionWriter,
  place: { name: string; existing: Field | undefined; ref: Ref; request: PrepareRequest },
): Promise<void> {
  const { existing, ref, name } = place
  const { field = {}, appearance } = place.request
  if (existing) await fillField(document, writer, existing, ref, appearance)
  else if (!('existing' in field)) await addField(document, writer, name, field, ref, appearance)
}

/** The catalog names the certification (ISO 32000-2 12.8.6). */
function certifyCatalog(document: PdfDocument, writer: RevisionWriter, signature: Ref): void {
  const catalog = readDict(writer.current(document.catalogRef) ?? new Uint8Array())
  const permissions = document.dict(catalog?.get('Perms')) ?? new Map<string, Bytes>()
  const edited = editDict(permissions, { DocMDP: writeRef(signature) })
  writer.put(document.catalogRef, editDict(catalog, { Perms: edited }))
}

/** The entries of the signature dictionary (EN 319 142-1 table 1) before /ByteRange and /Contents. */
function signatureHead(
  document: PdfDocument,
  writer: RevisionWriter,
  ref: Ref,
  request: PrepareRequest,
  { certify, lock }: Terms,
): string {
  const string = (text: string) => writer.encryptString(ref, textBytes(text))
  const texts = {
    M: writeDate(request.signedAt),
    Reason: request.reason,
    Location: request.location,
    Name: request.name,
  }
  let head = '/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached'
  for (const [key, value] of Object.entries(texts)) if (value !== undefined) head += `/${key}${string(value)}`
  const permissions = stricter(certify, lock?.permissions)
  return head + signatureReferences({ permissions, lock }, document.catalogRef, string)
}
