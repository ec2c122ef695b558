import type { Problem, Verdict } from './problem.ts'
import type { CertificateReport, ChainLink } from './report.ts'
import { element, type Xml } from './xml-writer.ts'

/** `kind` is `total-` for signatures and nothing for what only serves them. */
export function statusXml(
  { indication, subIndication }: Verdict,
  kind: 'total-' | '',
  problems: readonly Problem[],
  ...data: readonly (Xml | undefined)[]
): Xml {
  const words = { 'TOTAL-PASSED': `${kind}passed`, 'TOTAL-FAILED': `${kind}failed`, INDETERMINATE: 'indeterminate' }
  return element(
    'SignatureValidationStatus',
    {},
    element('MainIndication', {}, `urn:etsi:019102:mainindication:${words[indication]}`),
    subIndication && element('SubIndication', {}, `urn:etsi:019102:subindication:${subIndication}`),
    element('AssociatedValidationReportData', {}, ...data, problemsXml(problems)),
  )
}

function problemsXml(problems: readonly Problem[]): Xml | undefined {
  if (problems.length === 0) return undefined
  const items = problems.map(({ code, message }) =>
    element('ReportData', {}, element('Type', {}, `urn:chancery:problem:${code}`), element('Value', {}, message)),
  )
  return element('AdditionalValidationReportData', {}, ...items)
}

export function chainXml(chain: readonly ChainLink[]): Xml | undefined {
  const [signer, ...above] = chain
  const anchor = above.at(-1)
  if (!signer || !anchor) return undefined
  return element(
    'CertificateChain',
    {},
    reference('SigningCertificate', certificateId(signer)),
    ...above.slice(0, -1).map((link) => reference('IntermediateCertificate', certificateId(link))),
    reference('TrustAnchor', certificateId(anchor)),
  )
}

/** The name of a certificate among the objects of a report. */
export function certificateId({ sha256 }: Pick<CertificateReport, 'sha256'>): string {
  return `certificate-${sha256}`
}

export function reference(name: string, id: string): Xml {
  return element(name, { VOReference: id }, undefined)
}

export function timeText(time: Date): string {
  return time.toISOString()
}
