import { createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type AlgorithmUse, acceptableAt, standardAlgorithms } from './algorithm-policy.ts'
import { PkiError } from './pki-error.ts'
import { pooledKey } from './testing/key-pool.ts'

const at = (use: AlgorithmUse, time: string) => acceptableAt(standardAlgorithms, use, new Date(time))
const key = (name: string) => createPublicKey(pooledKey(name).key)

describe('not strong enough', () => {
  test.each<[string, AlgorithmUse, string, string | undefined]>([
    ['SHA-1 today', { digest: 'sha1' }, '2026-11-20T00:00:00Z', '2017-01-01'],
    ['SHA-1 in the first second of 2017', { digest: 'sha1' }, '2017-01-01T00:00:00Z', '2017-01-01'],
    ['SHA-224 today', { digest: 'sha224' }, '2026-11-20T00:00:00Z', '2026-01-01'],
    ['MD5 in 2010', { digest: 'md5' }, '2010-01-01T00:00:00Z', '2005-08-01'],
    ['a digest without a row', { digest: 'ripemd160' }, '2000-01-01T00:00:00Z', undefined],
    ['a name that every object has', { digest: 'constructor' }, '2026-11-20T00:00:00Z', undefined],
    ['RSA of 2048 bits in 2029', { key: key('RSA-2048:x') }, '2029-01-01T00:00:00Z', '2029-01-01'],
    ['RSA of 1024 bits in 2012', { key: key('RSA-1024:x') }, '2012-01-01T00:00:00Z', '2010-01-01'],
    ['a curve of 224 bits today', { key: key('P-224:x') }, '2026-11-20T00:00:00Z', '2017-01-01'],
    ['a curve without a row', { key: key('secp256k1:x') }, '2026-11-20T00:00:00Z', undefined],
    ['a good digest with a weak key', { algorithm: 'rsa-sha512', key: key('RSA-2048:x') }, '2030-01-01Z', '2029-01-01'],
    ['a good key with a weak digest', { digest: 'sha1', key: key('RSA-3072:x') }, '2026-01-01Z', '2017-01-01'],
  ])('%s', (_, use, time, until) => {
    const result = at(use, time)
    expect(result).toMatchObject({ reason: expect.stringMatching(/not strong enough/) })
    expect(result !== true && result.until?.toISOString().slice(0, 10)).toBe(until)
  })

  test('and unusable at any time: a key of another kind', () => {
    expect(() => at({ spki: pooledKey('RSA-1024:x').spki }, '2005-01-01T00:00:00Z')).toThrow(PkiError)
  })
})

test.each<[string, AlgorithmUse, string]>([
  ['SHA-1 in the last second of 2016', { digest: 'sha1' }, '2016-12-31T23:59:59Z'],
  ['SHA-256 in 2100', { digest: 'sha256' }, '2100-01-01T00:00:00Z'],
  ['RSA of 2048 bits today', { algorithm: 'rsa-pss-sha256', spki: pooledKey('RSA-2048:x').spki }, '2026-11-20Z'],
  ['RSA of 3072 bits in 2050', { algorithm: 'rsa-sha256', key: key('RSA-3072:x') }, '2050-01-01Z'],
  ['P-256 in 2050', { algorithm: 'ecdsa-sha256', key: key('x') }, '2050-01-01Z'],
  ['Ed25519 in 2050', { algorithm: 'ed25519', key: key('ed25519:x') }, '2050-01-01Z'],
])('strong enough: %s', (_, use, time) => {
  expect(at(use, time)).toBe(true)
})
