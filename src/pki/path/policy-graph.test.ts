import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PolicyMapping } from '../extensions/policy-mappings.ts'
import { OID } from '../oids.ts'
import { constrainedPolicies, INITIAL_POLICIES, mapPolicies, nextLevel } from './policy-graph.ts'

const ANY = OID.anyPolicy

type Step = {
  readonly policies: readonly string[]
  readonly anyAllowed: boolean
  readonly mappings: readonly PolicyMapping[]
  readonly mappingAllowed: boolean
}

/** The valid policy tree of RFC 5280 6.1, node by node as it is written there: right, and exponential. */
type TreeNode = { policy: string; expected: string[]; children: TreeNode[] }

function leavesAt(node: TreeNode, depth: number): TreeNode[] {
  return depth === 0 ? [node] : node.children.flatMap((child) => leavesAt(child, depth - 1))
}

/** 6.1.3 (d)(3) and 6.1.4 (b)(2)(ii): nodes above `depth` without children go, from below to above. */
function prune(node: TreeNode, depth: number): boolean {
  if (depth === 0) return true
  node.children = node.children.filter((child) => prune(child, depth - 1))
  return node.children.length > 0
}

function addChild(parent: TreeNode, policy: string): void {
  parent.children.push({ policy, expected: [policy], children: [] })
}

function grow(parents: readonly TreeNode[], { policies, anyAllowed }: Step): void {
  const wild = parents.filter((parent) => parent.policy === ANY)
  for (const policy of policies.filter((one) => one !== ANY)) {
    const expecting = parents.filter(({ expected }) => expected.includes(policy))
    for (const parent of expecting.length > 0 ? expecting : wild) addChild(parent, policy)
  }
  if (anyAllowed && policies.includes(ANY)) for (const parent of parents) addExpected(parent)
}

function addExpected(parent: TreeNode): void {
  const named = new Set(parent.children.map(({ policy }) => policy))
  for (const policy of parent.expected.filter((one) => !named.has(one))) addChild(parent, policy)
}

function mapTree(root: TreeNode, depth: number, { mappings, mappingAllowed }: Step): void {
  for (const policy of new Set(mappings.map(({ issuerDomain }) => issuerDomain))) {
    const subjects = mappings.filter(({ issuerDomain }) => issuerDomain === policy).map((one) => one.subjectDomain)
    const known = leavesAt(root, depth).filter((node) => node.policy === policy)
    if (mappingAllowed) mapNodes(leavesAt(root, depth - 1), known, policy, subjects)
    else
      for (const parent of leavesAt(root, depth - 1))
        parent.children = parent.children.filter((n) => !known.includes(n))
  }
}

function mapNodes(parents: readonly TreeNode[], known: readonly TreeNode[], policy: string, expected: string[]): void {
  for (const node of known) node.expected = expected
  if (known.length > 0) return
  const wild = parents.find((parent) => parent.children.some((child) => child.policy === ANY))
  wild?.children.push({ policy, expected, children: [] })
}

/** 6.1.5 (g): the policies of the nodes below anyPolicy, and anyPolicy at the end. */
function treePolicies(steps: readonly Step[]): string[] {
  const root: TreeNode = { policy: ANY, expected: [ANY], children: [] }
  let alive = true
  for (const [index, step] of steps.entries()) {
    if (!alive) return []
    grow(leavesAt(root, index), step)
    alive = prune(root, index + 1)
    if (alive && index < steps.length - 1) {
      mapTree(root, index + 1, step)
      alive = prune(root, index + 1)
    }
  }
  return alive ? [...namedBelowAny(root, steps.length)].toSorted() : []
}

function namedBelowAny(root: TreeNode, depth: number): Set<string> {
  const all = Array.from({ length: depth }, (_, at) => leavesAt(root, at)).flat()
  const below = all
    .filter(({ policy }) => policy === ANY)
    .flatMap(({ children }) => children.map(({ policy }) => policy))
  const named = below.filter((policy) => policy !== ANY)
  return new Set(leavesAt(root, depth).some(({ policy }) => policy === ANY) ? [...named, ANY] : named)
}

function graphPolicies(steps: readonly Step[]): string[] {
  let level = INITIAL_POLICIES
  for (const [index, { policies, anyAllowed, mappings, mappingAllowed }] of steps.entries()) {
    level = nextLevel(level, policies, anyAllowed)
    if (index < steps.length - 1) level = mapPolicies(level, mappings, mappingAllowed)
  }
  return constrainedPolicies(level, undefined).toSorted()
}

const named = fc.constantFrom('1.1', '1.2', '1.3')
const step: fc.Arbitrary<Step> = fc.record({
  policies: fc.uniqueArray(fc.constantFrom('1.1', '1.2', '1.3', ANY), { minLength: 1 }),
  anyAllowed: fc.boolean(),
  mappings: fc.array(fc.record({ issuerDomain: named, subjectDomain: named }), { maxLength: 4 }),
  mappingAllowed: fc.boolean(),
})

test('the graph gives the policies that the tree of RFC 5280 gives', () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(steps, (path) => {
      expect(graphPolicies(path)).toEqual(treePolicies(path))
    }),
    { numRuns: 3000 },
  )
})

test('mappings of every policy to every policy cost as much as there are', () => {
  const policies = Array.from({ length: 60 }, (_, at) => `1.${at}`)
  const mappings = policies.flatMap((issuerDomain) =>
    policies.map((subjectDomain) => ({ issuerDomain, subjectDomain })),
  )
  const started = performance.now()
  let level = INITIAL_POLICIES
  for (let depth = 0; depth < 9; depth++) level = mapPolicies(nextLevel(level, policies, true), mappings, true)
  expect(constrainedPolicies(level, undefined)).toHaveLength(60)
  expect(performance.now() - started).toBeLessThan(1000)
})
