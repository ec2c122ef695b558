import {
  type Certificate,
  type Exchange,
  fetchIssuers,
  gatherStatus,
  memoryStatusCache,
  OID,
  readBasicConstraints,
  type StatusCache,
} from '../../pki/index.ts'
import type { EvidenceSource } from './evidence-source.ts'

export type OnlineEvidenceOptions = {
  /** How responders and lists are asked. Time-outs and repetitions are its affair. */
  readonly exchange: Exchange
  readonly now: () => Date
  /** Keeps answers about authorities; one in memory unless told. */
  readonly cache?: StatusCache
}

/**
 * Asks the addresses in the certificates. Answers about authorities and time-stamp units are kept until they name
 * their end; about a person the responder is asked each time, so that the answer is later than the signature.
 */
export function onlineEvidence({ exchange, now, cache = memoryStatusCache() }: OnlineEvidenceOptions): EvidenceSource {
  return {
    status: (subject) => gatherStatus(subject, { exchange, now, ...(isService(subject.certificate) ? { cache } : {}) }),
    issuers: async (certificate) => (await fetchIssuers(certificate, { exchange })).certificates,
  }
}

function isService({ extensions }: Certificate): boolean {
  const constraints = extensions.get(OID.basicConstraints)
  return extensions.has(OID.extKeyUsage) || (constraints !== undefined && readBasicConstraints(constraints.value).ca)
}
