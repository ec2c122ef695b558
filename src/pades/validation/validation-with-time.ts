import { weakLink } from './algorithm-constraints.ts'
import { findChain, judgeRevocations } from './certificate-validation.ts'
import type { CertificateQuestion, CertificateVerdict, ValidationContext } from './validation-context.ts'

/**
 * What validation with time (EN 319 102-1 5.5) asks of a certificate: was it valid, and not revoked, at the proven
 * moment? The authorities above it must still be valid today, as nothing proves when the evidence came into being.
 * Undefined when this way leads nowhere.
 */
export async function validateWithTime(
  question: CertificateQuestion,
  context: ValidationContext,
): Promise<CertificateVerdict | undefined> {
  const { proven } = question
  const result = findChain(question, proven, context)
  if (!result.ok || result.path.slice(1).some(({ notAfter }) => notAfter < context.policy.time)) return undefined
  if (weakLink(result.path, context)) return undefined
  const verdict = await judgeRevocations(question, result.path, { freshAt: proven, signedBy: proven }, context)
  return verdict.problem ? undefined : verdict
}
