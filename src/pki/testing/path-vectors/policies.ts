import { NULL, sequence } from '../../der-writer.ts'
import {
  certificatePolicies,
  type Extension,
  inhibitAnyPolicy,
  OID,
  type PolicyInput,
  policyConstraints,
  policyMappings,
} from '../../index.ts'
import { authority, type Chain, chainName, patched, person } from '../chain-builder.ts'
import { deep, type PathVector, plain } from './path-vector.ts'

const [P1, P2, P3] = ['1.3.6.1.4.1.99999.1', '1.3.6.1.4.1.99999.2', '1.3.6.1.4.1.99999.3'] as const
const ANY = OID.anyPolicy

const extended = (extensions: Record<string, Extension>) => ({ extensions })
const cp = (...policies: string[]) =>
  extended({ policies: certificatePolicies(policies.map((policy) => ({ policy }))) })
const pairs = (...mappings: [string, string][]) =>
  policyMappings(mappings.map(([issuerDomain, subjectDomain]) => ({ issuerDomain, subjectDomain })))
const map = (...mappings: [string, string][]) => extended({ mappings: pairs(...mappings) })
const require = (requireExplicitPolicy: number) =>
  extended({ constraints: policyConstraints({ requireExplicitPolicy }) })
const inhibitMapping = (inhibitPolicyMapping: number) =>
  extended({ constraints: policyConstraints({ inhibitPolicyMapping }) })
const inhibitAny = (skip: number) => extended({ any: inhibitAnyPolicy(skip) })
const malformedExtension = (id: string, value: Uint8Array) => extended({ odd: { id, critical: true, value } })

/** Policies of the upper authority, the authority and the person. */
const under = (upper: string[], ca: string[], leaf: string[]): Chain =>
  patched(deep, {
    ...(upper.length > 0 && { upper: cp(...upper) }),
    ...(ca.length > 0 && { ca: cp(...ca) }),
    ...(leaf.length > 0 && { person: cp(...leaf) }),
  })

const EXPLICIT: PolicyInput = { requireExplicit: true }
const wants = (...acceptable: string[]): PolicyInput => ({ acceptable, requireExplicit: true })

const valid = (name: string, chain: Chain, policies: readonly string[], asked: PolicyInput = {}): PathVector => ({
  name,
  clause: 'RFC 5280 6.1.5 (g)',
  chain,
  input: { policies: asked },
  policies,
})

/** Fails only because a policy is asked for. */
const refused = (name: string, chain: Chain, asked: PolicyInput, clause: string, at: string): PathVector => ({
  name,
  clause: `RFC 5280 ${clause}`,
  reason: 'policy',
  at,
  chain,
  defectInput: { policies: asked },
})

/** Fails only because of an extension; the caller asks for an explicit policy. */
const broken = (
  name: string,
  chain: Chain,
  defect: Chain,
  [clause, at]: readonly [string, string],
  asked: PolicyInput = EXPLICIT,
): PathVector => ({
  name,
  clause: `RFC 5280 ${clause}`,
  reason: 'policy',
  at,
  chain,
  defect,
  input: { policies: asked },
  ...('root' in defect && { opensslDiffers: 'it does not look at the policies of an anchor' }),
})

const malformed = (name: string, clause: string, ca: Chain[string], more: Partial<PathVector> = {}): PathVector => ({
  name,
  clause: `RFC 5280 ${clause}`,
  reason: 'malformed',
  chain: plain,
  defect: { ca: ca ?? {} },
  ...more,
})

const same = under([P1], [P1], [P1])
const mapped = patched(under([P1], [P2], [P2]), { upper: map([P1, P2]) })

