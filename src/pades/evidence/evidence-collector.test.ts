import { describe, expect, test } from 'vitest'
import {
  type KnownStatus,
  NULL,
  OID,
  PkiError,
  readCertificate,
  type StatusSubject,
  serialText,
  statusFrom,
} from '../../pki/index.ts'
import { type Holder, NOW, personExtensions } from '../../pki/testing/authority.ts'
import { hours, listAnswer, ocspAnswer, revokedStatus, subjectOf } from '../../pki/testing/status-answers.ts'
import { equalBytes } from '../../std/bytes.ts'
import { ana, authority } from '../testing/signing.ts'
import { Evidence } from '../validation/evidence.ts'
import { EvidenceCollector } from './evidence-collector.ts'

const { root, issuing } = authority
const anchors = [readCertificate(root.certificate)]
const intermediates = [readCertificate(issuing.certificate)]
const responder = authority.ocspSigner()
const person = (holder: Holder) => ({
  ...{ certificate: readCertificate(holder.certificate), others: [], at: NOW, isArchived: false },
  purpose: 'documentSigning' as const,
})

/** Somebody to ask who answers about people with this, and about the authority with a list. */
function answering(about: (subject: StatusSubject) => Uint8Array) {
  const asked: string[] = []
  const status = async (subject: StatusSubject): Promise<KnownStatus> => {
    asked.push(serialText(subject.certificate))
    const isAuthority = equalBytes(subject.issuer.der, root.certificate)
    const finding = isAuthority
      ? statusFrom('crl', listAnswer({ issuer: root }), subject)
      : statusFrom('ocsp', about(subject), subject)
    if (finding.status === 'unusable') throw new PkiError('pki.status_unavailable', finding.message)
    return finding
  }
  return { asked, plan: { anchors, intermediates, source: { status } } }
}

function stored(...ocsps: readonly Uint8Array[]): Evidence {
  const known = new Evidence()
  const held = ocsps.map((value) => ({ value, origin: { source: 'policy' } as const }))
  known.add({ certificates: [], ocsps: held, crls: [], findings: [] })
  return known
}

describe('what is collected about a signer', () => {
  test('is refused when the responder had no valid certificate as it answered', async () => {
    const expired = authority.ocspSigner('P-256', { notBefore: hours(-48), notAfter: hours(-24) })
    const { plan } = answering((subject) => ocspAnswer({ subject, signer: expired }))
    await expect(new EvidenceCollector(plan, stored(), hours(24)).add(person(ana))).rejects.toMatchObject({
      code: 'pki.status_unavailable',
    })
  })

  test('is refused when the document itself says that the certificate was revoked, whatever else it says', async () => {
    const { plan } = answering((subject) => ocspAnswer({ subject, signer: responder }))
    const subject = subjectOf(ana, issuing)
    const good = ocspAnswer({ subject, signer: responder, single: { thisUpdate: hours(1) }, producedAt: hours(1) })
    const status = revokedStatus(hours(-1))
    const revoked = ocspAnswer({ subject, signer: responder, single: { status } })
    await expect(new EvidenceCollector(plan, stored(good, revoked), hours(24)).add(person(ana))).rejects.toMatchObject({
      code: 'pades.revoked',
    })
  })

  test('may be answered by a responder whose certificate is younger than the signature', async () => {
    const young = authority.ocspSigner('P-256', { notBefore: hours(24 * 60), notAfter: hours(24 * 90) })
    const answered = { producedAt: hours(24 * 70), single: { thisUpdate: hours(24 * 70), nextUpdate: hours(24 * 71) } }
    const { plan } = answering((subject) => ocspAnswer({ subject, signer: young, ...answered }))
    const collector = new EvidenceCollector(plan, stored(), hours(24))
    await collector.add(person(ana))
    expect(collector.collected.ocsps).toHaveLength(1)
    expect(collector.collected.certificates).toContainEqual(readCertificate(young.certificate).der)
  })

  test('is asked for although the document has an older answer, unless that one is archived with the signature', async () => {
    const collected = async (isArchived: boolean) => {
      const { asked, plan } = answering((subject) => ocspAnswer({ subject, signer: responder }))
      const single = { thisUpdate: hours(-1), nextUpdate: hours(1) }
      const older = ocspAnswer({ subject: subjectOf(ana, issuing), signer: responder, producedAt: hours(-1), single })
      await new EvidenceCollector(plan, stored(older), hours(24)).add({ ...person(ana), isArchived })
      return asked.includes(serialText(readCertificate(ana.certificate)))
    }
    expect(await collected(false)).toBe(true)
    expect(await collected(true)).toBe(false)
  })

  test('is complete although the certificate claims that nobody needs to ask, as only a responder may', async () => {
    const { asked, plan } = answering((subject) => ocspAnswer({ subject, signer: responder }))
    const claim = { id: OID.ocspNoCheck, critical: false, value: NULL }
    const immune = authority.person('Eva Soto', 'P-256', { extensions: [...personExtensions, claim] })
    await new EvidenceCollector(plan, stored(), hours(24)).add(person(immune))
    expect(asked).toContain(serialText(readCertificate(immune.certificate)))
  })
})
