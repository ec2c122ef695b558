import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { type Certificate, isSelfIssued, readCertificate } from '../certificate.ts'
import { certificateKey } from '../certificate-key.ts'
import { oid } from '../der-writer.ts'
import { sameName } from '../name-match.ts'
import type { Exchange } from '../net/exchange.ts'
import { OID } from '../oids.ts'
import { PkiError } from '../pki-error.ts'
import { readable } from '../readable.ts'
import { signatureAlgorithmOf } from '../signature-algorithm.ts'
import { readSignedData } from '../signed-data.ts'
import { verifySignature } from '../verify.ts'
import { issuerPlaces } from './status-places.ts'

export type IssuerSources = { readonly exchange: Exchange; readonly signal?: AbortSignal }

export type FetchedIssuers = {
  /** From the direct issuer upwards; whether they can be trusted is for the path to say. */
  readonly certificates: readonly Certificate[]
  /** Why there are no more of them. */
  readonly attempts: readonly string[]
}

const MAX_DEPTH = 6
const MAX_BYTES = 1024 * 1024
const TYPES = [
  'application/pkix-cert',
  'application/x-x509-ca-cert',
  'application/pkcs7-mime',
  'application/x-pkcs7-certificates',
  'application/octet-stream',
].join(', ')

/**
 * Fetches the certificates above one, from the places that each names for its issuer (caIssuers). Only those count
 * whose key signed the one below. Finding none is no error: the path that then lacks them is.
 */
export async function fetchIssuers(certificate: Certificate, sources: IssuerSources): Promise<FetchedIssuers> {
  const certificates: Certificate[] = []
  const attempts: string[] = []
  let below = certificate
  while (certificates.length < MAX_DEPTH && !isSelfIssued(below)) {
    const issuer = await fetchIssuer(below, sources, attempts)
    if (issuer === undefined) break
    certificates.push(issuer)
    below = issuer
  }
  return { certificates, attempts }
}

async function fetchIssuer(
  below: Certificate,
  { exchange, signal }: IssuerSources,
  attempts: string[],
): Promise<Certificate | undefined> {
  for (const url of issuerPlaces(below)) {
    try {
      const bytes = await exchange({
        url,
        method: 'GET',
        accept: TYPES,
        maxBytes: MAX_BYTES,
        ...(signal && { signal }),
      })
      const issuer = readCertificates(bytes).find((candidate) => signed(candidate, below))
      if (issuer) return issuer
      attempts.push(`${url}: none of its certificates signed the one below`)
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      attempts.push(`${url}: ${String(error.details['fault'] ?? error.code)}: ${error.message}`)
    }
  }
  return undefined
}

/** One certificate, or those of a SignedData without a signer (RFC 5280 4.2.2.1). */
function readCertificates(bytes: Bytes): readonly Certificate[] {
  return isSignedData(bytes) ? readSignedData(bytes).certificates.map(readCertificate) : [readCertificate(bytes)]
}

const SIGNED_DATA = oid(OID.signedData)
const HEAD_BYTES = 2 + 4

/** A ContentInfo begins with its type, a certificate does not. */
function isSignedData(bytes: Bytes): boolean {
  const at = asBuffer(bytes).indexOf(SIGNED_DATA)
  return at > 0 && at <= HEAD_BYTES
}

function signed(issuer: Certificate, below: Certificate): boolean {
  if (!sameName(issuer.subject, below.issuer)) return false
  const verified = () =>
    verifySignature(signatureAlgorithmOf(below.algorithm), certificateKey(issuer), below.raw, below.signature)
  return readable(verified) ?? false
}
