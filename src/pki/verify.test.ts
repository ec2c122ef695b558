import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../std/bytes.ts'
import { children, fieldsOf, readDer } from './der-reader.ts'
import { integerBytes } from './der-values.ts'
import { bitString, NULL, oid, sequence, TAG, tlv, unsigned } from './der-writer.ts'
import { ecdsaSignatureFromRaw } from './ecdsa-signature.ts'
import { OID } from './oids.ts'
import { PkiError } from './pki-error.ts'
import { signBytes, signBytesOffThread } from './sign-bytes.ts'
import type { SignatureAlgorithm } from './signature-algorithm.ts'
import { keyFits, maxSignatureLength, publicKeyOf, verifySignature } from './verify.ts'

type Pair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject }

const pssOnly = (hash: string) =>
  generateKeyPairSync('rsa-pss', { modulusLength: 2048, hashAlgorithm: hash, mgf1HashAlgorithm: hash })
const pairs = {
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  p521: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  ed25519: generateKeyPairSync('ed25519'),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  pss: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
  pss256: pssOnly('sha256'),
  pss512: pssOnly('sha512'),
} satisfies Record<string, Pair>
type PairName = keyof typeof pairs

const ec = ['ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512'] as const
const pkcs1 = ['rsa-sha256', 'rsa-sha384', 'rsa-sha512'] as const
const pss = ['rsa-pss-sha256', 'rsa-pss-sha384', 'rsa-pss-sha512'] as const
const fitting: Readonly<Record<PairName, readonly SignatureAlgorithm[]>> = {
  p256: ec,
  p384: ec,
  p521: ec,
  ed25519: ['ed25519'],
  rsa: [...pkcs1, ...pss],
  pss,
  pss256: ['rsa-pss-sha256'],
  pss512: ['rsa-pss-sha512'],
}
const everyAlgorithm: readonly SignatureAlgorithm[] = [...ec, ...pkcs1, ...pss, 'ed25519']
const names = Object.keys(pairs) as PairName[]

const data = Buffer.from('what is signed')
const spkiOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })

describe('a public key is refused', () => {
  const p256 = spkiOf(pairs.p256.publicKey)
  const [, point] = children(readDer(p256))
  const [, rsaBits] = children(readDer(spkiOf(pairs.rsa.publicKey)))
  const [, edBits] = children(readDer(spkiOf(pairs.ed25519.publicKey)))
  const raw = (node: { raw: Bytes } | undefined) => node?.raw ?? NULL
  const rsaWith = (publicExponent: number, modulusLength = 2048) =>
    spkiOf(generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey)
  const modulus = Buffer.from(pairs.rsa.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url')
  const rsaBy = (exponent: Bytes) =>
    sequence(sequence(oid(OID.rsaEncryption), NULL), bitString(sequence(unsigned(modulus), exponent)))

  test('although the one that these are variants of is taken', () => {
    expect(publicKeyOf(rsaBy(unsigned(65537))).asymmetricKeyType).toBe('rsa')
  })

  test.each<[string, () => Bytes]>([
    ['RSA of 1024 bits', () => rsaWith(65537, 1024)],
    ['RSA with the exponent 3', () => rsaWith(3)],
    ['RSA with an even exponent', () => rsaBy(unsigned(65538))],
    ['RSA with an exponent of 257 bits', () => rsaBy(unsigned(Buffer.concat([Buffer.of(1), Buffer.alloc(32, 1)])))],
    ['RSA with parameters', () => sequence(sequence(oid(OID.rsaEncryption), sequence()), raw(rsaBits))],
    ['a curve of another use', () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)],
    ['a small curve', () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-224' }).publicKey)],
    [
      'a curve that is spelled out',
      () => spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).publicKey),
    ],
    ['a curve that is left to others', () => sequence(sequence(oid(OID.ecPublicKey), NULL), raw(point))],
    [
      'a point that is not on its curve',
      () => Buffer.concat([p256.subarray(0, -1), Buffer.of((p256.at(-1) ?? 0) ^ 1)]),
    ],
    ['the point at infinity', () => sequence(raw(children(readDer(p256))[0]), bitString(Buffer.of(0)))],
    [
      'a point in its hybrid form',
      () => {
        const hybrid = Buffer.from(p256)
        hybrid[p256.length - 65] = 6 + ((p256.at(-1) ?? 0) & 1)
        return hybrid
      },
    ],
    ['Ed25519 with parameters', () => sequence(sequence(oid(OID.ed25519), NULL), raw(edBits))],
    ['Ed25519 of 31 bytes', () => sequence(sequence(oid(OID.ed25519)), bitString(Buffer.alloc(31, 1)))],
    ['Ed448', () => spkiOf(generateKeyPairSync('ed448').publicKey)],
    ['a key for agreement', () => spkiOf(generateKeyPairSync('x25519').publicKey)],
    ['a key of DSA', () => spkiOf(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).publicKey)],
    ['bytes after the key', () => Buffer.concat([p256, Buffer.of(0)])],
    ['what is no key', () => sequence(unsigned(1))],
  ])('%s', (_, spki) => {
    expect(() => publicKeyOf(spki())).toThrow(PkiError)
  })
})

