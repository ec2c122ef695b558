import { describe, expect, test } from 'vitest'
import { serialText } from '../certificate.ts'
import {
  type Certificate,
  findPath,
  type PathFailure,
  type PathResult,
  PkiError,
  readCertificate,
  type TrustAnchor,
} from '../index.ts'
import { buildChain, type Chain, patched } from '../testing/chain-builder.ts'
import { pathVectors } from '../testing/path-vectors/index.ts'
import { type PathVector, plain, VECTOR_TIME, type VectorInput } from '../testing/path-vectors/path-vector.ts'

const REASONS = [
  'no_path',
  'not_yet_valid',
  'expired',
  'bad_signature',
  'weak_algorithm',
  'not_an_authority',
  'path_too_long',
  'key_usage',
  'wrong_purpose',
  'unknown_critical_extension',
  'name_not_permitted',
  'name_excluded',
  'unsupported_name_constraint',
  'policy',
  'malformed',
  'too_much_work',
] as const satisfies readonly PathFailure[]

type Verdict =
  | { readonly reason: 'valid'; readonly policies: readonly string[]; readonly path: readonly string[] }
  | { readonly reason: string; readonly clause: string; readonly at: string }

/** The verdict on a chain, with labels for certificates. */
function verdictOn(chain: Chain, input: VectorInput): Verdict {
  const certificates = new Map<string, Certificate>()
  for (const [label, der] of buildChain(chain)) {
    try {
      certificates.set(label, readCertificate(der))
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      return { reason: 'unreadable', clause: String(error.details['clause'] ?? 'RFC 5280 4.1'), at: label }
    }
  }
  return labelled(ask(certificates, input), certificates)
}

function ask(certificates: ReadonlyMap<string, Certificate>, input: VectorInput): PathResult {
  const {
    leaf = 'person',
    anchors = [[...certificates.keys()][0] ?? ''],
    unlimited,
    intermediates,
    time,
    ...rest
  } = input
  const between =
    intermediates ?? [...certificates.keys()].filter((label) => label !== leaf && !anchors.includes(label))
  const get = (label: string) => {
    const found = certificates.get(label)
    if (found === undefined) throw new RangeError(`no certificate ${label}`)
    return found
  }
  const anchored = anchors
    .map(get)
    .map((certificate): TrustAnchor => (unlimited ? { certificate, limits: 'ignored' } : certificate))
  return findPath(get(leaf), {
    ...rest,
    anchors: anchored,
    intermediates: between.map(get),
    time: new Date(time ?? VECTOR_TIME),
  })
}

function labelled(result: PathResult, certificates: ReadonlyMap<string, Certificate>): Verdict {
  const labelOf = (certificate: Certificate) => [...certificates].find(([, one]) => one === certificate)?.[0] ?? '?'
  if (!result.ok) {
    expect(result.serial).toBe(serialText(result.at))
    return { reason: result.reason, clause: result.clause, at: labelOf(result.at) }
  }
  return { reason: 'valid', policies: result.policies.toSorted(), path: result.path.map(labelOf) }
}

const withDefect = (vector: PathVector) =>
  verdictOn(patched(vector.chain ?? plain, vector.defect), { ...vector.input, ...vector.defectInput })

describe.each(Object.entries(pathVectors))('%s', (_, vectors) => {
  const refused = vectors.filter(({ reason }) => reason !== undefined)
  const valid = vectors.filter(({ reason }) => reason === undefined)

  test.each(refused)('refused: $name', (vector) => {
    const { reason, clause, defect = {} } = vector
    expect(withDefect(vector)).toEqual({ reason, clause, at: vector.at ?? Object.keys(defect)[0] })
    expect(verdictOn(vector.chain ?? plain, vector.input ?? {})).toMatchObject({ reason: 'valid' })
  })

  test.each(valid)('valid: $name', (vector) => {
    const { policies, path } = vector
    expect(withDefect(vector)).toMatchObject({
      reason: 'valid',
      ...(policies && { policies: policies.toSorted() }),
      ...(path && { path }),
    })
  })
})

describe('the table', () => {
  const all = Object.values(pathVectors).flat()

  test('has two hundred rows and more, no two of one name in a group', () => {
    expect(all.length).toBeGreaterThanOrEqual(200)
    for (const vectors of Object.values(pathVectors))
      expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length)
  })

  test('has a row for every reason that a search can give', () => {
    const reasons = new Set(all.map(({ reason = 'valid' }) => reason))
    // A name that does not chain is no candidate for a search; a given path can have one.
    expect([...reasons].toSorted()).toEqual(['valid', 'unreadable', ...REASONS].toSorted())
  })

  test('has a defect for every refusal', () => {
    expect(all.filter((row) => row.reason && !row.defect && !row.defectInput).map(({ name }) => name)).toEqual([])
  })
})
