import { weakLink } from './algorithm-constraints.ts'
import { findChain } from './certificate-validation.ts'
import { slideControlTime } from './control-time.ts'
import type { CertificateQuestion, CertificateVerdict, ValidationContext } from './validation-context.ts'

/**
 * Past certificate validation (EN 319 102-1 5.6.2.1) with its use for what the certificate signed (5.6.2.4): there
 * was a valid chain at the proven moment, and that moment is not after the control time. Undefined when this way
 * leads nowhere.
 */
export async function validateInThePast(
  question: CertificateQuestion,
  context: ValidationContext,
): Promise<CertificateVerdict | undefined> {
  const result = findChain(question, question.proven, context)
  if (!result.ok || weakLink(result.path, context)) return undefined
  const control = await slideControlTime(question, result.path, context)
  if (control === undefined || control.time < question.proven) return undefined
  return { path: result.path, revocations: control.revocations }
}
