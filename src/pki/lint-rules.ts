import type { Bytes } from '../std/bytes.ts'
import { isSelfIssued, type TbsCertificate } from './certificate.ts'
import { children, fieldsOf, oidText, readDer } from './der-reader.ts'
import { TAG } from './der-writer.ts'
import { readAuthorityInfoAccess } from './extensions/authority-info-access.ts'
import { readBasicConstraints } from './extensions/basic-constraints.ts'
import { readCertificatePolicies } from './extensions/certificate-policies.ts'
import { readCrlDistributionPoints } from './extensions/crl-distribution-points.ts'
import { readExtendedKeyUsage } from './extensions/extended-key-usage.ts'
import { type KeyUsage, readKeyUsage } from './extensions/key-usage.ts'
import { valuesOf } from './name.ts'
import { OID } from './oids.ts'
import { PkiError } from './pki-error.ts'
import { publicKeyOf } from './verify.ts'

export type LintFinding = {
  /** The document and clause that says so. */
  readonly clause: string
  readonly message: string
}

type Rule = (certificate: TbsCertificate) => LintFinding[]

/** Says `message` unless the condition holds. */
function must(holds: boolean, clause: string, message: string): LintFinding[] {
  return holds ? [] : [{ clause, message }]
}

/** The value of an extension, read; undefined when it is absent or cannot be read. */
function extension<T>({ extensions }: TbsCertificate, id: string, read: (value: Bytes) => T): T | undefined {
  const found = extensions.get(id)
  if (found === undefined) return undefined
  try {
    return read(found.value)
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
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

const neverCritical: Rule = ({ extensions }) =>
  [OID.subjectKeyIdentifier, OID.authorityKeyIdentifier, OID.authorityInfoAccess, OID.certificatePolicies]
    .concat([OID.cRLDistributionPoints, OID.subjectAltName, OID.issuerAltName, OID.qcStatements] as never)
    .flatMap((id) =>
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

const personSubject: Rule = ({ subject }) => {
  const count = (type: string) => valuesOf(subject, type).length
  const pseudonym = count(OID.pseudonym) > 0
  const named = count(OID.givenName) + count(OID.surname) > 0
  return [
    ...must(count(OID.commonName) === 1, 'EN 319 412-2 NAT-4.2.4-1', 'commonName must stand once'),
    ...must(count(OID.countryName) === 1, 'EN 319 412-2 NAT-4.2.4-1', 'countryName must stand once'),
    ...must(named !== pseudonym, 'EN 319 412-2 NAT-4.2.4-3', 'givenName or surname, or else pseudonym, must be there'),
  ]
}

const FORBIDDEN_IN_PERSON = [
  OID.policyMappings,
  OID.nameConstraints,
  OID.policyConstraints,
  OID.inhibitAnyPolicy,
] as const

const personExtensions: Rule = (certificate) => [
  ...FORBIDDEN_IN_PERSON.flatMap((id) =>
    must(!certificate.extensions.has(id), 'EN 319 412-2 4.3', `the extension ${id} must be absent`),
  ),
  ...must(
    (extension(certificate, OID.certificatePolicies, readCertificatePolicies)?.length ?? 0) > 0,
    'EN 319 412-2 GEN-4.3.3',
    'certificatePolicies must be present',
  ),
]

const personUsage: Rule = (certificate) => {
  const usage = extension(certificate, OID.keyUsage, readKeyUsage) ?? new Set<KeyUsage>()
  return must(
    usage.size === 1 && usage.has('nonRepudiation'),
    'EN 319 412-2 4.3.2',
    "a person's key is for nonRepudiation alone",
  )
}

const notAuthority: Rule = (certificate) =>
  must(
    extension(certificate, OID.basicConstraints, readBasicConstraints)?.ca !== true,
    'RFC 5280 4.2.1.9',
    'the certificate must not be that of an authority',
  )

const statusReachable: Rule = (certificate) => {
  const access = extension(certificate, OID.authorityInfoAccess, readAuthorityInfoAccess)
  const lists = extension(certificate, OID.cRLDistributionPoints, readCrlDistributionPoints) ?? []
  return [
    ...must(access !== undefined, 'EN 319 412-2 GEN-4.4.1', 'authorityInfoAccess must be present'),
    ...must(
      (access?.ocsp.length ?? 0) > 0 || lists.some((uri) => /^(http|ldap):\/\//.test(uri)),
      'EN 319 412-2 4.3.11',
      'an OCSP address or a CRL distribution point must be present',
    ),
  ]
}

export const personRules: readonly Rule[] = [
  personSubject,
  personExtensions,
  personUsage,
  notAuthority,
  statusReachable,
]

const authorityConstraints: Rule = (certificate) =>
  must(
    extension(certificate, OID.basicConstraints, readBasicConstraints)?.ca === true &&
      certificate.extensions.get(OID.basicConstraints)?.critical === true,
    'RFC 5280 4.2.1.9',
    'basicConstraints must be critical with cA set',
  )

const authorityUsage: Rule = (certificate) => {
  const usage = extension(certificate, OID.keyUsage, readKeyUsage)
  return [
    ...must(usage?.has('keyCertSign') === true, 'RFC 5280 4.2.1.3', 'an authority needs keyCertSign'),
    ...must(
      certificate.extensions.has(OID.subjectKeyIdentifier),
      'RFC 5280 4.2.1.2',
      'an authority needs subjectKeyIdentifier',
    ),
    ...must(certificate.subject.relativeNames.length > 0, 'RFC 5280 4.1.2.6', 'an authority needs a name'),
  ]
}

export const authorityRules: readonly Rule[] = [authorityConstraints, authorityUsage]

const servicePurpose: Rule = (certificate) => {
  const purposes = extension(certificate, OID.extKeyUsage, readExtendedKeyUsage) ?? []
  const stamping = purposes.includes(OID.timeStamping)
  return [
    ...must(purposes.length > 0, 'RFC 5280 4.2.1.12', "a service's certificate must name its purpose"),
    ...must(
      !stamping || (purposes.length === 1 && certificate.extensions.get(OID.extKeyUsage)?.critical === true),
      'RFC 3161 2.3',
      'timeStamping must be critical and alone',
    ),
  ]
}

export const serviceRules: readonly Rule[] = [servicePurpose, notAuthority]
