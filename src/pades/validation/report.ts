import type { DigestAlgorithm, SignatureAlgorithm } from '../../pki/index.ts'
import type { Change } from '../difference/change.ts'
import type { Level } from '../level.ts'
import type { Finding, Indication, Problem, Verdict } from './problem.ts'

export type CertificateReport = {
  /** RFC 4514 text. */
  readonly subject: string
  readonly issuer: string
  readonly commonName?: string
  /** Hexadecimal. */
  readonly serial: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Hexadecimal, of the encoded certificate. */
  readonly sha256: string
}

/** The answer about the revocation of a certificate that counted. */
export type RevocationReport = {
  /** `not_needed`: the certificate lives so briefly, or says itself, that nobody answers for it. */
  readonly status: 'good' | 'revoked' | 'not_needed' | 'unknown'
  readonly kind?: 'ocsp' | 'crl'
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date
  readonly revokedAt?: Date
  readonly reason?: string
  /** Where the answer came from. */
  readonly source?: 'document' | 'policy' | 'network'
  /** Hexadecimal, of the encoded answer. */
  readonly sha256?: string
}

/** A certificate of the chain; the trust anchor has no revocation. */
export type ChainLink = CertificateReport & { readonly revocation?: RevocationReport }

/** What tells one signature from any other. */
export type SignatureIdentity = {
  readonly digest: DigestAlgorithm
  readonly algorithm: SignatureAlgorithm
  /** Digest of the signed attributes, hexadecimal. */
  readonly attributesHash: string
  /** Digest of the document that the signature is over, hexadecimal. */
  readonly documentHash: string
  /** The signature itself, base64. */
  readonly value: string
}

/** What signatures and time-stamps have in common. */
type Judged = Verdict & {
  /** All problems, the deciding one too. */
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
  /** From the signer's certificate to the trust anchor; empty when no chain was found. */
  readonly chain: readonly ChainLink[]
  /**
   * The earliest moment at which it is proved to have existed (EN 319 102-1: best-signature-time). Absent when
   * nothing proves more than that it exists now.
   */
  readonly provenAt?: Date
}

/** How a signature field covers the file. */
export type Coverage = {
  /** `whole_revision`: later revisions follow, see `changes`. */
  readonly coverage: 'whole_document' | 'whole_revision' | 'unclear'
  /** One list for each later revision, oldest first. */
  readonly changes: readonly (readonly Change[])[]
}

export type TimestampReport = Judged & {
  /** The time it states; absent when the token cannot be read. */
  readonly time?: Date
  /** Hexadecimal, of the encoded token. */
  readonly sha256: string
  /** Who issued it. */
  readonly authority?: CertificateReport
}

export type DocumentTimestampReport = TimestampReport & Coverage & { readonly field: string }

export type SignatureReport = Judged &
  Coverage & {
    /** Full name of the field. */
    readonly field: string
    /** The highest level of EN 319 142-1 whose rules are kept and whose content is there, whatever the verdict. */
    readonly format: `PAdES-${Level}` | 'other'
    readonly signer?: CertificateReport
    readonly identity?: SignatureIdentity
    /** The claimed time of signing (/M): nothing proves it. */
    readonly claimedAt?: Date
    /** The signature time-stamps inside the signature. */
    readonly timestamps: readonly TimestampReport[]
    /** What a full validation would look at and this one did not. */
    readonly notChecked: readonly string[]
  }

export type Report = {
  /** The worst of all signatures; `NO_SIGNATURE` when there is none. */
  readonly indication: Indication | 'NO_SIGNATURE'
  /** The moment for which the verdicts hold. */
  readonly time: Date
  /** In the order of the form. */
  readonly signatures: readonly SignatureReport[]
  /** Document time-stamps, in the order of the form. They do not decide the verdict: what they prove does. */
  readonly timestamps: readonly DocumentTimestampReport[]
  /** About the evidence in the document. */
  readonly findings: readonly Finding[]
}
