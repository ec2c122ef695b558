import { describe, expect, test } from 'vitest'
import { NULL } from '../der-writer.ts'
import { basicConstraints, findPath, keyUsage, OID, readCertificate } from '../index.ts'
import {
  authorityExtensions,
  authorityName,
  type Holder,
  type IssueInput,
  issue,
  NOW,
  newAuthority,
} from '../testing/authority.ts'

const authority = newAuthority()
const { root, issuing } = authority
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

test('a person below two authorities has a path to the root', () => {
  const result = check(authority.person('Ana Ruiz'), [issuing])
  expect(result).toMatchObject({ ok: true })
  expect(result.ok && result.path).toHaveLength(3)
})

test('an authority that is trusted itself ends the path', () => {
  const result = check(authority.person('Ana Ruiz'), [], [issuing])
  expect(result.ok && result.path).toHaveLength(2)
})
