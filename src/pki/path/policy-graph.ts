import type { PolicyMapping } from '../extensions/policy-mappings.ts'
import { OID } from '../oids.ts'

/** A node of the valid policy graph (RFC 9618 5.1): at most one for each policy at each depth. */
type PolicyNode = {
  readonly policy: string
  /** What the next certificate may call this policy. */
  readonly expected: ReadonlySet<string>
  readonly parents: readonly PolicyNode[]
}

/**
 * The deepest level of the graph, by policy; the levels above hang on its nodes. A node without children is so
 * forgotten by itself, and an empty level is the graph that RFC 5280 calls NULL.
 *
 * The tree of RFC 5280 grows exponentially with hostile mappings (CVE-2023-0464); this graph grows with the
 * certificates.
 */
export type PolicyLevel = ReadonlyMap<string, PolicyNode>

/** 6.1.2 (a): anyPolicy at depth zero. */
export const INITIAL_POLICIES: PolicyLevel = levelOf([node(OID.anyPolicy, [])])

function node(policy: string, parents: readonly PolicyNode[]): PolicyNode {
  return { policy, expected: new Set([policy]), parents }
}

function levelOf(nodes: readonly PolicyNode[]): PolicyLevel {
  return new Map(nodes.map((one) => [one.policy, one]))
}

/** 6.1.3 (d): the level of the next certificate. `anyAllowed` is the condition of (d)(2). */
export function nextLevel(above: PolicyLevel, policies: readonly string[], anyAllowed: boolean): PolicyLevel {
  const expecting = parentsByExpectation(above)
  const wild = above.get(OID.anyPolicy)
  const named = policies
    .filter((policy) => policy !== OID.anyPolicy)
    .map((policy) => node(policy, expecting.get(policy) ?? (wild ? [wild] : [])))
    .filter(({ parents }) => parents.length > 0)
  if (!anyAllowed || !policies.includes(OID.anyPolicy)) return levelOf(named)
  // (d)(2): anyPolicy stands for whatever is expected and was not named.
  return levelOf([...[...expecting].map(([policy, parents]) => node(policy, parents)), ...named])
}

function parentsByExpectation(level: PolicyLevel): Map<string, PolicyNode[]> {
  const parents = new Map<string, PolicyNode[]>()
  for (const one of level.values()) {
    for (const policy of one.expected) {
      const known = parents.get(policy)
      if (known) known.push(one)
      else parents.set(policy, [one])
    }
  }
  return parents
}

/** 6.1.4 (b): the level after the mappings of its certificate. `allowed` says that policy_mapping is above zero. */
export function mapPolicies(level: PolicyLevel, mappings: readonly PolicyMapping[], allowed: boolean): PolicyLevel {
  const mapped = new Map(level)
  const wild = level.get(OID.anyPolicy)
  for (const [policy, expected] of subjectsByIssuer(mappings)) {
    const known = level.get(policy) ?? wild
    if (!allowed) mapped.delete(policy)
    else if (known) mapped.set(policy, { policy, expected, parents: known.parents })
  }
  return mapped
}

function subjectsByIssuer(mappings: readonly PolicyMapping[]): Map<string, Set<string>> {
  const subjects = new Map<string, Set<string>>()
  for (const { issuerDomain, subjectDomain } of mappings) {
    const known = subjects.get(issuerDomain)
    if (known) known.add(subjectDomain)
    else subjects.set(issuerDomain, new Set([subjectDomain]))
  }
  return subjects
}

/** 6.1.5 (g): the policies under which the path is valid, out of `acceptable` when that is given. */
export function constrainedPolicies(level: PolicyLevel, acceptable: readonly string[] | undefined): string[] {
  const authority = authorityPolicies(level)
  if (acceptable === undefined || acceptable.includes(OID.anyPolicy)) return [...authority]
  if (authority.has(OID.anyPolicy)) return [...new Set(acceptable)]
  return [...authority].filter((policy) => acceptable.includes(policy))
}

/** The policies that stand directly below anyPolicy, and anyPolicy when it came all the way down. */
function authorityPolicies(level: PolicyLevel): Set<string> {
  const found = new Set<string>(level.has(OID.anyPolicy) ? [OID.anyPolicy] : [])
  const seen = new Set<PolicyNode>(level.values())
  for (const one of seen) {
    if (one.policy !== OID.anyPolicy && one.parents.some((parent) => parent.policy === OID.anyPolicy))
      found.add(one.policy)
    // A set is walked to its end, also when it grows on the way.
    for (const parent of one.parents) seen.add(parent)
  }
  return found
}
