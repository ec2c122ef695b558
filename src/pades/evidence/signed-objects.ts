import { createHash } from 'node:crypto'
import { type Field, formFields, type PdfDocument } from '../../pdf/index.ts'
import {
  type Certificate,
  checkTimestampToken,
  OID,
  PkiError,
  readCertificate,
  readSignedData,
  readTimestampToken,
  signerCertificate,
  type TimestampToken,
} from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { refuse } from '../pades-error.ts'
import { signedFields } from '../permissions.ts'
import { placeSignature } from '../signature-dictionary.ts'

/** A signature or a document time-stamp as it stands in a file, as far as it matters for keeping it valid. */
export type SignedObject = {
  readonly kind: 'signature' | 'timestamp'
  /** The full name of its field, where it was read from a document. */
  readonly field?: string
  /** Where the signed bytes end in the file. */
  readonly end: number
  readonly certificate: Certificate
  /** The other certificates of its container. */
  readonly others: readonly Certificate[]
  /** Time-stamps that are over the signature; whether their authorities can be trusted is not known yet. */
  readonly tokens: readonly TimestampToken[]
  /** What a document time-stamp says. */
  readonly time?: Date
}

/**
 * All signatures and document time-stamps, oldest first. They are taken for valid: whoever calls has seen to that.
 * Throws `pades.broken_signature` for one that cannot even be read.
 */
export function signedObjects(document: PdfDocument): SignedObject[] {
  return signedFields(formFields(document))
    .map((field) => readObject(document, field))
    .toSorted((a, b) => a.end - b.end)
}

function readObject(document: PdfDocument, field: Field): SignedObject {
  const placed = placeSignature(document, field)
  if ('code' in placed) return refuse('pades.broken_signature', placed.message, { reason: placed.code })
  const end = placed.byteRange[2] + placed.byteRange[3]
  try {
    return {
      field: field.name,
      end,
      ...(placed.type === 'DocTimeStamp' ? readTimestamp(placed.contents) : readSignature(placed.contents)),
    }
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return refuse('pades.broken_signature', 'the container of a signature cannot be read', { reason: error.code })
  }
}

/** What the container says, wherever it stands. */
type Content = Omit<SignedObject, 'field' | 'end'>

function readTimestamp(contents: Bytes): Content {
  // The hole may be larger than its token: what follows is zeros.
  const token = readTimestampToken(contents.subarray(0, readSignedData(contents).length))
  return { kind: 'timestamp', ...signerIn(token), tokens: [], time: token.info.time }
}

function readSignature(contents: Bytes): Content {
  const { certificates, signerInfos } = readSignedData(contents)
  const [signer] = signerInfos
  if (!signer) return refuse('pades.broken_signature', 'a container has no signer')
  const found = signerIn({ signer, certificates: certificates.map(readCertificate) })
  const stamped = signer.unsigned.filter(({ type }) => type === OID.signatureTimeStamp)
  const tokens = stamped.flatMap(({ values }) => values.flatMap((value) => tokenOver(signer.signature, value)))
  return { kind: 'signature', ...found, tokens }
}

/** Nothing protects what is beside a signature: a time-stamp of something else, put there by anybody, is none. */
function tokenOver(signature: Bytes, value: Bytes): TimestampToken[] {
  try {
    const token = readTimestampToken(value)
    const check = checkTimestampToken(token, (digest) => createHash(digest).update(signature).digest())
    return check.ok ? [token] : []
  } catch (error) {
    if (error instanceof PkiError) return []
    throw error
  }
}

/** The certificate of whoever signed, and the others that came along. */
export function signerIn({
  signer,
  certificates,
}: Pick<TimestampToken, 'signer' | 'certificates'>): Pick<SignedObject, 'certificate' | 'others'> {
  const certificate = signerCertificate(signer, certificates)
  if (!certificate) return refuse('pades.broken_signature', 'the certificate of a signer is missing')
  return { certificate, others: certificates.filter((one) => one !== certificate) }
}
