import { openPdf, PdfDocument, type Source } from '../pdf/index.ts'
import { type CmsSigner, readTimestampToken } from '../pki/index.ts'
import { type Bytes, concat } from '../std/bytes.ts'
import { hashPrefix, type PrefixDigest } from './document-digest.ts'
import type { EvidencePlan } from './evidence/evidence-source.ts'
import type { SignedObject } from './evidence/signed-objects.ts'
import type { Timestamper } from './evidence/timestamper.ts'
import { keep } from './extend.ts'
import { reaches } from './level.ts'
import { refuse } from './pades-error.ts'
import { type PrepareRequest, prepare } from './prepare.ts'
import { finish, type Signer, sign, withTimestamp } from './sign.ts'
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
  const { tail, token, after } = await signOnce(document, { ...request, ...(prefix && { prefix }) })
  if (level === 'B-T') return tail
  const signed = withTail(document, tail)
  const made = objectOf(signer.identity, signed.source.size, token)
  // Signatures of others are theirs to keep.
  const rest = await keep(signed, [made], [made], {
    level,
    timestamper,
    now: wanted.signedAt,
    ...(wanted.evidence && { evidence: wanted.evidence }),
    ...(after && isShared && { prefix: after }),
  })
  return concat(tail, rest)
}

type Once = {
  readonly tail: Bytes
  /** The time-stamp over the signature, when there is one. */
  readonly token?: Bytes
  /** The digest's state after the revision, when that before it was known. */
  readonly after?: PrefixDigest
}

/** The signature's revision. */
async function signOnce(
  document: PdfDocument,
  { signer, timestamper, level = 'B-B', ...request }: SignDocumentRequest,
): Promise<Once> {
  const { identity } = signer
  const stamper = reaches(level, 'B-T') ? timestamper : undefined
  const room = stamper && { timestampRoom: await stamper.room() }
  const prepared = await prepare(document, { ...request, ...room, level, signer: identity })
  const signed = await sign(prepared, signer)
  const token = await stamper?.stamp(signed.signature)
  const tail = finish(token ? withTimestamp(signed, identity, token) : signed)
  const after = request.prefix?.copy()
  after?.update(tail)
  return { tail, ...(token && { token }), ...(after && { after }) }
}

/** What was just made, without reading it again. */
function objectOf({ certificate, chain }: CmsSigner, end: number, token: Bytes | undefined): SignedObject {
  const tokens = token ? [readTimestampToken(token)] : []
  return { kind: 'signature', end, certificate, others: chain, tokens }
}
