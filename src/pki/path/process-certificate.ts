import { type Certificate, isSelfIssued } from '../certificate.ts'
import { readCertificatePolicies } from '../extensions/certificate-policies.ts'
import { sameName } from '../name-match.ts'
import { OID } from '../oids.ts'
import { checkNames } from './name-space.ts'
import { broken, type InvalidPath } from './path-result.ts'
import type { PathState } from './path-state.ts'
import { nextLevel } from './policy-graph.ts'
import { extensionOf } from './read-extension.ts'

/** 6.1.3, for a certificate whose signature was verified: all but (a)(1), and (a)(3), which has its own room. */
export function processCertificate(
  state: PathState,
  certificate: Certificate,
  at: { readonly time: Date; readonly isFinal: boolean },
): InvalidPath | undefined {
  return (
    checkValidity(certificate, at.time) ??
    checkIssuer(state, certificate) ??
    checkConstraints(state, certificate, at.isFinal) ??
    processPolicies(state, certificate, at.isFinal)
  )
}

/** 6.1.3 (a)(2): both ends belong to the validity, of which the last second is a whole one. */
export function checkValidity(certificate: Certificate, time: Date): InvalidPath | undefined {
  const clause = 'RFC 5280 6.1.3 (a)(2)'
  const second = Math.floor(time.getTime() / 1000) * 1000
  if (second < certificate.notBefore.getTime()) return broken('not_yet_valid', clause, certificate)
  if (second > certificate.notAfter.getTime()) return broken('expired', clause, certificate)
  return undefined
}

/** 6.1.3 (a)(4). */
function checkIssuer(state: PathState, certificate: Certificate): InvalidPath | undefined {
  if (sameName(certificate.issuer, state.issuer.subject)) return undefined
  return broken('name_chaining', 'RFC 5280 6.1.3 (a)(4)', certificate)
}

/** 6.1.3 (b) and (c): an authority that changes its own key needs no permission for its name. */
function checkConstraints(state: PathState, certificate: Certificate, isFinal: boolean): InvalidPath | undefined {
  return isFinal || !isSelfIssued(certificate) ? checkNames(state.names, certificate) : undefined
}

/** 6.1.3 (d) to (f). */
export function processPolicies(state: PathState, certificate: Certificate, isFinal: boolean): InvalidPath | undefined {
  const policies = extensionOf(certificate, OID.certificatePolicies, readCertificatePolicies) ?? []
  const anyAllowed = state.inhibitAnyPolicy > 0 || (!isFinal && isSelfIssued(certificate))
  state.policies = nextLevel(state.policies, policies, anyAllowed)
  if (state.explicitPolicy > 0 || state.policies.size > 0) return undefined
  return broken('policy', 'RFC 5280 6.1.3 (f)', certificate)
}
