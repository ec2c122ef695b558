import type { Certificate, KnownStatus, StatusSubject } from '../../pki/index.ts'

/** Where it is known whether certificates are revoked, and what stands above them. */
export type EvidenceSource = {
  /** A checked answer about a certificate. Throws `pki.status_unavailable`. */
  status(subject: StatusSubject): Promise<KnownStatus>
  /** The certificates above this one, from the addresses that each of them names. */
  issuers?(certificate: Certificate): Promise<readonly Certificate[]>
}

/** Whom to trust, and where to ask. */
export type EvidencePlan = {
  /** Certificates that are trusted by decision. */
  readonly anchors: readonly Certificate[]
  /** Further certificates that may stand between. */
  readonly intermediates: readonly Certificate[]
  readonly source: EvidenceSource
}
