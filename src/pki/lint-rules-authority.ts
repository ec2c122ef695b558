import { readBasicConstraints } from './extensions/basic-constraints.ts'
import { readExtendedKeyUsage } from './extensions/extended-key-usage.ts'
import { readKeyUsage } from './extensions/key-usage.ts'
import { extension, must, notAuthority, type Rule } from './lint-rules.ts'
import { OID } from './oids.ts'

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
