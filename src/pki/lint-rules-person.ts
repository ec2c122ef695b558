import { readAuthorityInfoAccess } from './extensions/authority-info-access.ts'
import { readCertificatePolicies } from './extensions/certificate-policies.ts'
import { readCrlDistributionPoints } from './extensions/crl-distribution-points.ts'
import { type KeyUsage, readKeyUsage } from './extensions/key-usage.ts'
import { extension, must, notAuthority, type Rule } from './lint-rules.ts'
import { valuesOf } from './name.ts'
import { OID } from './oids.ts'

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
