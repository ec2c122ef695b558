import type { SecurityStore } from '../../src/pades/evidence/security-store.ts'
import { type Level, levels } from '../../src/pades/index.ts'
import {
  type Certificate,
  isSelfIssued,
  nameText,
  OID,
  readCertificate,
  readCertificateList,
  readOcspResponse,
  readSignedData,
  type SignedData,
  signerCertificate,
} from '../../src/pki/index.ts'
import { type Bytes, equalBytes } from '../../src/std/bytes.ts'
import { type FoundContainer, findContainers } from './engine-containers.ts'
import { derFaults } from './engine-der.ts'
import type { Evidence } from './engine-judges.ts'

type Facts = FoundContainer & { readonly data: SignedData; readonly signed: readonly string[] }

/** Attributes that EN 319 122-1 knows and EN 319 142-1 5.3 and table 1 keep out of PDF. */
const FORBIDDEN = {
  'signing-time': OID.signingTime,
  'content-reference': '1.2.840.113549.1.9.16.2.10',
  'content-identifier': '1.2.840.113549.1.9.16.2.7',
  'content-hints': '1.2.840.113549.1.9.16.2.4',
  'counter-signature': '1.2.840.113549.1.9.6',
  'signing-certificate': OID.signingCertificate,
} as const

/** EN 319 142-1 table 1 for every signature, as a reading of the rules that shares nothing with the engine's own. */
const rules: readonly (readonly [what: string, holds: (facts: Facts) => boolean])[] = [
  ['/Type is /Sig', ({ head }) => /\/Type ?\/Sig\b/.test(head)],
  ['/Filter is there', ({ head }) => /\/Filter ?\/\w/.test(head)],
  ['/SubFilter is /ETSI.CAdES.detached', ({ head }) => /\/SubFilter ?\/ETSI\.CAdES\.detached\b/.test(head)],
  ['/M is there', ({ head }) => /\/M ?[(<]/.test(head)],
  ['/Cert is not there', ({ head }) => !/\/Cert\b/.test(head)],
  ['the rest of /Contents is zero', ({ padding }) => padding.every((byte) => byte === 0)],
  ['there is one signer', ({ data }) => data.signerInfos.length === 1],
  ['the content is not inside', ({ data }) => data.content === undefined && data.contentType === OID.data],
  ['content-type is there', ({ signed }) => signed.includes(OID.contentType)],
  ['message-digest is there', ({ signed }) => signed.includes(OID.messageDigest)],
  ['signing-certificate-v2 is there once', ({ signed }) => count(signed, OID.signingCertificateV2) === 1],
  ["the signer's certificate is inside", (facts) => signerOf(facts) !== undefined],
  [
    'a reason is given once',
    ({ head, signed }) => !(/\/Reason\b/.test(head) && signed.includes(OID.commitmentTypeIndication)),
  ],
  ['the container is DER', ({ container }) => derFaults(container).length === 0],
]

/** What the document's security store holds, and the certificate that is trusted without any. */
export type Stored = { readonly evidence: Evidence; readonly anchor: Certificate }

/** What keeps the signatures of a file from being PAdES baseline, and the newest from its level. */
export function baselineFaults(pdf: Bytes, stored: Stored, level: Level): string[] {
  const found = findContainers(pdf)
  const signatures = found.filter(({ kind }) => kind === 'signature').map(factsOf)
  const faults = signatures.flatMap((facts) => [
    ...rules.flatMap(([what, holds]) => (holds(facts) ? [] : [`not so: ${what}`])),
    ...Object.entries(FORBIDDEN).flatMap(([name, type]) => (facts.signed.includes(type) ? [`${name} is there`] : [])),
  ])
  const newest = signatures.at(-1)
  if (!newest) return ['there is no signature']
  const stamps = found.filter((one) => one.kind === 'timestamp' && one.byteRange[2] > newest.byteRange[2])
  const rank = levels.indexOf(level)
  if (rank >= 1 && newest.tokens.length + stamps.length === 0) faults.push('B-T: there is no time-stamp')
  if (rank >= 2) faults.push(...missingEvidence(newest, stored))
  if (rank >= 3) faults.push(...archiveFaults(found.at(-1), pdf.length))
  return faults
}

function factsOf(found: FoundContainer): Facts {
  const data = readSignedData(found.container)
  const [signer] = data.signerInfos
  const attributes = [...(signer?.signed?.attributes ?? []), ...(signer?.unsigned ?? [])]
  return { ...found, data, signed: attributes.map(({ type }) => type) }
}

function count(types: readonly string[], wanted: string): number {
  return types.filter((type) => type === wanted).length
}

function signerOf({ data }: Pick<Facts, 'data'>): Certificate | undefined {
  const [signer] = data.signerInfos
  return signer && signerCertificate(signer, data.certificates.map(readCertificate))
}

/** EN 319 142-1 6.3, B-LT: certificates and revocation data for the signer and for the authority of each time-stamp. */
function missingEvidence(newest: Facts, { evidence, anchor }: Stored): string[] {
  const stored = evidence.certificates.map(readCertificate)
  const missing: string[] = []
  for (const data of [newest.data, ...newest.tokens.map(readSignedData)]) {
    const certificates = [...data.certificates.map(readCertificate), ...stored, anchor]
    let current = signerOf({ data })
    if (!current) missing.push('B-LT: the certificate of a signer')
    while (current && !isSelfIssued(current)) {
      const { issuer }: Certificate = current
      if (!isAnswered(current, evidence)) missing.push(`B-LT: the status of ${nameText(current.subject)}`)
      current = certificates.find((one) => equalBytes(one.subject.raw, issuer.raw))
      if (!current) missing.push('B-LT: the certificate of an authority')
    }
  }
  return missing
}

function isAnswered({ serial, issuer }: Certificate, { ocsps, crls }: Evidence): boolean {
  const isAbout = (der: Bytes) =>
    readOcspResponse(der).basic?.responses.some(({ certificateId }) => equalBytes(certificateId.serial, serial)) ??
    false
  return ocsps.some(isAbout) || crls.some((der) => equalBytes(readCertificateList(der).issuer.raw, issuer.raw))
}

/** EN 319 142-1 5.4.3: the last thing in the file is a document time-stamp over all of it. */
function archiveFaults(last: FoundContainer | undefined, size: number): string[] {
  if (last?.kind !== 'timestamp') return ['B-LTA: the document time-stamp']
  const faults: string[] = []
  if (!/\/Type ?\/DocTimeStamp\b/.test(last.head)) faults.push('B-LTA: /Type')
  if (!/\/SubFilter ?\/ETSI\.RFC3161\b/.test(last.head)) faults.push('B-LTA: /SubFilter')
  if (last.byteRange[2] + last.byteRange[3] !== size) faults.push('B-LTA: the time-stamp covers the whole file')
  if (readSignedData(last.container).contentType !== OID.tstInfo) faults.push('B-LTA: the content of the time-stamp')
  return faults
}
