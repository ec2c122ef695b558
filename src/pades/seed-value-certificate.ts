import { type Dict, NULL, type PdfDocument, readInteger, readString, readText } from '../pdf/index.ts'
import {
  type Certificate,
  type KeyUsage,
  keyUsages,
  OID,
  readCertificatePolicies,
  readKeyUsage,
  valuesOf,
} from '../pki/index.ts'
import { asBuffer, type Bytes, equalBytes } from '../std/bytes.ts'
import { refuseSeed, type SigningFacts } from './signing-facts.ts'

/** One constraint on the certificate: its key, its bit in /Ff (ISO 32000-2 table 238). */
type Constraint = {
  readonly key: string
  readonly bit: number
  readonly holds: (items: readonly Bytes[], facts: SigningFacts, document: PdfDocument) => boolean
}

const constraints: readonly Constraint[] = [
  { key: 'Subject', bit: 1, holds: (items, { certificate }) => items.some((item) => isEncodingOf(item, certificate)) },
  {
    key: 'Issuer',
    bit: 2,
    holds: (items, { certificate, chain }) =>
      items.some((item) => [certificate, ...chain].some((one) => isEncodingOf(item, one))),
  },
  {
    key: 'OID',
    bit: 3,
    holds: (items, { certificate }) => items.some((item) => hasPolicy(certificate, asciiOf(item))),
  },
  {
    key: 'SubjectDN',
    bit: 4,
    holds: (items, { certificate }, document) => items.some((item) => matchesName(document, item, certificate)),
  },
  {
    key: 'KeyUsage',
    bit: 6,
    holds: (items, { certificate }) => items.some((item) => matchesUsage(certificate, asciiOf(item))),
  },
]

/** Checks what the field demands of the signer's certificate. Throws `pades.seed_value`. */
export function obeyCertificateSeed(document: PdfDocument, wanted: Dict, facts: SigningFacts): void {
  const flags = readInteger(document.resolve(wanted.get('Ff') ?? NULL)) ?? 0
  for (const { key, bit, holds } of constraints) {
    const value = wanted.get(key)
    if (value === undefined || (flags & (1 << (bit - 1))) === 0) continue
    const items = (document.array(value) ?? []).map((item) => document.resolve(item))
    if (!holds(items, facts, document)) refuseSeed(`Cert.${key}`)
  }
}

function isEncodingOf(item: Bytes, certificate: Certificate): boolean {
  const der = readString(item)
  return der !== undefined && equalBytes(der, certificate.der)
}

function asciiOf(item: Bytes): string {
  return asBuffer(readString(item) ?? new Uint8Array()).toString('latin1')
}

function hasPolicy({ extensions }: Certificate, wanted: string): boolean {
  const extension = extensions.get(OID.certificatePolicies)
  return extension !== undefined && readCertificatePolicies(extension.value).includes(wanted)
}

/** The names of the attributes as a seed value writes them (RFC 2253 2.3, and what PDF writers add). */
const attributeTypes: Readonly<Record<string, string>> = {
  CN: OID.commonName,
  O: OID.organizationName,
  OU: OID.organizationalUnitName,
  C: OID.countryName,
  L: OID.localityName,
  ST: OID.stateOrProvinceName,
  STREET: OID.streetAddress,
  DC: OID.domainComponent,
  UID: OID.userId,
  E: OID.emailAddress,
  SERIALNUMBER: OID.serialNumber,
}

/** Every attribute of the dictionary must stand in the subject; the subject may have more. */
function matchesName(document: PdfDocument, item: Bytes, { subject }: Certificate): boolean {
  const entries = [...(document.dict(item) ?? [])]
  return entries.every(([key, value]) => {
    const type = attributeTypes[key.toUpperCase()] ?? key
    const wanted = readText(readString(document.resolve(value)) ?? new Uint8Array())
    return valuesOf(subject, type).includes(wanted)
  })
}

/** A character for each bit in its order: `0` must not be set, `1` must be, `X` may be. */
function matchesUsage({ extensions }: Certificate, pattern: string): boolean {
  const extension = extensions.get(OID.keyUsage)
  const had = extension ? readKeyUsage(extension.value) : new Set<KeyUsage>()
  return keyUsages.every((usage, i) => {
    const wanted = pattern[i]
    return wanted === '1' ? had.has(usage) : wanted !== '0' || !had.has(usage)
  })
}
