import { type Certificate, nameText, OID, serialText, valuesOf } from '../../pki/index.ts'
import { sha256 } from '../../std/bytes.ts'
import type { CertificateReport, ChainLink, RevocationReport } from './report.ts'
import type { RevocationVerdict } from './revocation-freshness.ts'
import type { CertificateVerdict } from './validation-context.ts'

const described = new WeakMap<Certificate, CertificateReport>()

/** What is told of a certificate; the same authorities come with every signature. */
export function certificateReport(certificate: Certificate): CertificateReport {
  const report = described.get(certificate) ?? describe(certificate)
  described.set(certificate, report)
  return report
}

function describe(certificate: Certificate): CertificateReport {
  const [commonName] = valuesOf(certificate.subject, OID.commonName)
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    ...(commonName === undefined ? {} : { commonName }),
    serial: serialText(certificate),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    sha256: sha256(certificate.der).toString('hex'),
  }
}

export function chainReport({ path, revocations }: CertificateVerdict): ChainLink[] {
  return path.map((certificate, i) => {
    const verdict = revocations[i]
    const link = certificateReport(certificate)
    return verdict ? { ...link, revocation: revocationReport(verdict) } : link
  })
}

function revocationReport(verdict: RevocationVerdict): RevocationReport {
  if (verdict.status === 'not_needed' || verdict.status === 'unknown') return { status: verdict.status }
  const { finding, origin } = verdict.held
  const { status, kind, thisUpdate, nextUpdate, revokedAt, reason, der } = finding
  return {
    status,
    kind,
    thisUpdate,
    ...(nextUpdate && { nextUpdate }),
    ...(revokedAt && { revokedAt }),
    ...(reason && { reason }),
    source: origin.source,
    sha256: sha256(der).toString('hex'),
  }
}
