import type { Hash } from 'node:crypto'
import {
  type Field,
  formFields,
  openPdf,
  PdfDocument,
  RevisionWriter,
  type Source,
  writeDate,
  writeText,
} from '../pdf/index.ts'
import { type CmsSigner, signedAttributes } from '../pki/index.ts'
import { asBuffer } from '../std/bytes.ts'
import { hashPrefix } from './document-digest.ts'
import { requirePermission } from './permissions.ts'
import type { ByteRange, Prepared } from './prepared.ts'
import {
  type AppearanceRequest,
  addField,
  emptySignatureField,
  type FieldRequest,
  fieldName,
  fillField,
} from './signature-field.ts'

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
  /** The digest's state after the whole source, from `hashPrefix`; saves reading the document. Not changed. */
  readonly prefix?: Hash
}

/** The widest /ByteRange: three numbers of 13 digits. */
const BYTE_RANGE_WIDTH = 48

/**
 * First stage: writes the revision that will hold the signature, and hashes the document with it.
 *
 * Reads a few objects and appends; the bytes that are there are never changed or copied. Throws `PdfError` for a
 * document that cannot be read strictly, and `PadesError` for one that must not be signed in this way.
 */
export async function prepare(input: Source | PdfDocument, request: PrepareRequest): Promise<Prepared> {
  const document = input instanceof PdfDocument ? input : openPdf(input)
  const { tail, hole, byteRange } = writeRevision(document, request)
  const { signer, prefix } = request
  const hash = prefix ? prefix.copy() : await hashPrefix(document.source, signer.digest)
  // The hole includes the angle brackets around its digits.
  hash.update(tail.subarray(0, hole.start - 1))
  hash.update(tail.subarray(hole.start + 2 * hole.bytes + 1))
  const digest = hash.digest()
  return {
    tail,
    hole,
    byteRange,
    digest,
    algorithm: signer.algorithm,
    certificate: signer.certificate.der,
    toBeSigned: signedAttributes(signer, digest),
  }
}

function writeRevision(document: PdfDocument, request: PrepareRequest): Pick<Prepared, 'tail' | 'hole' | 'byteRange'> {
  const fields = formFields(document)
  const writer = new RevisionWriter(document)
  const signature = writer.allocate()
  placeField(document, writer, fields, request, signature)
  const value = signatureValue(request)
  writer.put(signature, value.text)
  const { tail, valueOffsets } = writer.finish(Buffer.from(`${document.source.size} ${request.signedAt.toISOString()}`))
  const start = valueOffsets.get(signature.number) ?? 0
  const hole = { start: start + value.digitsAt, bytes: request.signer.containerLength }
  const byteRange = rangeAround(document.source.size, tail.length, hole)
  const [first, length, secondStart, secondLength] = byteRange
  const text = `[${first} ${length} ${secondStart} ${secondLength}]`.padEnd(BYTE_RANGE_WIDTH)
  asBuffer(tail).write(text, start + value.byteRangeAt, 'latin1')
  return { tail, hole, byteRange }
}

function placeField(
  document: PdfDocument,
  writer: RevisionWriter,
  fields: readonly Field[],
  { field: wanted = {}, appearance }: PrepareRequest,
  signature: ReturnType<RevisionWriter['allocate']>,
): void {
  const name = fieldName(fields, wanted)
  requirePermission(document, fields, name)
  if ('existing' in wanted)
    fillField(document, writer, emptySignatureField(document, fields, name), signature, appearance)
  else addField(document, writer, name, wanted, signature, appearance)
}

/** The signature dictionary (EN 319 142-1 table 1), and where in its text the two places to be filled are. */
function signatureValue(request: PrepareRequest): { text: string; byteRangeAt: number; digitsAt: number } {
  const texts = { Reason: request.reason, Location: request.location, Name: request.name }
  let text = `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M${writeDate(request.signedAt)}`
  for (const [key, value] of Object.entries(texts)) if (value !== undefined) text += `/${key}${writeText(value)}`
  text += '/ByteRange'
  const byteRangeAt = text.length
  text += `${' '.repeat(BYTE_RANGE_WIDTH)}/Contents<`
  const digitsAt = text.length
  return { text: `${text}${'0'.repeat(2 * request.signer.containerLength)}>>>`, byteRangeAt, digitsAt }
}

function rangeAround(sourceSize: number, tailLength: number, hole: Prepared['hole']): ByteRange {
  const before = sourceSize + hole.start - 1
  const after = sourceSize + hole.start + 2 * hole.bytes + 1
  return [0, before, after, sourceSize + tailLength - after]
}
