import { describe, expect, test } from 'vitest'
import type { Bytes } from '../std/bytes.ts'
import { readAlgorithmIdentifier } from './algorithm-identifier.ts'
import { readDer } from './der-reader.ts'
import { context, NULL, oid, sequence, unsigned } from './der-writer.ts'
import { OID } from './oids.ts'
import { PkiError } from './pki-error.ts'
import {
  knownSignature,
  type SignatureAlgorithm,
  signatureAlgorithmNamed,
  signatureAlgorithmOf,
  signatureAlgorithms,
} from './signature-algorithm.ts'

const identifier = (...parts: Bytes[]) => readAlgorithmIdentifier(readDer(sequence(...parts)))
const digest = (dotted: string, ...parameters: Bytes[]) => sequence(oid(dotted), ...parameters)
const mgf1 = (...hash: Bytes[]) => context(1, sequence(oid(OID.mgf1), ...hash))
const hash256 = context(0, digest(OID.sha256, NULL))
const mask256 = mgf1(digest(OID.sha256, NULL))
const salt = (length: number) => context(2, unsigned(length))
const pss = (...fields: Bytes[]) => identifier(oid(OID.rsassaPss), sequence(...fields))

describe('an algorithm identifier is refused', () => {
  test.each([
    ['of RSA-PSS without parameters, which means SHA-1', identifier(oid(OID.rsassaPss)), /SHA-1/],
    ['of RSA-PSS with empty parameters', pss(), /SHA-1/],
    ['of RSA-PSS with NULL', identifier(oid(OID.rsassaPss), NULL), /SEQUENCE/],
    ['of RSA-PSS with SHA-1', pss(context(0, digest(OID.sha1, NULL)), mask256, salt(32)), /SHA-1/],
    ['of RSA-PSS with an unknown digest', pss(context(0, digest('1.2.3')), mask256, salt(32)), /unknown digest/],
    ['of RSA-PSS without a mask, which means SHA-1', pss(hash256, salt(32)), /MGF1/],
    ['of RSA-PSS with a mask of SHA-1', pss(hash256, mgf1(digest(OID.sha1, NULL)), salt(32)), /MGF1/],
    ['of RSA-PSS with a mask of another digest', pss(hash256, mgf1(digest(OID.sha512)), salt(32)), /MGF1/],
    ['of RSA-PSS with a mask of no digest', pss(hash256, mgf1(), salt(32)), /MGF1/],
    ['of RSA-PSS with a mask of NULL', pss(hash256, mgf1(NULL), salt(32)), /MGF1/],
    [
      'of RSA-PSS with an unknown mask',
      pss(hash256, context(1, digest('1.2.3', digest(OID.sha256))), salt(32)),
      /MGF1/,
    ],
    ['of RSA-PSS without a salt, which means 20 bytes', pss(hash256, mask256), /salt/],
    ['of RSA-PSS with a shorter salt', pss(hash256, mask256, salt(20)), /salt/],
    ['of RSA-PSS with a longer salt', pss(hash256, mask256, salt(64)), /salt/],
    ['of RSA-PSS with no salt at all', pss(hash256, mask256, salt(0)), /salt/],
    ['of RSA-PSS with another trailer', pss(hash256, mask256, salt(32), context(3, unsigned(2))), /trailer/],
    ['of RSA-PSS with a field too many', pss(hash256, mask256, salt(32), context(4, unsigned(1))), /too many/],
    ['of RSA-PSS with fields in disorder', pss(mask256, hash256, salt(32)), /too many/],
    ['of ECDSA with NULL', identifier(oid(OID.ecdsaWithSha256), NULL), /has parameters/],
    ['of ECDSA with a curve', identifier(oid(OID.ecdsaWithSha256), oid('1.2.840.10045.3.1.7')), /has parameters/],
    ['of Ed25519 with NULL', identifier(oid(OID.ed25519), NULL), /Ed25519 has parameters/],
    ['of RSA with parameters', identifier(oid(OID.sha256WithRsa), unsigned(1)), /has parameters/],
    ['of RSA without a digest', identifier(oid(OID.rsaEncryption), NULL), /not used here/],
    ['of RSA with SHA-1', identifier(oid('1.2.840.113549.1.1.5'), NULL), /not used here/],
    ['of ECDSA with SHA-1', identifier(oid('1.2.840.10045.4.1')), /not used here/],
  ])('%s', (_, wrong, message) => {
    expect(() => signatureAlgorithmOf(wrong)).toThrow(PkiError)
    expect(() => signatureAlgorithmOf(wrong)).toThrow(message)
    expect(knownSignature(wrong)).toBeUndefined()
  })

  test.each([
    ['ECDSA', identifier(oid(OID.ecdsaWithSha512))],
    ['RSA', identifier(oid(OID.sha512WithRsa), NULL)],
    ['RSA-PSS', pss(context(0, digest(OID.sha512)), mgf1(digest(OID.sha512)), salt(64))],
  ])('beside another digest, of %s', (_, wrong) => {
    expect(signatureAlgorithmOf(wrong, 'sha512')).toMatch(/sha512$/)
    expect(() => signatureAlgorithmOf(wrong, 'sha256')).toThrow(/another one than sha256/)
  })

  test('of Ed25519 beside another digest than SHA-512', () => {
    expect(() => signatureAlgorithmOf(identifier(oid(OID.ed25519)), 'sha256')).toThrow(/another one than sha256/)
  })

  test('by a name that is none', () => {
    for (const name of ['', 'rsa-sha1', 'toString', 'RSA-SHA256'])
      expect(() => signatureAlgorithmNamed(name)).toThrow(PkiError)
  })
})

describe('an algorithm identifier is read', () => {
  test.each(Object.keys(signatureAlgorithms) as SignatureAlgorithm[])('as %s writes it', (name) => {
    const { encoded, digest: beside } = signatureAlgorithms[name]
    expect(signatureAlgorithmOf(readAlgorithmIdentifier(readDer(encoded)))).toBe(name)
    expect(signatureAlgorithmOf(readAlgorithmIdentifier(readDer(encoded)), beside)).toBe(name)
    expect(signatureAlgorithmNamed(name)).toBe(name)
  })

  test.each<[string, SignatureAlgorithm, ReturnType<typeof identifier>]>([
    ['of RSA without NULL', 'rsa-sha256', identifier(oid(OID.sha256WithRsa))],
    [
      'of RSA-PSS whose digests lack NULL',
      'rsa-pss-sha384',
      pss(context(0, digest(OID.sha384)), mgf1(digest(OID.sha384)), salt(48)),
    ],
    [
      'of RSA-PSS with its trailer written out',
      'rsa-pss-sha256',
      pss(hash256, mask256, salt(32), context(3, unsigned(1))),
    ],
  ])('%s', (_, name, read) => {
    expect(signatureAlgorithmOf(read)).toBe(name)
  })

  test.each<[string, SignatureAlgorithm, ReturnType<typeof identifier>]>([
    ['the kind of key alone, RSA', 'rsa-sha384', identifier(oid(OID.rsaEncryption), NULL)],
    ['the kind of key alone, ECDSA', 'ecdsa-sha384', identifier(oid(OID.ecPublicKey), NULL)],
    ['ECDSA with NULL', 'ecdsa-sha384', identifier(oid(OID.ecdsaWithSha384), NULL)],
  ])('in a SignerInfo: %s', (_, name, read) => {
    expect(signatureAlgorithmOf(read, 'sha384')).toBe(name)
    expect(knownSignature(read)).toBeUndefined()
  })
})
