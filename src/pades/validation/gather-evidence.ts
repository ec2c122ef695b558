import type { PdfDocument } from '../../pdf/index.ts'
import { type Certificate, OID, PkiError, type RevocationValues, readRevocationInfoArchival } from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import type { ContainerFacts } from './basic-validation.ts'
import { Evidence, type EvidenceBytes, type Origin } from './evidence.ts'
import { type Facts, placeOf, type SignatureFacts, type TimestampFacts } from './gather-facts.ts'
import type { Finding } from './problem.ts'
import { lacksEntry, readStoredEvidence } from './stored-evidence.ts'
import type { PreparedPolicy } from './validation-policy.ts'

/**
 * All certificates and statuses there are (EN 319 102-1 5.2.4): those of the document security store, those that came
 * with the signatures and time-stamps, and those of the policy.
 */
export function gatherEvidence(document: PdfDocument, all: readonly Facts[], policy: PreparedPolicy): Evidence {
  const evidence = new Evidence(policy.revocation === 'none' ? undefined : policy.fetch)
  evidence.add(readStoredEvidence(document))
  for (const facts of all) {
    if (facts.kind === 'misplaced') continue
    const origin: Origin = { source: 'document', place: placeOf(facts.placed) }
    for (const certificate of certificatesIn(facts)) evidence.addCertificate(certificate, origin)
    for (const values of revocationIn(facts, evidence.findings)) evidence.add(held(values, origin))
    if (lacksEntry(document, facts.placed.contents)) {
      const message = `The document security store has entries for single signatures, and none for ${facts.field.name}.`
      evidence.findings.push({ code: 'dss.no_entry', message })
    }
  }
  const { ocsps = [], crls = [] } = policy.evidence ?? {}
  evidence.add(held({ responses: ocsps, lists: crls }, { source: 'policy' }))
  return evidence
}

function held({ responses, lists }: RevocationValues, origin: Origin): EvidenceBytes {
  const all = (values: readonly Bytes[]) => values.map((value) => ({ value, origin }))
  return { certificates: [], ocsps: all(responses), crls: all(lists), findings: [] }
}

function certificatesIn(facts: SignatureFacts | TimestampFacts): Certificate[] {
  const bearers = facts.kind === 'signature' ? [facts.container, ...facts.tokens] : [facts.token]
  return bearers.flatMap(({ certificate, others }) => (certificate ? [certificate, ...others] : others))
}

/** The revocation values in the containers themselves. */
function revocationIn(facts: SignatureFacts | TimestampFacts, findings: Finding[]): RevocationValues[] {
  if (facts.kind === 'timestamp') return facts.token.token ? [facts.token.token.signedData.revocation] : []
  const own = facts.container.container?.data.revocation
  const inTokens = facts.tokens.flatMap(({ token }) => (token ? [token.signedData.revocation] : []))
  return [...(own ? [own] : []), ...archivalIn(facts.container, findings), ...inTokens]
}

/** ISO 32000-2 12.8.3.3.2: what signers wrote before there was a security store. */
function archivalIn({ container }: ContainerFacts, findings: Finding[]): RevocationValues[] {
  const attributes = container?.signer.signed.attributes ?? []
  const values = attributes.flatMap(({ type, values }) => (type === OID.revocationInfoArchival ? values : []))
  return values.flatMap((value) => {
    try {
      return [readRevocationInfoArchival(value)]
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      findings.push({ code: 'evidence.archival_unreadable', message: `Evidence is left out: ${error.message}.` })
      return []
    }
  })
}
