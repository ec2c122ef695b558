import type { Certificate } from '../certificate.ts'
import { readCertificatePolicies } from '../extensions/certificate-policies.ts'
import { OID } from '../oids.ts'
import type { InvalidPath } from './path-result.ts'
import type { PathState } from './path-state.ts'
import { applyLimits } from './prepare-next.ts'
import { checkValidity } from './process-certificate.ts'
import { extensionOf } from './read-extension.ts'

/** RFC 5937 3: lets the limits that stand in the anchor's certificate bind the path. Its signature is not asked for. */
export function applyAnchor(state: PathState, anchor: Certificate, time: Date): InvalidPath | undefined {
  const policies = extensionOf(anchor, OID.certificatePolicies, readCertificatePolicies)
  if (policies && !policies.includes(OID.anyPolicy))
    state.acceptable = state.acceptable?.filter((policy) => policies.includes(policy)) ?? policies
  return checkValidity(anchor, time) ?? applyLimits(state, anchor)
}