describe.each(names)('a key of the kind %s', (name) => {
  const { privateKey, publicKey } = pairs[name]

  test('fits its own algorithms and no other', () => {
    const fits = everyAlgorithm.filter((algorithm) => keyFits(algorithm, publicKey))
    expect(fits.toSorted()).toEqual([...fitting[name]].toSorted())
    expect(everyAlgorithm.filter((algorithm) => keyFits(algorithm, privateKey))).toEqual(fits)
  })

  test('signs with those, on either thread, no longer than was said', async () => {
    const read = publicKeyOf(spkiOf(publicKey))
    for (const algorithm of fitting[name]) {
      for (const signature of [
        signBytes(algorithm, privateKey, data),
        await signBytesOffThread(algorithm, privateKey, data),
      ]) {
        expect(verifySignature(algorithm, read, data, signature)).toBe(true)
        expect(verifySignature(algorithm, read, data.subarray(1), signature)).toBe(false)
        expect(signature.length).toBeLessThanOrEqual(maxSignatureLength(read))
      }
    }
  })

  test('neither signs nor verifies with another', async () => {
    const [own = 'ed25519'] = fitting[name]
    const signature = signBytes(own, privateKey, data)
    for (const algorithm of everyAlgorithm.filter((other) => !fitting[name].includes(other))) {
      expect(() => signBytes(algorithm, privateKey, data)).toThrow(PkiError)
      await expect(signBytesOffThread(algorithm, privateKey, data)).rejects.toThrow(PkiError)
      expect(verifySignature(algorithm, publicKey, data, signature)).toBe(false)
    }
  })
})

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const numberOf = (bytes: Bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const integer = (value: bigint) => {
  const hex = value.toString(16)
  return unsigned(Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'))
}
const { privateKey, publicKey } = pairs.p256
const signature = Buffer.from(signBytes('ecdsa-sha256', privateKey, data))
const fields = fieldsOf(readDer(signature), 'ECDSA-Sig-Value')
const [r, s] = [fields.take(), fields.take()] as const
const [rNumber, sNumber] = [numberOf(integerBytes(r)), numberOf(integerBytes(s))]
const zero = unsigned(0)
const padded = (bytes: Bytes) => tlv(TAG.integer, Buffer.of(0), bytes)

describe('an ECDSA signature is refused', () => {
  test.each<[string, Bytes]>([
    ['whose r is zero', sequence(zero, s.raw)],
    ['whose s is zero', sequence(r.raw, zero)],
    ['whose numbers are both zero', sequence(zero, zero)],
    ['whose numbers are both one', sequence(unsigned(1), unsigned(1))],
    ['whose r is the order', sequence(integer(ORDER), s.raw)],
    ['whose r is greater by the order', sequence(integer(rNumber + ORDER), s.raw)],
    ['whose s is greater by the order', sequence(r.raw, integer(sNumber + ORDER))],
    ['whose r is negative', sequence(tlv(TAG.integer, Buffer.of(0xff), r.content), s.raw)],
    ['whose s is minus one', sequence(r.raw, tlv(TAG.integer, Buffer.of(0xff)))],
    ['whose r has a needless zero', sequence(padded(padded(r.content).subarray(2)), s.raw)],
    ['whose s has a needless zero', sequence(r.raw, padded(padded(s.content).subarray(2)))],
    ['whose r is empty', sequence(tlv(TAG.integer), s.raw)],
    ['without s', sequence(r.raw)],
    ['with a third number', sequence(r.raw, s.raw, unsigned(1))],
    ['with NULL inside', sequence(r.raw, s.raw, NULL)],
    ['with bytes after it', Buffer.concat([signature, Buffer.of(0)])],
    ['that is cut off', signature.subarray(0, -1)],
    ['with a long form of its length', Buffer.concat([Buffer.of(0x30, 0x81), signature.subarray(1)])],
    ['with an indefinite length', Buffer.concat([Buffer.of(0x30, 0x80), signature.subarray(2), Buffer.alloc(2)])],
    ['as a SET', tlv(TAG.set, r.raw, s.raw)],
    ['with octet strings for numbers', sequence(tlv(TAG.octetString, r.content), tlv(TAG.octetString, s.content))],
    ['with its numbers in the other order', sequence(s.raw, r.raw)],
    ['that is empty', Buffer.alloc(0)],
    ['as two numbers side by side', sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })],
  ])('%s', (_, wrong) => {
    expect(verifySignature('ecdsa-sha256', publicKey, data, signature)).toBe(true)
    expect(verifySignature('ecdsa-sha256', publicKey, data, wrong)).toBe(false)
  })

  test('as two numbers side by side until it is in its DER form', () => {
    for (const name of ['p256', 'p384', 'p521'] as const) {
      const raw = sign('sha512', data, { key: pairs[name].privateKey, dsaEncoding: 'ieee-p1363' })
      expect(verifySignature('ecdsa-sha512', pairs[name].publicKey, data, ecdsaSignatureFromRaw(raw))).toBe(true)
    }
    for (const length of [0, 63]) expect(() => ecdsaSignatureFromRaw(Buffer.alloc(length))).toThrow(PkiError)
  })
})

