import type { Certificate } from '../certificate.ts'
import { readBasicConstraints } from '../extensions/basic-constraints.ts'
import { readExtendedKeyUsage } from '../extensions/extended-key-usage.ts'
import { type KeyUsage, readKeyUsage } from '../extensions/key-usage.ts'
import { OID } from '../oids.ts'
import { broken, type InvalidPath } from './path-result.ts'
import { extensionOf } from './read-extension.ts'

/** What the certificate at the end of a path is used for. */
export type Purpose = 'documentSigning' | 'timeStamping' | 'ocspSigning' | 'certificateAuthority' | 'crlSigning'

const checks = {
  documentSigning: checkDocumentSigning,
  timeStamping: checkTimeStamping,
  ocspSigning: checkOcspSigning,
  certificateAuthority: checkCertificateAuthority,
  crlSigning: (certificate) => checkUsage(certificate, ['cRLSign'], 'RFC 5280 6.3.3 (f)'),
} as const satisfies Record<Purpose, (certificate: Certificate) => InvalidPath | undefined>

/** Refuses a certificate that is for something else. */
export function checkPurpose(certificate: Certificate, purpose: Purpose): InvalidPath | undefined {
  return checks[purpose](certificate)
}

const SIGNATURES: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation']

/**
 * Purposes that let a person sign documents: the one of RFC 9336, those that stood for it before there was one
 * (e-mail, as S/MIME signs documents too, and two vendors' own), and any. Logging in to a server is none.
 */
const DOCUMENTS: readonly string[] = [
  OID.anyExtendedKeyUsage,
  OID.emailProtection,
  OID.documentSigning,
  OID.adobeDocuments,
  OID.microsoftDocuments,
]

function checkDocumentSigning(certificate: Certificate): InvalidPath | undefined {
  const purposes = extensionOf(certificate, OID.extKeyUsage, readExtendedKeyUsage)
  const isFor = purposes?.some((purpose) => DOCUMENTS.includes(purpose)) ?? true
  return (
    checkUsage(certificate, SIGNATURES, 'RFC 5280 4.2.1.3') ??
    (isFor ? undefined : broken('wrong_purpose', 'RFC 5280 4.2.1.12', certificate))
  )
}

/** The purpose must be critical and alone, so that the key serves for nothing else. */
function checkTimeStamping(certificate: Certificate): InvalidPath | undefined {
  const purposes = extensionOf(certificate, OID.extKeyUsage, readExtendedKeyUsage) ?? []
  const isCritical = certificate.extensions.get(OID.extKeyUsage)?.critical === true
  const isFor = isCritical && purposes.length === 1 && purposes[0] === OID.timeStamping
  return (
    (isFor ? undefined : broken('wrong_purpose', 'RFC 3161 2.3', certificate)) ??
    checkUsage(certificate, SIGNATURES, 'RFC 5280 4.2.1.12')
  )
}

/** The purpose must be named: anyExtendedKeyUsage does not make a responder. */
function checkOcspSigning(certificate: Certificate): InvalidPath | undefined {
  const purposes = extensionOf(certificate, OID.extKeyUsage, readExtendedKeyUsage) ?? []
  return (
    (purposes.includes(OID.ocspSigning) ? undefined : broken('wrong_purpose', 'RFC 6960 4.2.2.2', certificate)) ??
    checkUsage(certificate, SIGNATURES, 'RFC 5280 4.2.1.12')
  )
}

function checkCertificateAuthority(certificate: Certificate): InvalidPath | undefined {
  const constraints = extensionOf(certificate, OID.basicConstraints, readBasicConstraints)
  if (!constraints?.ca) return broken('not_an_authority', 'RFC 5280 4.2.1.9', certificate)
  return checkUsage(certificate, ['keyCertSign'], 'RFC 5280 4.2.1.3')
}

/** A certificate that names usages must name one of these; one that names none is for all. */
function checkUsage(certificate: Certificate, wanted: readonly KeyUsage[], clause: string): InvalidPath | undefined {
  const usage = extensionOf(certificate, OID.keyUsage, readKeyUsage)
  if (usage === undefined || wanted.some((one) => usage.has(one))) return undefined
  return broken('key_usage', clause, certificate)
}
