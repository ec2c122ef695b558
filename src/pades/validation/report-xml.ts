import type { CertificateReport, Report, SignatureReport } from './report.ts'
import { certificateId, chainXml, reference, statusXml, timeText } from './status-xml.ts'
import { digestXml, documentId, type NamedDocument, ValidationObjects } from './validation-objects.ts'
import { element, writeDocument, type Xml } from './xml-writer.ts'

const NAMESPACES = {
  xmlns: 'http://uri.etsi.org/19102/v1.4.1#',
  'xmlns:ds': 'http://www.w3.org/2000/09/xmldsig#',
} as const

/**
 * The report in the form of ETSI TS 119 102-2 V1.4.1. `document` is the file that was validated. The quality of
 * signatures, which takes trusted lists, is left out.
 */
export function reportXml(report: Report, document: NamedDocument): string {
  const objects = new ValidationObjects(report, document)
  const signatures = report.signatures.map((signature, i) => signatureXml(signature, i, report, objects))
  const list = element('SignatureValidationObjects', {}, ...objects.all)
  return writeDocument(
    element('ValidationReport', NAMESPACES, ...(signatures.length > 0 ? signatures : [noSignature]), list),
  )
}

/** The standard demands a report on a signature and has no word for there being none; this is the EU's own. */
const noSignature = element(
  'SignatureValidationReport',
  {},
  element(
    'SignatureValidationStatus',
    {},
    element('MainIndication', {}, 'urn:cef:dss:mainindication:noSignatureFound'),
  ),
)

function signatureXml(signature: SignatureReport, index: number, report: Report, objects: ValidationObjects): Xml {
  return element(
    'SignatureValidationReport',
    {},
    identifierXml(signature, index),
    timesXml(signature, report, objects),
    documentXml(signature),
    attributesXml(signature),
    signature.signer && signerXml(signature.signer),
    processXml,
    statusXml(signature, 'total-', signature.problems, chainXml(signature.chain), revocationXml(signature)),
  )
}

function identifierXml({ identity, field }: SignatureReport, index: number): Xml {
  return element(
    'SignatureIdentifier',
    { id: `signature-${index + 1}` },
    identity && digestXml(identity.digest, Buffer.from(identity.attributesHash, 'hex')),
    identity && element('ds:SignatureValue', {}, identity.value),
    element('HashOnly', {}, 'false'),
    element('DocHashOnly', {}, 'false'),
    element('DAIdentifier', {}, field),
  )
}

function timesXml({ provenAt, timestamps }: SignatureReport, report: Report, objects: ValidationObjects): Xml {
  const isProof = ({ time }: { readonly time?: Date }) => time?.getTime() === provenAt?.getTime()
  const proof = provenAt && [...timestamps, ...report.timestamps].find(isProof)
  return element(
    'ValidationTimeInfo',
    {},
    element('ValidationTime', {}, timeText(report.time)),
    element(
      'BestSignatureTime',
      {},
      element('POETime', {}, timeText(provenAt ?? report.time)),
      element('TypeOfProof', {}, 'urn:etsi:019102:poetype:validation'),
      proof && reference('POEObject', objects.idOf(proof)),
    ),
  )
}

function documentXml({ identity }: SignatureReport): Xml | undefined {
  if (!identity) return undefined
  const digest = digestXml(identity.digest, Buffer.from(identity.documentHash, 'hex'))
  return element('SignersDocument', {}, digest, reference('SignersDocumentRepresentation', documentId))
}

function attributesXml({ claimedAt }: SignatureReport): Xml | undefined {
  if (!claimedAt) return undefined
  const time = element('SigningTime', { Signed: 'true' }, element('Time', {}, timeText(claimedAt)))
  return element('SignatureAttributes', {}, time)
}

function signerXml(signer: CertificateReport): Xml {
  const certificate = reference('SignerCertificate', certificateId(signer))
  return element('SignerInformation', {}, certificate, element('Signer', {}, signer.subject))
}

const processXml = element(
  'SignatureValidationProcess',
  {},
  element('SignatureValidationProcessID', {}, 'urn:etsi:019102:validationprocess:LTA'),
)

/** The revocation that explains the verdict: the signer's own, or that of the lowest authority. */
function revocationXml({ chain }: SignatureReport): Xml | undefined {
  const link = chain.find(({ revocation }) => revocation?.status === 'revoked')
  const { revokedAt, reason = 'unspecified' } = link?.revocation ?? {}
  if (!link || !revokedAt) return undefined
  return element(
    'RevocationStatusInformation',
    {},
    reference('ValidationObjectId', certificateId(link)),
    element('RevocationTime', {}, timeText(revokedAt)),
    element('RevocationReason', {}, `urn:etsi:019102:revocationReason:${reason}`),
  )
}
