import {
  type Certificate,
  OID,
  PkiError,
  rememberedCertificate,
  type SignerInfo,
  signerCertificate,
  signingCertificateNames,
} from '../../pki/index.ts'
import type { ReadContainer } from './container-format.ts'
import { type Finding, indeterminate, type Problem } from './problem.ts'

export type SigningCertificate = {
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
  /** Absent when the container does not have it. */
  readonly certificate?: Certificate
  /** The other certificates of the container. */
  readonly others: readonly Certificate[]
}

/** Identification of the signing certificate (EN 319 102-1 5.2.3). */
export function identifySigner({ data, signer }: ReadContainer): SigningCertificate {
  const certificates: Certificate[] = []
  const findings: Finding[] = []
  for (const der of data.certificates) {
    try {
      certificates.push(rememberedCertificate(der))
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      findings.push({ code: 'cms.certificate_unreadable', message: `A certificate is left out: ${error.message}.` })
    }
  }
  const certificate = signerCertificate(signer, certificates)
  if (certificate === undefined) {
    const message = "The container lacks the signer's certificate."
    const problem = indeterminate('NO_SIGNING_CERTIFICATE_FOUND', 'cms.no_certificate', message)
    return { problems: [problem], findings, others: certificates }
  }
  const others = certificates.filter((other) => other !== certificate)
  return { problems: checkReference(signer, certificate), findings, certificate, others }
}

/** signing-certificate-v2 must stand once and name this certificate; the first version, bound to SHA-1, is no proof. */
function checkReference({ signed }: SignerInfo, certificate: Certificate): Problem[] {
  const attributes = signed?.attributes ?? []
  if (!attributes.some(({ type }) => type === OID.signingCertificateV2)) {
    const message = 'The attribute signing-certificate-v2 is missing.'
    return [indeterminate('SIG_CONSTRAINTS_FAILURE', 'cms.signing_certificate_missing', message)]
  }
  if (signingCertificateNames(attributes, certificate) === 'this') return []
  const message = 'The attribute signing-certificate-v2 names another certificate.'
  return [indeterminate('NO_SIGNING_CERTIFICATE_FOUND', 'cms.signing_certificate', message)]
}