/** Policies alone: the same, others, several, any. */
const plainRows: readonly PathVector[] = [
  valid('no policy anywhere', deep, []),
  valid('one policy all the way', same, [P1]),
  valid('one policy all the way, required', same, [P1], EXPLICIT),
  valid('one policy all the way, wanted', same, [P1], wants(P1)),
  valid('one of two wanted', same, [P1], wants(P2, P1)),
  valid('any policy wanted by its own name', same, [P1], wants(ANY)),
  valid('a policy that is not there, not required', same, [], { acceptable: [P2] }),
  valid('two policies, of which one comes down', under([P1, P2], [P1], [P1]), [P1], EXPLICIT),
  valid('two policies, of which the other comes down', under([P1, P2], [P2, P3], [P2]), [P2], EXPLICIT),
  valid('two policies that both come down', under([P1, P2], [P1, P2], [P2, P1]), [P1, P2], EXPLICIT),
  valid('a person under more policies than the authority', under([P1], [P1], [P1, P2]), [P1], EXPLICIT),
  valid('other policies at each step, not required', under([P1], [P2], [P3]), []),
  refused('no policy anywhere, required', deep, EXPLICIT, '6.1.3 (f)', 'upper'),
  refused('a policy that is not there, required', same, wants(P2), '6.1.5 (g)', 'person'),
  refused('an empty list of wanted policies', same, wants(), '6.1.5 (g)', 'person'),
  refused('an authority without policies', under([P1], [], [P1]), EXPLICIT, '6.1.3 (f)', 'ca'),
  refused('a person without policies', under([P1], [P1], []), EXPLICIT, '6.1.3 (f)', 'person'),
  refused('a person under another policy', under([P1], [P1], [P2]), EXPLICIT, '6.1.3 (f)', 'person'),
  refused('an authority under another policy', under([P1], [P2], [P1]), EXPLICIT, '6.1.3 (f)', 'ca'),
  refused('a policy that comes back after it was gone', under([P1, P2], [P2], [P1]), EXPLICIT, '6.1.3 (f)', 'person'),
]

const renewed = (upper: Chain[string], old: Chain[string], leaf: Chain[string]): Chain => {
  const self = { subject: chainName('renewed'), identified: true }
  return patched(
    { root: authority(), upper: authority(self), old: authority(self), person: person({ identified: true }) },
    { upper: upper ?? {}, old: old ?? {}, person: leaf ?? {} },
  )
}

/** anyPolicy, and where it no longer counts. */
const anyRows: readonly PathVector[] = [
  valid('any policy above, one below', under([ANY], [ANY], [P1]), [P1], wants(P1)),
  valid('one above, any below', under([P1], [ANY], [ANY]), [P1], wants(P1)),
  valid('one between any', under([ANY], [P1], [ANY]), [P1], EXPLICIT),
  valid('any all the way', under([ANY], [ANY], [ANY]), [ANY], EXPLICIT),
  valid('any all the way, one wanted', under([ANY], [ANY], [ANY]), [P2], wants(P2)),
  valid('one and any beside it', under([P1, ANY], [P1, ANY], [P2]), [P2], EXPLICIT),
  valid('one and any for the person', under([P1, P2], [P1, P2], [P1, ANY]), [P1, P2], EXPLICIT),
  refused('any above, one below that is not wanted', under([ANY], [ANY], [P1]), wants(P2), '6.1.5 (g)', 'person'),
  refused('any above, none below', under([ANY], [ANY], []), EXPLICIT, '6.1.3 (f)', 'person'),
  broken('any, inhibited by the authority above', under([P1], [ANY], [P1]), { upper: inhibitAny(0) }, [
    '6.1.3 (f)',
    'ca',
  ]),
  broken('any for the person, inhibited after one more', under([P1], [ANY], [ANY]), { upper: inhibitAny(1) }, [
    '6.1.3 (f)',
    'person',
  ]),
  broken(
    'any for the person, inhibited at once and allowed again below',
    under([P1], [P1], [ANY]),
    { upper: inhibitAny(0), ca: inhibitAny(5) },
    ['6.1.3 (f)', 'person'],
  ),
  valid(
    'any once, inhibited after one more',
    patched(under([P1], [ANY], [P1]), { upper: inhibitAny(1) }),
    [P1],
    EXPLICIT,
  ),
  valid('any, inhibited at the person alone', patched(under([ANY], [ANY], [P1]), { person: inhibitAny(0) }), [P1]),
  refused(
    'any, inhibited by the caller',
    under([ANY], [P1], [P1]),
    { ...EXPLICIT, inhibitAny: true },
    '6.1.3 (f)',
    'upper',
  ),
  valid('any inhibited by the caller, where none is', same, [P1], { ...EXPLICIT, inhibitAny: true }),
  valid(
    'any in a self-issued authority, inhibited above',
    renewed(extendedBy(cp(P1), inhibitAny(0)), cp(ANY), cp(P1)),
    [P1],
    EXPLICIT,
  ),
  valid(
    'a self-issued authority does not use up what is left of any',
    renewed(extendedBy(cp(P1), inhibitAny(1)), cp(P1), cp(P1)),
    [P1],
    EXPLICIT,
  ),
  broken(
    'any in a self-issued person, inhibited above',
    patched(plain, { ca: cp(P1), person: { ...cp(ANY), subject: chainName('ca') } }),
    { ca: inhibitAny(0) },
    ['6.1.3 (f)', 'person'],
  ),
]

