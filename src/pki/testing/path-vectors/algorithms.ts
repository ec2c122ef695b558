import { type AlgorithmPolicy, standardAlgorithms } from '../../index.ts'
import { authority, type Chain, person } from '../chain-builder.ts'
import { type PathVector, plain } from './path-vector.ts'

const { source } = standardAlgorithms
const strict: AlgorithmPolicy = {
  ...standardAlgorithms,
  source: 'our own rules',
  digests: { sha256: { until: new Date('2026-06-01T00:00:00Z') }, sha384: {} },
}
const rsaRoot: Chain = { root: authority({ key: 'RSA-2048:root' }), ca: authority(), person: person() }
const BY_DATE = 'it knows levels of security and no dates'

const BY_LEVEL = 'its usual level takes RSA of 1024 bits'

const weakKey = (name: string, label: string, key: string, clause: string, more: Partial<PathVector> = {}) => ({
  name,
  clause,
  reason: 'weak_algorithm' as const,
  chain: plain,
  defect: { [label]: { key } },
  ...more,
})

/** How strong algorithms and keys are, at a moment. */
export const algorithmVectors: readonly PathVector[] = [
  {
    name: 'RSA of 2048 bits in its last second',
    clause: source,
    chain: rsaRoot,
    input: { time: '2028-12-31T23:59:59Z' },
  },
  {
    name: 'RSA of 2048 bits a second later',
    clause: source,
    reason: 'weak_algorithm',
    at: 'ca',
    chain: rsaRoot,
    defectInput: { time: '2029-01-01T00:00:00Z' },
    opensslDiffers: BY_DATE,
  },
  {
    name: 'RSA of 3072 bits in 2035',
    clause: source,
    chain: { ...rsaRoot, root: authority({ key: 'RSA-3072:root' }) },
    input: { time: '2035-01-01T00:00:00Z' },
  },
  { name: 'P-256 in 2039', clause: source, chain: plain, input: { time: '2039-01-01T00:00:00Z' } },
  {
    name: 'a person with RSA of 2048 bits in 2029',
    clause: source,
    reason: 'weak_algorithm',
    chain: plain,
    defect: { person: { key: 'RSA-2048:person' } },
    input: { time: '2029-06-01T00:00:00Z' },
    opensslDiffers: BY_DATE,
  },
  {
    name: 'a digest that the policy has ended',
    clause: 'our own rules',
    reason: 'weak_algorithm',
    at: 'person',
    chain: plain,
    defectInput: { algorithms: strict },
    opensslCannot: 'it has no such policy',
  },
  {
    name: 'a digest that the policy has not ended yet',
    clause: 'our own rules',
    chain: plain,
    input: { algorithms: strict, time: '2026-05-31T23:59:59Z' },
  },
  {
    name: 'a digest that the policy does not name',
    clause: 'our own rules',
    reason: 'weak_algorithm',
    at: 'person',
    chain: plain,
    defect: { ca: { algorithm: 'ecdsa-sha384' }, person: { algorithm: 'ecdsa-sha512' } },
    input: { algorithms: strict, time: '2026-05-31T00:00:00Z' },
    opensslCannot: 'it has no such policy',
  },
  weakKey('a person with RSA of 1024 bits', 'person', 'RSA-1024:person', 'RFC 5280 6.1.5 (d)', {
    opensslDiffers: BY_LEVEL,
  }),
  weakKey('an authority with RSA of 1024 bits', 'ca', 'RSA-1024:ca', 'RFC 5280 6.1.3 (a)(1)', {
    opensslDiffers: BY_LEVEL,
  }),
  weakKey('an authority on a curve that is not used', 'ca', 'secp256k1:ca', 'RFC 5280 6.1.3 (a)(1)', {
    opensslDiffers: 'it takes any curve it knows',
  }),
  weakKey('a person on a curve of 224 bits', 'person', 'P-224:person', 'RFC 5280 6.1.5 (d)', {
    opensslDiffers: 'it takes any curve of this strength',
  }),
  weakKey('an authority whose curve is spelled out', 'ca', 'spelled:ca', 'RFC 5480 2.1.1'),
]
