import { type Certificate, isSelfIssued } from '../certificate.ts'
import { readBasicConstraints } from '../extensions/basic-constraints.ts'
import { readInhibitAnyPolicy } from '../extensions/inhibit-any-policy.ts'
import { readKeyUsage } from '../extensions/key-usage.ts'
import { readNameConstraints } from '../extensions/name-constraints.ts'
import { readPolicyConstraints } from '../extensions/policy-constraints.ts'
import { readPolicyMappings } from '../extensions/policy-mappings.ts'
import { OID } from '../oids.ts'
import { checkCriticalExtensions } from './critical-extensions.ts'
import { narrowed } from './name-space.ts'
import { broken, type InvalidPath } from './path-result.ts'
import type { PathState } from './path-state.ts'
import { mapPolicies } from './policy-graph.ts'
import { extensionOf } from './read-extension.ts'

/** 6.1.4: from a certificate that is not the last to the one that it issued. */
export function prepareNext(state: PathState, certificate: Certificate): InvalidPath | undefined {
  return applyMappings(state, certificate) ?? takeOver(state, certificate) ?? applyLimits(state, certificate)
}

/** 6.1.4 (a) and (b). */
function applyMappings(state: PathState, certificate: Certificate): InvalidPath | undefined {
  const mappings = extensionOf(certificate, OID.policyMappings, readPolicyMappings)
  if (mappings === undefined) return undefined
  const hasAny = mappings.some((mapping) => Object.values(mapping).includes(OID.anyPolicy))
  if (hasAny) return broken('policy', 'RFC 5280 6.1.4 (a)', certificate)
  state.policies = mapPolicies(state.policies, mappings, state.policyMapping > 0)
  return undefined
}

/** 6.1.4 (c) to (f), (h) and (l): what passes on, and what each certificate that is not self-issued uses up. */
function takeOver(state: PathState, certificate: Certificate): InvalidPath | undefined {
  state.issuer = certificate
  if (isSelfIssued(certificate)) return undefined
  state.explicitPolicy = Math.max(0, state.explicitPolicy - 1)
  state.policyMapping = Math.max(0, state.policyMapping - 1)
  state.inhibitAnyPolicy = Math.max(0, state.inhibitAnyPolicy - 1)
  if (state.maxPathLength === 0) return broken('path_too_long', 'RFC 5280 6.1.4 (l)', certificate)
  state.maxPathLength--
  return undefined
}

/** 6.1.4 (g), (i) to (k) and (m) to (o): what a certificate says of those below it. */
export function applyLimits(state: PathState, certificate: Certificate): InvalidPath | undefined {
  state.names = narrowed(state.names, extensionOf(certificate, OID.nameConstraints, readNameConstraints) ?? {})
  lowerPolicyCounters(state, certificate)
  return checkAuthority(state, certificate) ?? checkCriticalExtensions(certificate, 'RFC 5280 6.1.4 (o)')
}

/** 6.1.4 (i) and (j). */
function lowerPolicyCounters(state: PathState, certificate: Certificate): void {
  const constraints = extensionOf(certificate, OID.policyConstraints, readPolicyConstraints) ?? {}
  const inhibitAny = extensionOf(certificate, OID.inhibitAnyPolicy, readInhibitAnyPolicy)
  state.explicitPolicy = Math.min(state.explicitPolicy, constraints.requireExplicitPolicy ?? Number.POSITIVE_INFINITY)
  state.policyMapping = Math.min(state.policyMapping, constraints.inhibitPolicyMapping ?? Number.POSITIVE_INFINITY)
  state.inhibitAnyPolicy = Math.min(state.inhibitAnyPolicy, inhibitAny ?? Number.POSITIVE_INFINITY)
}

/** 6.1.4 (k), (m) and (n). */
function checkAuthority(state: PathState, certificate: Certificate): InvalidPath | undefined {
  const constraints = extensionOf(certificate, OID.basicConstraints, readBasicConstraints)
  if (certificate.version !== 3 || !constraints?.ca)
    return broken('not_an_authority', 'RFC 5280 6.1.4 (k)', certificate)
  state.maxPathLength = Math.min(state.maxPathLength, constraints.pathLength ?? Number.POSITIVE_INFINITY)
  const usage = extensionOf(certificate, OID.keyUsage, readKeyUsage)
  return usage && !usage.has('keyCertSign') ? broken('key_usage', 'RFC 5280 6.1.4 (n)', certificate) : undefined
}