describe('an RSA signature is refused', () => {
  const { privateKey: key, publicKey: check } = pairs.rsa
  const withSalt = (saltLength: number) =>
    sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })
  const modulus = numberOf(Buffer.from(check.export({ format: 'jwk' }).n ?? '', 'base64url'))
  const greater = (bytes: Bytes) =>
    Buffer.from((numberOf(bytes) + modulus).toString(16).padStart(512, '0').slice(-512), 'hex')

  test.each([0, 20, 31, 33, 64, constants.RSA_PSS_SALTLEN_MAX_SIGN])('by RSA-PSS with a salt of %i bytes', (length) => {
    expect(verifySignature('rsa-pss-sha256', check, data, withSalt(32))).toBe(true)
    expect(verifySignature('rsa-pss-sha256', check, data, withSalt(length))).toBe(false)
  })

  test.each(['rsa-sha256', 'rsa-pss-sha256'] as const)('by %s in another form', (algorithm) => {
    const right = signBytes(algorithm, key, data)
    const wrong = [right.subarray(1), Buffer.concat([Buffer.of(0), right]), Buffer.alloc(256), Buffer.alloc(0)]
    for (const one of [...wrong, greater(right)]) expect(verifySignature(algorithm, check, data, one)).toBe(false)
    const other = algorithm === 'rsa-sha256' ? 'rsa-pss-sha256' : 'rsa-sha256'
    expect(verifySignature(other, check, data, right)).toBe(false)
  })
})

test('an RSA-PSS signature without its leading zero is refused', () => {
  const { privateKey: key, publicKey: check } = pairs.rsa
  // One signature in 256 starts with a zero.
  for (let tries = 0; tries < 10_000; tries++) {
    const right = signBytes('rsa-pss-sha256', key, data)
    if (right[0] !== 0) continue
    expect(verifySignature('rsa-pss-sha256', check, data, right)).toBe(true)
    expect(verifySignature('rsa-pss-sha256', check, data, right.subarray(1))).toBe(false)
    return
  }
  throw new Error('no signature starts with a zero')
})

test('an Ed25519 signature is refused when its number is not reduced, or when it is cut off', () => {
  const { privateKey: key, publicKey: check } = pairs.ed25519
  const right = signBytes('ed25519', key, data)
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const number = numberOf(Buffer.from(right.subarray(32)).reverse()) + order
  const above = Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse()
  expect(verifySignature('ed25519', check, data, right)).toBe(true)
  for (const wrong of [Buffer.concat([right.subarray(0, 32), above]), right.subarray(1), Buffer.alloc(64)])
    expect(verifySignature('ed25519', check, data, wrong)).toBe(false)
})
