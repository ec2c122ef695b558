import { judgeRevocations, validateCertificate } from './certificate-validation.ts'
import { validateInThePast } from './past-certificate-validation.ts'
import type { CertificateQuestion, CertificateVerdict, ValidationContext } from './validation-context.ts'
import { validateWithTime } from './validation-with-time.ts'

/**
 * The three ways in which EN 319 102-1 comes to rely on a certificate, the simple one first: it is good now (5.3);
 * it was good at a proven moment (5.5); everything about it is proved to be of a time when it was good (5.6). When
 * none leads there, the verdict is that of today.
 */
export async function judgeCertificate(
  question: CertificateQuestion,
  context: ValidationContext,
): Promise<CertificateVerdict> {
  const present = await allowDated(question, await validateCertificate(question, context), context)
  if (!present.problem || question.proven >= context.policy.time) return present
  return (await validateWithTime(question, context)) ?? (await validateInThePast(question, context)) ?? present
}

/**
 * A time-stamp with evidence beside it, and no other time-stamp above: the evidence grows old within hours, and
 * nobody may be there to be asked. A status from after the stated time is then taken for as long as the chain is
 * valid, unless the policy limits its age; the report says so. Only a document time-stamp protects against an
 * authority whose key is stolen later.
 */
async function allowDated(
  question: CertificateQuestion,
  verdict: CertificateVerdict,
  context: ValidationContext,
): Promise<CertificateVerdict> {
  const isStale = verdict.problem?.code === 'revocation.stale'
  if (!isStale || !question.stated || context.policy.revocationFreshnessMs !== undefined) return verdict
  const dated = await judgeRevocations(question, verdict.path, { freshAt: question.stated }, context)
  return dated.problem ? verdict : { ...dated, isDated: true }
}
