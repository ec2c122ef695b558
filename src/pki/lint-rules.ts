import type { Bytes } from '../std/bytes.ts'
import { isSelfIssued, type TbsCertificate } from './certificate.ts'
import { children, fieldsOf, readDer } from './der-reader.ts'
import { TAG } from './der-writer.ts'
import { readBasicConstraints } from './extensions/basic-constraints.ts'
import { readKeyUsage } from './extensions/key-usage.ts'
import { valuesOf } from './name.ts'
import { oidText } from './object-identifier.ts'
import { OID } from './oids.ts'
import { PkiError } from './pki-error.ts'
import { readable } from './readable.ts'
import { publicKeyOf } from './verify.ts'

export type LintFinding = {
  /** The document and clause that says so. */
  readonly clause: string
  readonly message: string
}

export type Rule = (certificate: TbsCertificate) => LintFinding[]

/** Says `message` unless the condition holds. */
export function must(holds: boolean, clause: string, message: string): LintFinding[] {
  return holds ? [] : [{ clause, message }]
}

/** The value of an extension, read; undefined when it is absent or cannot be read. */
export function extension<T>({ extensions }: TbsCertificate, id: string, read: (value: Bytes) => T): T | undefined {
  const found = extensions.get(id)
  return found && readable(() => read(found.value))
}

/** Upper bounds in characters (RFC 5280 appendix A.1). */
const UPPER_BOUNDS: ReadonlyMap<string, number> = new Map([
  [OID.commonName, 64],
  [OID.organizationName, 64],
  [OID.organizationalUnitName, 64],
  [OID.serialNumber, 64],
  [OID.title, 64],
  [OID.localityName, 128],
  [OID.stateOrProvinceName, 128],
  [OID.pseudonym, 128],
  [OID.surname, 32768],
  [OID.givenName, 32768],
  [OID.emailAddress, 255],
])

const attributeLengths: Rule = ({ subject }) =>
  subject.relativeNames.flat().flatMap(({ type, value }) => {
    const bound = UPPER_BOUNDS.get(type) ?? 32768
    const length = [...value].length
    return must(
      length >= 1 && length <= bound,
      'RFC 5280 A.1',
      `the attribute ${type} must have 1 to ${bound} characters`,
    )
  })

const attributeCharacters: Rule = ({ subject }) =>
  subject.relativeNames
    .flat()
    .flatMap(({ type, value }) =>
      must(!/\p{Cc}/u.test(value), 'RFC 5280 4.1.2.4', `the attribute ${type} must not have control characters`),
    )

const country: Rule = ({ subject }) =>
  valuesOf(subject, OID.countryName).flatMap((value) =>
    must(/^[A-Z]{2}$/.test(value), 'X.520 6.3.1', 'countryName must be two capital letters (ISO 3166)'),
  )

const validity: Rule = ({ notBefore, notAfter }) =>
  must(notBefore < notAfter, 'RFC 5280 4.1.2.5', 'notAfter must be later than notBefore')

const publicKey: Rule = ({ spki }) => {
  try {
    publicKeyOf(spki)
    return []
  } catch (error) {
    if (error instanceof PkiError) return [{ clause: 'ETSI TS 119 312', message: error.message }]
    throw error
  }
}

const authorityKey: Rule = (certificate) =>
  must(
    certificate.extensions.has(OID.authorityKeyIdentifier) || isSelfIssued(certificate),
    'RFC 5280 4.2.1.1',
    'authorityKeyIdentifier must be present',
  )

const usagePresent: Rule = (certificate) =>
  must(
    extension(certificate, OID.keyUsage, readKeyUsage) !== undefined &&
      certificate.extensions.get(OID.keyUsage)?.critical === true,
    'RFC 5280 4.2.1.3',
    'keyUsage must be present, readable and critical',
  )

const NEVER_CRITICAL = [
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.authorityInfoAccess,
  OID.certificatePolicies,
  OID.cRLDistributionPoints,
  OID.subjectAltName,
  OID.issuerAltName,
  OID.qcStatements,
] as const

const neverCritical: Rule = ({ extensions }) =>
  NEVER_CRITICAL.flatMap((id) =>
    must(extensions.get(id)?.critical !== true, 'EN 319 412-2 4.3', `the extension ${id} must not be critical`),
  )

/** A statement that only the operator of an accredited service may make: nothing here can make it. */
const noQualifiedClaim: Rule = (certificate) => {
  if (!certificate.extensions.has(OID.qcStatements)) return []
  const statements = extension(certificate, OID.qcStatements, (value) =>
    children(readDer(value)).map((node) => oidText(fieldsOf(node, 'QCStatement').take(TAG.oid))),
  )
  const clause = 'EN 319 412-5 4.2'
  if (statements === undefined) return [{ clause, message: 'qcStatements cannot be read' }]
  return [OID.qcCompliance, OID.qcSscd].flatMap((id) =>
    must(!statements.includes(id), clause, `the statement ${id} takes a qualified service`),
  )
}

export const commonRules: readonly Rule[] = [
  validity,
  publicKey,
  attributeLengths,
  attributeCharacters,
  country,
  authorityKey,
  usagePresent,
  neverCritical,
  noQualifiedClaim,
]

export const notAuthority: Rule = (certificate) =>
  must(
    extension(certificate, OID.basicConstraints, readBasicConstraints)?.ca !== true,
    'RFC 5280 4.2.1.9',
    'the certificate must not be that of an authority',
  )
