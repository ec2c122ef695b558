import { describe, expect, test } from 'vitest'
import { NULL } from '../der-writer.ts'
import {
  basicConstraints,
  type Certificate,
  findPath,
  type InvalidPath,
  keyUsage,
  type LinkCache,
  nameConstraints,
  OID,
  PkiError,
  readCertificate,
  subjectAlternativeName,
} from '../index.ts'
import {
  authorityExtensions,
  authorityName,
  type Holder,
  type IssueInput,
  issue,
  NOW,
  newAuthority,
} from '../testing/authority.ts'
import { authority as authoritySpec, buildChain, chainName, person } from '../testing/chain-builder.ts'
import { plain, VECTOR_TIME } from '../testing/path-vectors/path-vector.ts'

const authority = newAuthority()
const { root, issuing } = authority
/** The certificate, if it is one. */
function readable(der: Buffer): Certificate | undefined {
  try {
    return readCertificate(der)
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}

const read = (holder: Holder) => readCertificate(holder.certificate)

function check(leaf: Holder, between: readonly Holder[], anchors: readonly Holder[] = [root], time = NOW) {
  return findPath(read(leaf), { anchors: anchors.map(read), intermediates: between.map(read), time })
}

/** A person below an intermediate that differs in one thing. */
function below(change: Partial<IssueInput>, name = 'Test Other'): [Holder, Holder] {
  const between = issue({
    issuer: root,
    subject: authorityName(name),
    extensions: authorityExtensions(0),
    profile: 'authority',
    spoil: (template) => template,
    ...change,
  })
  return [authority.person('Ana Ruiz', 'P-256', { issuer: between }), between]
}

describe('no path', () => {
  test.each<[string, string, Partial<IssueInput>]>([
    [
      'through a certificate that is no authority',
      'not_an_authority',
      { extensions: [basicConstraints({ ca: false }), keyUsage('keyCertSign')] },
    ],
    ['through one without basicConstraints', 'not_an_authority', { extensions: [keyUsage('keyCertSign')] }],
    [
      'through one that may not sign certificates',
      'key_usage',
      { extensions: [basicConstraints({ ca: true }), keyUsage('cRLSign')] },
    ],
    [
      'through one that has expired',
      'expired',
      { notBefore: new Date('2025-01-01Z'), notAfter: new Date('2026-01-01Z') },
    ],
    ['through one that is not valid yet', 'not_yet_valid', { notBefore: new Date('2027-01-01Z') }],
    [
      'past an unknown critical extension',
      'unknown_critical_extension',
      { extensions: [...authorityExtensions(0), { id: '1.2.3', critical: true, value: NULL }] },
    ],
    [
      'past name constraints that cannot be read',
      'malformed',
      { extensions: [...authorityExtensions(0), { id: OID.nameConstraints, critical: true, value: NULL }] },
    ],
  ])('%s', (_, reason, change) => {
    const [person, between] = below(change)
    expect(check(person, [between])).toMatchObject({ ok: false, reason, clause: expect.stringMatching(/^RFC 5280 /) })
  })

  test('past the length that an authority set', () => {
    const lower = issue({
      issuer: issuing,
      subject: authorityName('Lower'),
      extensions: authorityExtensions(0),
      profile: 'authority',
    })
    const person = authority.person('Ana Ruiz', 'P-256', { issuer: lower })
    expect(check(person, [lower, issuing])).toMatchObject({ ok: false, reason: 'path_too_long' })
  })

  test('with an authority of the same name and another key', () => {
    const impostor = newAuthority()
    const person = authority.person('Ana Ruiz')
    expect(check(person, [impostor.issuing], [impostor.root])).toMatchObject({ ok: false })
  })

  test('without anchors, without intermediates, and for an expired person', () => {
    const person = authority.person('Ana Ruiz')
    expect(check(person, [issuing], [])).toMatchObject({ ok: false, reason: 'no_path' })
    expect(check(person, [])).toMatchObject({ ok: false, reason: 'no_path' })
    expect(check(person, [issuing], [root], new Date('2029-01-01Z'))).toMatchObject({ ok: false, reason: 'expired' })
  })

  test('with a flipped bit in the signed part', () => {
    const person = authority.person('Ana Ruiz')
    const der = Buffer.from(person.certificate)
    der[der.indexOf('Ana Ruiz') + 1] = 0x6d
    expect(check({ ...person, certificate: der }, [issuing])).toMatchObject({ ok: false, reason: 'bad_signature' })
  })

  test('out of many authorities of one name in bounded time', () => {
    const crowd = Array.from({ length: 30 }, () => below({}, 'Test Crowd')[1])
    const [person] = below({}, 'Test Crowd')
    const started = performance.now()
    expect(check(person, crowd).ok).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('what keeps a validator busy ends soon', () => {
  const time = new Date(VECTOR_TIME)

  /** Asks for a path, the first of the chain trusted and the last its leaf. */
  function ask(certificates: readonly Certificate[], spent: number, links?: LinkCache): InvalidPath {
    const [anchor, ...others] = certificates
    const leaf = others.at(-1)
    if (!anchor || !leaf) throw new RangeError('a chain has two ends')
    const started = performance.now()
    const intermediates = others.slice(0, -1)
    const result = findPath(leaf, { anchors: [anchor], intermediates, time, ...(links && { links }) })
    expect(performance.now() - started).toBeLessThan(spent)
    if (result.ok) throw new RangeError('no path is valid here')
    return result
  }

  test('three thousand authorities of one name, whose signatures are all wrong', () => {
    const [root, ca, leaf] = [...buildChain(plain).values()]
    if (!root || !ca || !leaf) throw new RangeError('a chain of three')
    const spoiled = Array.from({ length: 3000 }, (_, serial) => {
      const der = Buffer.from(ca)
      // The serial number is the first INTEGER after the version.
      der.writeUInt16BE(serial, der.indexOf(Buffer.of(2, 2, 0x10)) + 2)
      der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
      return der
    })
    const others = spoiled.flatMap((der) => readable(der) ?? [])
    expect(others.length).toBeGreaterThan(2000)
    expect(ask([readCertificate(root), ...others, readCertificate(leaf)], 2000).reason).toBe('too_much_work')
  })

  test('authorities without number below nobody: a hundred signatures are checked', () => {
    const twins = (label: string, issuer: string) =>
      Array.from({ length: 12 }, (_, at) => [
        `${label}${at}`,
        authoritySpec({ subject: chainName(label), key: label, issuer, serial: Buffer.of(1, at) }),
      ])
    const chain = {
      root: authoritySpec(),
      ...Object.fromEntries([...twins('upper', 'root'), ...twins('lower', 'upper0')]),
      person: person({ issuer: 'lower0' }),
    }
    const [, ...others] = [...buildChain(chain).values()].map(readCertificate)
    const [stranger] = [...buildChain({ stranger: authoritySpec() }).values()].map(readCertificate)
    let checked = 0
    const links = { get: () => undefined, set: () => ++checked }
    expect(ask([...(stranger ? [stranger] : []), ...others], 2000, links).reason).toBe('too_much_work')
    expect(checked).toBe(100)
  })

  test('paths without number, each with many names against many constraints', () => {
    const many = (from: number) =>
      Array.from({ length: 120 }, (_, at) => ({ form: 'dNSName', value: `h${from + at}.example.org` }) as const)
    const strict = { names: nameConstraints({ permitted: many(0).toReversed() }) }
    const twins = (issuer: string | undefined, count: number, label: string) =>
      Array.from({ length: count }, (_, at) => {
        const spec = { subject: chainName(label), key: label, ...(issuer && { issuer }), serial: Buffer.of(1, at) }
        return [`${label}${at}`, authoritySpec({ ...spec, extensions: strict })] as const
      })
    const chain = {
      root: authoritySpec(),
      ...Object.fromEntries(twins('root', 10, 'upper')),
      ...Object.fromEntries(twins('upper0', 10, 'lower')),
      person: person({ issuer: 'lower0', extensions: { alt: subjectAlternativeName([...many(0), ...many(9999)]) } }),
    }
    const result = ask([...buildChain(chain).values()].map(readCertificate), 10_000)
    expect(result.reason).toBe('too_much_work')
  })
})

test('a person below two authorities has a path to the root', () => {
  const result = check(authority.person('Ana Ruiz'), [issuing])
  expect(result).toMatchObject({ ok: true })
  expect(result.ok && result.path).toHaveLength(3)
})

test('an authority that is trusted itself ends the path', () => {
  const result = check(authority.person('Ana Ruiz'), [], [issuing])
  expect(result.ok && result.path).toHaveLength(2)
})