/** One certificate with the extensions of both. */
function extendedBy(a: ReturnType<typeof cp>, b: ReturnType<typeof cp>): Chain[string] {
  return { extensions: { ...a.extensions, ...b.extensions } }
}

const noPolicy = (upper: number, at: string, clause: string): PathVector => ({
  name: `a policy required after ${upper}, and none is there`,
  clause: `RFC 5280 ${clause}`,
  reason: 'policy',
  at,
  chain: deep,
  defect: { upper: require(upper) },
})

/** requireExplicitPolicy. */
const explicitRows: readonly PathVector[] = [
  noPolicy(0, 'ca', '6.1.3 (f)'),
  noPolicy(1, 'person', '6.1.3 (f)'),
  noPolicy(2, 'person', '6.1.5 (g)'),
  valid('a policy required after three, and none is there', patched(deep, { upper: require(3) }), []),
  valid('a policy required at once, and it is there', patched(same, { upper: require(0) }), [P1]),
  broken('a policy required by the person', deep, { person: require(0) }, ['6.1.5 (g)', 'person'], {}),
  valid('a policy required by the person for those below', patched(deep, { person: require(1) }), []),
  broken(
    'a policy required at once, and later after five',
    deep,
    { upper: require(0), ca: require(5) },
    ['6.1.3 (f)', 'ca'],
    {},
  ),
  broken(
    'a policy required later, and then at once',
    deep,
    { upper: require(5), ca: require(0) },
    ['6.1.3 (f)', 'person'],
    {},
  ),
  broken('a policy required, and another is wanted', same, { upper: require(0) }, ['6.1.5 (g)', 'person'], {
    acceptable: [P2],
  }),
  broken('a policy required by the anchor', deep, { root: require(0) }, ['6.1.3 (f)', 'upper'], {}),
  valid('a self-issued authority does not use up what is left', renewed(require(2), {}, {}), []),
]

/** policyMappings and inhibitPolicyMapping. */
const mappingRows: readonly PathVector[] = [
  valid('one policy mapped to another', mapped, [P1], wants(P1)),
  refused('a mapped policy under its name below', mapped, wants(P2), '6.1.5 (g)', 'person'),
  valid('one policy mapped to two', patched(mapped, { upper: map([P1, P3], [P1, P2]) }), [P1], EXPLICIT),
  valid(
    'two policies mapped to one',
    patched(under([P1, P2], [P3], [P3]), { upper: map([P1, P3], [P2, P3]) }),
    [P1, P2],
    EXPLICIT,
  ),
  valid(
    'a policy mapped there and back',
    patched(under([P1], [P2], [P1]), { upper: map([P1, P2]), ca: map([P2, P1]) }),
    [P1],
    EXPLICIT,
  ),
  valid('a policy mapped under any', patched(under([ANY], [P2], [P2]), { upper: map([P1, P2]) }), [P1], wants(P1)),
  valid('a policy beside a mapping under any', patched(under([ANY], [P3], [P3]), { upper: map([P1, P2]) }), [P3]),
  valid('a mapping of a policy that is not there', patched(same, { upper: map([P2, P3]) }), [P1], EXPLICIT),
  valid('a mapping in the certificate of the person', patched(same, { person: map([P1, P2]) }), [P1], EXPLICIT),
  valid('any below a mapping', patched(under([P1], [ANY], [P2]), { upper: map([P1, P2]) }), [P1], wants(P1)),
  refused(
    'the name above after a mapping',
    patched(under([P1], [P1], [P1]), { upper: map([P1, P2]) }),
    EXPLICIT,
    '6.1.3 (f)',
    'ca',
  ),
  broken('a mapping from any', same, { upper: map([ANY, P1]) }, ['6.1.4 (a)', 'upper'], {}),
  broken('a mapping to any', same, { upper: map([P1, ANY]) }, ['6.1.4 (a)', 'upper'], {}),
  broken('a mapping from any among others', same, { upper: map([P2, P3], [ANY, P1]) }, ['6.1.4 (a)', 'upper'], {}),
  refused('a mapping, inhibited by the caller', mapped, { ...EXPLICIT, inhibitMapping: true }, '6.1.3 (f)', 'ca'),
  broken(
    'a mapping, inhibited by the authority above',
    patched(under([P1], [P1], [P2]), { ca: map([P1, P2]) }),
    { upper: inhibitMapping(0) },
    ['6.1.3 (f)', 'person'],
  ),
  valid(
    'a mapping, inhibited after one more',
    patched(under([P1], [P1], [P2]), { upper: inhibitMapping(1), ca: map([P1, P2]) }),
    [P1],
    EXPLICIT,
  ),
  broken(
    'a mapping two below, inhibited after one more',
    patched(longer(), { upper: cp(P1), middle: cp(P1), ca: extendedBy(cp(P1), map([P1, P2])) ?? {}, person: cp(P2) }),
    { upper: inhibitMapping(1) },
    ['6.1.3 (f)', 'person'],
  ),
  valid(
    'a self-issued authority does not use up what is left of mappings',
    renewed(extendedBy(cp(P1), inhibitMapping(1)), extendedBy(cp(P1), map([P1, P2])), cp(P2)),
    [P1],
    EXPLICIT,
  ),
  broken('a mapping, inhibited by the anchor', mapped, { root: inhibitMapping(0) }, ['6.1.3 (f)', 'ca']),
  valid(
    'a mapping of one policy inhibited, another not mapped',
    patched(under([P1, P2], [P1, P2], [P2]), { upper: inhibitMapping(0), ca: map([P1, P3]) }),
    [P2],
    EXPLICIT,
  ),
  {
    name: 'mappings that double at every authority cost no more than their number',
    clause: 'RFC 9618 3',
    chain: doubling(),
    input: { policies: wants(P1) },
    policies: [P1],
  },
]

