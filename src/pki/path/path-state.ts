import type { Certificate } from '../certificate.ts'
import { OID } from '../oids.ts'
import { type NameSpace, narrowed } from './name-space.ts'
import type { PathInput } from './path-input.ts'
import { INITIAL_POLICIES, type PolicyLevel } from './policy-graph.ts'

/** The state variables of RFC 5280 6.1.2, under their names there where they have one. */
export type PathState = {
  /** valid_policy_tree, as the graph of RFC 9618. */
  policies: PolicyLevel
  /** permitted_subtrees and excluded_subtrees. */
  names: NameSpace
  /** How many certificates may follow before a policy is required, and before the other two are forbidden. */
  explicitPolicy: number
  inhibitAnyPolicy: number
  policyMapping: number
  /** How many intermediate certificates may follow that are not self-issued. */
  maxPathLength: number
  /** Holds working_issuer_name and working_public_key. */
  issuer: Certificate
  /** user-initial-policy-set; any policy when absent. */
  acceptable: readonly string[] | undefined
}

/** 6.1.2: the state before the first of `length` certificates below the anchor. */
export function initialState(input: PathInput, anchor: Certificate, length: number): PathState {
  const { acceptable, requireExplicit, inhibitMapping, inhibitAny } = input.policies ?? {}
  const never = length + 1
  return {
    policies: INITIAL_POLICIES,
    names: narrowed({ permitted: [], excluded: [] }, input.names ?? {}),
    explicitPolicy: requireExplicit ? 0 : never,
    inhibitAnyPolicy: inhibitAny ? 0 : never,
    policyMapping: inhibitMapping ? 0 : never,
    maxPathLength: length,
    issuer: anchor,
    acceptable: acceptable?.includes(OID.anyPolicy) ? undefined : acceptable,
  }
}
