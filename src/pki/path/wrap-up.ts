import { acceptableAt, standardAlgorithms } from '../algorithm-policy.ts'
import type { Certificate } from '../certificate.ts'
import { certificateKey } from '../certificate-key.ts'
import { readPolicyConstraints } from '../extensions/policy-constraints.ts'
import { OID } from '../oids.ts'
import { checkCriticalExtensions } from './critical-extensions.ts'
import type { PathInput } from './path-input.ts'
import { broken, type InvalidPath } from './path-result.ts'
import type { PathState } from './path-state.ts'
import { constrainedPolicies } from './policy-graph.ts'
import { checkPurpose } from './purpose.ts'
import { extensionOf } from './read-extension.ts'

/** 6.1.5: the last rules, for the certificate at the end. Gives the policies under which the path is valid. */
export function wrapUp(state: PathState, certificate: Certificate, input: PathInput): InvalidPath | readonly string[] {
  const failure = checkFinal(certificate, input)
  if (failure) return failure
  // (a) and (b)
  const required = extensionOf(certificate, OID.policyConstraints, readPolicyConstraints)?.requireExplicitPolicy
  const explicitPolicy = required === 0 ? 0 : Math.max(0, state.explicitPolicy - 1)
  const policies = constrainedPolicies(state.policies, state.acceptable)
  if (explicitPolicy === 0 && policies.length === 0) return broken('policy', 'RFC 5280 6.1.5 (g)', certificate)
  return policies
}

/** 6.1.5 (c) to (f), the strength of the key, and what the caller wants it for. */
function checkFinal(certificate: Certificate, input: PathInput): InvalidPath | undefined {
  const { algorithms = standardAlgorithms, purpose, time } = input
  const strength = acceptableAt(algorithms, { key: certificateKey(certificate) }, time)
  return (
    checkCriticalExtensions(certificate, 'RFC 5280 6.1.5 (f)') ??
    (strength === true ? undefined : broken('weak_algorithm', algorithms.source, certificate, strength.until)) ??
    (purpose && checkPurpose(certificate, purpose))
  )
}