function longer(): Chain {
  return { root: authority(), upper: authority(), middle: authority(), ca: authority(), person: person() }
}

/** A tree of these would have 2^8 leaves for two policies, and 2^800 for two hundred. */
function doubling(): Chain {
  const both = extendedBy(cp(P1, P2), map([P1, P1], [P1, P2], [P2, P1], [P2, P2]))
  const authorities = Array.from({ length: 7 }, (_, at) => [`a${at}`, both ?? {}] as const)
  const chain: Chain = {
    root: authority(),
    ...Object.fromEntries(authorities.map(([at]) => [at, authority()])),
    person: person(),
  }
  return patched(chain, { ...Object.fromEntries(authorities), person: cp(P1) })
}

const LAZY = 'it reads over what it cannot read here, or lets it be empty'

/** What an anchor says about policies (RFC 5937), and what cannot be read. */
const frameRows: readonly PathVector[] = [
  valid('an anchor for one policy, any below', patched(under([ANY], [ANY], [ANY]), { root: cp(P1) }), [P1], EXPLICIT),
  valid('an anchor for any policy', patched(same, { root: cp(ANY) }), [P1], EXPLICIT),
  broken('an anchor for another policy', same, { root: cp(P2) }, ['6.1.5 (g)', 'person']),
  broken('any, inhibited by the anchor', under([ANY], [P1], [P1]), { root: inhibitAny(0) }, ['6.1.3 (f)', 'upper']),
  malformed('no policy in the list', '4.2.1.4', malformedExtension(OID.certificatePolicies, sequence()), {
    opensslDiffers: LAZY,
  }),
  malformed('a policy twice', '4.2.1.4', cp(P1, P1)),
  malformed('policies that are no list', '4.2.1.4', malformedExtension(OID.certificatePolicies, NULL)),
  malformed('no mapping in the list', '4.2.1.5', malformedExtension(OID.policyMappings, sequence()), {
    opensslDiffers: LAZY,
  }),
  malformed('a mapping of one policy', '4.2.1.5', malformedExtension(OID.policyMappings, sequence(sequence(NULL))), {
    opensslDiffers: LAZY,
  }),
  malformed('constraints that say nothing', '4.2.1.11', malformedExtension(OID.policyConstraints, sequence())),
  malformed(
    'a required policy after fewer than none',
    '4.2.1.11',
    malformedExtension(OID.policyConstraints, Buffer.from('30038001ff', 'hex')),
  ),
  malformed(
    'any inhibited after fewer than none',
    '4.2.1.14',
    malformedExtension(OID.inhibitAnyPolicy, Buffer.from('0201ff', 'hex')),
    { opensslDiffers: LAZY },
  ),
  malformed(
    'any inhibited after something that is no number',
    '4.2.1.14',
    malformedExtension(OID.inhibitAnyPolicy, NULL),
    { opensslDiffers: LAZY },
  ),
]

/** Certificate policies: what the path is valid for, who requires it, any, mappings. */
export const policyVectors: readonly PathVector[] = [
  ...plainRows,
  ...anyRows,
  ...explicitRows,
  ...mappingRows,
  ...frameRows,
]
