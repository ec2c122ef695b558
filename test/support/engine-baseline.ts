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
  type SignerInfo,
  signerCertificate,
} from '../../src/pki/index.ts'
import { type Bytes, equalBytes } from '../../src/std/bytes.ts'
import { type FoundContainer, findContainers } from './engine-containers.ts'
import { derFaults } from './engine-der.ts'

/** `attributes`: the types of all, signed or not. */
type Facts = FoundContainer & { readonly data: SignedData; readonly attributes: readonly string[] }

/** Attributes that EN 319 122-1 knows and EN 319 142-1 5.3 and table 1 keep out of PDF. */
const FORBIDDEN = {
  'signing-time': OID.signingTime,
  'content-reference': '1.2.840.113549.1.9.16.2.10',
  'content-identifier': '1.2.840.113549.1.9.16.2.7',
  'content-hints': '1.2.840.113549.1.9.16.2.4',
  'counter-signature': '1.2.840.113549.1.9.6',
  'signing-certificate': OID.signingCertificate,
} as const

/** EN 319 142-1 table 1 for every signature, read once more, and not as the engine's own validation reads it. */
const rules: readonly (readonly [what: string, holds: (facts: Facts) => boolean])[] = [
  ['/Type is /Sig', ({ dictionary }) => /\/Type ?\/Sig\b/.test(dictionary)],
  ['/Filter is there', ({ dictionary }) => /\/Filter ?\/\w/.test(dictionary)],
  ['/SubFilter is /ETSI.CAdES.detached', ({ dictionary }) => /\/SubFilter ?\/ETSI\.CAdES\.detached\b/.test(dictionary)],
  ['/M is there', ({ dictionary }) => /\/M ?[(<]/.test(dictionary)],
  ['/Cert is not there', ({ dictionary }) => !/\/Cert\b/.test(dictionary)],
  ['the rest of /Contents is zero', ({ padding }) => padding.every((byte) => byte === 0)],
  ['there is one signer', ({ data }) => data.signerInfos.length === 1],
  ['the content is not inside', ({ data }) => data.content === undefined && data.contentType === OID.data],
  ['content-type is there', ({ attributes }) => attributes.includes(OID.contentType)],
  ['message-digest is there', ({ attributes }) => attributes.includes(OID.messageDigest)],
  ['signing-certificate-v2 is there once', ({ attributes }) => count(attributes, OID.signingCertificateV2) === 1],
  ["the signer's certificate is inside", (facts) => signerOf(facts) !== undefined],
  [
    'a reason is given once',
    ({ dictionary, attributes }) =>
      !(/\/Reason\b/.test(dictionary) && attributes.includes(OID.commitmentTypeIndication)),
  ],
  ['the container is DER', ({ container }) => derFaults(container).length === 0],
  ['the certificates are in order', ({ data }) => data.certificates.every(followsItsNeighbour)],
  ['the signed attributes are in order', ({ data }) => data.signerInfos.every(isOrdered)],
]

/** What the document's security store holds, and the certificate that is trusted without any. */
export type Stored = { readonly evidence: SecurityStore; readonly anchor: Certificate }

/** What keeps the signatures of a file from being PAdES baseline, and the newest from its level. */
export function baselineFaults(pdf: Bytes, stored: Stored, level: Level): string[] {
  const found = findContainers(pdf)
  const signatures = found.filter(({ kind }) => kind === 'signature').map(factsOf)
  const faults = signatures.flatMap((facts) => [
    ...rules.flatMap(([what, holds]) => (holds(facts) ? [] : [`not so: ${what}`])),
    ...Object.entries(FORBIDDEN).flatMap(([name, type]) =>
      facts.attributes.includes(type) ? [`${name} is there`] : [],
    ),
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
  return { ...found, data, attributes: attributes.map(({ type }) => type) }
}

/** The tags of certificates and attributes do not tell that they are sets. */
function followsItsNeighbour(encoded: Bytes, at: number, all: readonly Bytes[]): boolean {
  return Buffer.compare(all[at - 1] ?? encoded, encoded) <= 0
}

function isOrdered({ signed }: SignerInfo): boolean {
  return signed !== undefined && derFaults(signed.encoded).length === 0
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

function isAnswered({ serial, issuer }: Certificate, { ocsps, crls }: SecurityStore): boolean {
  const isAbout = (der: Bytes) =>
    readOcspResponse(der).basic?.responses.some(({ certificateId }) => equalBytes(certificateId.serial, serial)) ??
    false
  return ocsps.some(isAbout) || crls.some((der) => equalBytes(readCertificateList(der).issuer.raw, issuer.raw))
}

/** EN 319 142-1 5.4.3: the last thing in the file is a document time-stamp over all of it. */
function archiveFaults(last: FoundContainer | undefined, size: number): string[] {
  if (last?.kind !== 'timestamp') return ['B-LTA: the document time-stamp']
  const faults: string[] = []
  if (!/\/Type ?\/DocTimeStamp\b/.test(last.dictionary)) faults.push('B-LTA: /Type')
  if (!/\/SubFilter ?\/ETSI\.RFC3161\b/.test(last.dictionary)) faults.push('B-LTA: /SubFilter')
  if (last.byteRange[2] + last.byteRange[3] !== size) faults.push('B-LTA: the time-stamp covers the whole file')
  if (readSignedData(last.container).contentType !== OID.tstInfo) faults.push('B-LTA: the content of the time-stamp')
  return faults
}
