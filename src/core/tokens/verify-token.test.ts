import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { TokenKey } from '../keys/token-keys.ts'
import { verifyToken } from './verify-token.ts'

const NOW = new Date('2030-01-01T00:00:00Z')
const S = NOW.getTime() / 1000
const ISSUER = 'https://sign.example.com'

function key(kid: string, purpose: TokenKey['purpose']): TokenKey {
  return { kid, purpose, active: true, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
}
const company = key('k1', 'company_token')
const person = key('k2', 'access_token')
const identity = key('k3', 'id_token')
const stranger = key('k1', 'company_token')
const ring = [company, person, identity]

const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'k1' }
const CLAIMS = { iss: ISSUER, aud: ISSUER, sub: 'client', iat: S, exp: S + 3600 }
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

type Signer = (input: string) => Buffer
const es256 =
  (privateKey: KeyObject, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding })
const byCompany = es256(company.privateKey)

function token(header: unknown, claims: unknown, signer: Signer = byCompany): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signer(input).toString('base64url')}`
}

const verify = (text: string) =>
  verifyToken(text, ring, { purpose: 'company_token', issuer: ISSUER, audience: ISSUER, now: NOW })

describe('a token is refused', () => {
  const spki = company.publicKey.export({ format: 'pem', type: 'spki' })
  const hs256: Signer = (input) => createHmac('sha256', spki).update(input).digest()
  const rows: [string, string][] = [
    ['when it is empty', ''],
    ['when it is no token', 'nonsense'],
    ['with two parts', token(HEADER, CLAIMS).split('.').slice(0, 2).join('.')],
    ['with four parts', `${token(HEADER, CLAIMS)}.x`],
    ['with alg none', token({ ...HEADER, alg: 'none' }, CLAIMS, () => Buffer.alloc(0))],
    ['with alg None', token({ ...HEADER, alg: 'None' }, CLAIMS, () => Buffer.alloc(0))],
    ['with an empty signature', token(HEADER, CLAIMS, () => Buffer.alloc(0))],
    ['with the signature (0,0)', token(HEADER, CLAIMS, () => Buffer.alloc(64))],
    ['with a DER signature', token(HEADER, CLAIMS, es256(company.privateKey, 'der'))],
    ['with the public key as an HMAC secret', token({ ...HEADER, alg: 'HS256' }, CLAIMS, hs256)],
    ['with an HMAC under the name ES256', token(HEADER, CLAIMS, hs256)],
    ['with alg ES384', token({ ...HEADER, alg: 'ES384' }, CLAIMS)],
    ['of a stranger who uses our kid', token(HEADER, CLAIMS, es256(stranger.privateKey))],
    ['with an unknown kid', token({ ...HEADER, kid: 'k9' }, CLAIMS)],
    ['with a path as kid', token({ ...HEADER, kid: '../../k1' }, CLAIMS)],
    ['with SQL as kid', token({ ...HEADER, kid: "k1' or '1'='1" }, CLAIMS)],
    ['with a list as kid', token({ ...HEADER, kid: ['k1'] }, CLAIMS)],
    ['without kid', token({ alg: 'ES256', typ: 'at+jwt' }, CLAIMS)],
    ...['jku', 'x5u', 'jwk', 'x5c', 'crit', 'b64', 'zip'].map((name): [string, string] => [
      `with ${name} in its header`,
      token({ ...HEADER, [name]: 'https://evil.example' }, CLAIMS),
    ]),
    ['of another typ', token({ ...HEADER, typ: 'JWT' }, CLAIMS)],
    ['of a person', token({ ...HEADER, kid: 'k2' }, CLAIMS, es256(person.privateKey))],
    ['that is an id token', token({ alg: 'ES256', typ: 'JWT', kid: 'k3' }, CLAIMS, es256(identity.privateKey))],
    ['of another issuer', token(HEADER, { ...CLAIMS, iss: 'https://evil.example' })],
    ['for another audience', token(HEADER, { ...CLAIMS, aud: 'https://evil.example' })],
    ['for several audiences', token(HEADER, { ...CLAIMS, aud: [ISSUER] })],
    ['that ended more than a minute ago', token(HEADER, { ...CLAIMS, exp: S - 60 })],
    ['that starts in more than a minute', token(HEADER, { ...CLAIMS, nbf: S + 61 })],
    ['that was issued in ten minutes', token(HEADER, { ...CLAIMS, iat: S + 600 })],
    ['without an end', token(HEADER, { ...CLAIMS, exp: undefined })],
    ['whose end is text', token(HEADER, { ...CLAIMS, exp: `${S + 60}` })],
    ['without a subject', token(HEADER, { ...CLAIMS, sub: undefined })],
    ['with a doubled claim', token(HEADER, JSON.stringify(CLAIMS).replace('{', '{"sub":"admin",'))],
    ['with a doubled header member', token(JSON.stringify(HEADER).replace('{', '{"kid":"k2",'), CLAIMS)],
    ['with blanks in its claims', token(HEADER, JSON.stringify(CLAIMS, null, 1))],
    ['whose claims are a list', token(HEADER, [CLAIMS])],
    ['that is changed in one place', token(HEADER, CLAIMS).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
  ]
  test.each(rows)('%s', async (_, text) => {
    await expect(verify(text)).rejects.toMatchObject({ code: 'credential.invalid' })
  })

  test('of 1 MB, and one with 10,000 claims, in less than 5 ms', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`c${i}`, i]))
    const hostile = [token(HEADER, { ...CLAIMS, x: 'a'.repeat(1_000_000) }), token(HEADER, { ...CLAIMS, ...many })]
    await verify('warm up').catch(() => undefined)
    for (const text of hostile) {
      const start = performance.now()
      await expect(verify(text)).rejects.toMatchObject({ code: 'credential.invalid' })
      expect(performance.now() - start).toBeLessThan(5)
    }
  })
})

describe('a token is good', () => {
  test.each([
    ['as issued', {}],
    ['up to a minute after its end', { exp: S - 59 }],
    ['up to a minute before its start', { nbf: S + 60 }],
  ])('%s', async (_, change) => {
    const verified = await verify(token(HEADER, { ...CLAIMS, ...change }))
    expect(verified.subject).toBe('client')
    expect(verified.issuedAt).toEqual(NOW)
  })

  test('of a key that retires', async () => {
    const retiring = [{ ...company, active: false }, stranger]
    const expected = { purpose: 'company_token', issuer: ISSUER, audience: ISSUER, now: NOW } as const
    await expect(verifyToken(token(HEADER, CLAIMS), retiring, expected)).resolves.toBeDefined()
  })
})
