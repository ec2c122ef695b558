import { openPdf, PdfDocument, type Source } from '../pdf/index.ts'
import { type Bytes, concat } from '../std/bytes.ts'
import { hashPrefix, type PrefixDigest } from './document-digest.ts'
import type { EvidencePlan } from './evidence/evidence-source.ts'
import { signedObjects } from './evidence/signed-objects.ts'
import type { Timestamper } from './evidence/timestamper.ts'
import { type ExtendRequest, keep } from './extend.ts'
import { reaches } from './level.ts'
import { refuse } from './pades-error.ts'
import { type PrepareRequest, prepare } from './prepare.ts'
import { finish, type Signer, sign, stamp } from './sign.ts'
import { withTail } from './with-tail.ts'

export type SignDocumentRequest = Omit<PrepareRequest, 'signer' | 'timestampRoom'> & {
  readonly signer: Signer
  /** Needed from B-T on. */
  readonly timestamper?: Timestamper
  /** Needed for B-LT and B-LTA. */
  readonly evidence?: EvidencePlan
}

/**
 * All stages in a row, for whoever need not store anything between them. Gives the bytes to be appended: the
 * signature's revision, and one more for B-LT and B-LTA. What comes back is the level that was asked for, or an error
 * of one of the stages; nothing was written by then.
 */
export async function signDocument(input: Source | PdfDocument, request: SignDocumentRequest): Promise<Bytes> {
  const document = input instanceof PdfDocument ? input : openPdf(input)
  const { level = 'B-B', signer, timestamper, ...wanted } = request
  if (level === 'B-B') return (await signOnce(document, request)).tail
  if (!timestamper) return refuse('pades.request', 'B-T needs somebody who gives time-stamps', { what: 'timestamper' })
  // The archive time-stamp is over the same bytes once more; a source that hashes by itself needs no help.
  const isShared = level === 'B-LTA' && timestamper.digest === signer.identity.digest
  const isRead = isShared && !wanted.prefix && !document.source.digest
  const prefix = isRead ? await hashPrefix(document.source, timestamper.digest) : wanted.prefix
  const { tail, after } = await signOnce(document, { ...request, ...(prefix && { prefix }) })
  if (level === 'B-T') return tail
  const now = wanted.signedAt
  const rest = await keepNew(withTail(document, tail), {
    level,
    timestamper,
    now,
    ...(wanted.evidence && { evidence: wanted.evidence }),
    ...(after && isShared && { prefix: after }),
  })
  return concat(tail, rest)
}

/** The signature's revision, and the digest's state after it when that before it was known. */
async function signOnce(
  document: PdfDocument,
  { signer, timestamper, level = 'B-B', ...request }: SignDocumentRequest,
): Promise<{ tail: Bytes; after?: PrefixDigest }> {
  const stamper = reaches(level, 'B-T') ? timestamper : undefined
  const room = stamper && { timestampRoom: await stamper.room() }
  const prepared = await prepare(document, { ...request, ...room, level, signer: signer.identity })
  const signed = await sign(prepared, signer)
  const tail = finish(stamper ? await stamp(signed, signer.identity, stamper) : signed)
  const after = request.prefix?.copy()
  after?.update(tail)
  return after ? { tail, after } : { tail }
}

/** Keeps the signature that was made last; those of others are theirs to keep. */
async function keepNew(document: PdfDocument, request: ExtendRequest): Promise<Bytes> {
  const all = signedObjects(document)
  const own = all.filter(({ end }) => end === document.source.size)
  return await keep(document, own, all, request)
}
