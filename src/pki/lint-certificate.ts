import type { Bytes } from '../std/bytes.ts'
import type { Branded } from '../std/ids.ts'
import { readTbsCertificate, type TbsCertificate } from './certificate.ts'
import { commonRules, type LintFinding } from './lint-rules.ts'
import { authorityRules, serviceRules } from './lint-rules-authority.ts'
import { personRules } from './lint-rules-person.ts'
import { PkiError, refuse } from './pki-error.ts'
import { knownSignature } from './signature-algorithm.ts'

/** What a certificate is for: each has its own rules. */
export type LintProfile = 'person' | 'authority' | 'service'

/** Bytes of a TBSCertificate that passed {@link lint}. Only these can become a certificate. */
export type LintedTbs = Branded<Bytes, 'LintedTbs'>

const profileRules = { person: personRules, authority: authorityRules, service: serviceRules } as const

/** Everything that is wrong with a certificate about to be signed; empty when nothing is. */
export function lintCertificate(tbs: Bytes, profile: LintProfile): LintFinding[] {
  let certificate: TbsCertificate
  try {
    certificate = readTbsCertificate(tbs)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return [{ clause: String(error.details['clause'] ?? 'RFC 5280 4.1'), message: error.message }]
  }
  const findings = [...commonRules, ...profileRules[profile]].flatMap((rule) => rule(certificate))
  if (knownSignature(certificate.algorithm) === undefined)
    findings.push({ clause: 'ETSI TS 119 312', message: 'the signature algorithm is unknown or too weak' })
  return findings
}

/** Lets a certificate pass when nothing is wrong with it. Throws `pki.lint` with all findings. */
export function lint(tbs: Bytes, profile: LintProfile): LintedTbs {
  const findings = lintCertificate(tbs, profile)
  if (findings.length > 0)
    refuse('pki.lint', 'the certificate must not be issued', {
      findings: findings.map(({ clause, message }) => `${clause}: ${message}`),
    })
  return tbs as LintedTbs
}
