import type { Certificate } from '../../pki/index.ts'
import { checkRevocation, freshUntil, type RevocationVerdict } from './revocation-freshness.ts'
import type { CertificateQuestion, ValidationContext } from './validation-context.ts'

/** The last moment up to which a chain can be relied upon, and what was known about each of its certificates. */
export type ControlTime = { readonly time: Date; readonly revocations: readonly RevocationVerdict[] }

/**
 * Slides the control time (EN 319 102-1 5.6.2.2) from now into the past: from the certificate below the anchor down,
 * each revocation, and each status that is no longer fresh, moves it. Undefined when a status is missing or is not
 * proved to have existed by then.
 *
 * Where the standard moves to the issuance of a stale status, this moves to the last moment for which the status
 * speaks: who validated then had to accept it, and the status of the next certificate, which is usually collected
 * some time after the list of the authority above was issued, would otherwise always come too late.
 */
export async function slideControlTime(
  { purpose }: CertificateQuestion,
  path: readonly Certificate[],
  context: ValidationContext,
): Promise<ControlTime | undefined> {
  let time = context.policy.time
  const revocations: RevocationVerdict[] = []
  if (context.policy.revocation === 'none') return { time, revocations }
  for (let i = path.length - 2; i >= 0; i--) {
    const [certificate, issuer] = path.slice(i)
    if (!certificate || !issuer) break
    const need = { freshAt: time, existingBy: time }
    const use = i === 0 ? purpose : 'certificateAuthority'
    const verdict = await checkRevocation({ certificate, issuer }, use, need, context)
    if (verdict.status === 'unknown') return undefined
    revocations.unshift(verdict)
    time = earlier(time, limitOf(verdict, context.policy.revocationFreshnessMs))
  }
  return { time, revocations }
}

function limitOf(verdict: RevocationVerdict, maxAgeMs: number | undefined): Date | undefined {
  if (verdict.status === 'revoked') return verdict.revokedAt
  return verdict.status === 'good' && !verdict.isFresh ? freshUntil(verdict.held.finding, maxAgeMs) : undefined
}

function earlier(a: Date, b: Date | undefined): Date {
  return b && b < a ? b : a
}
