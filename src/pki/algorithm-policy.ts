import type { KeyObject } from 'node:crypto'
import type { Bytes } from '../std/bytes.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './signature-algorithm.ts'
import { publicKeyOf } from './verify.ts'

/** Keys of one kind from a size on; `until` is the first moment at which they are no longer enough. */
export type KeyLifetime = { readonly minBits: number; readonly until?: Date }
export type KeyKind = 'rsa' | 'ec' | 'ed25519'

/** How long each algorithm is good enough. What the table does not name never was. */
export type AlgorithmPolicy = {
  /** Where the dates are from, for reports. */
  readonly source: string
  /** By the name of the digest; without `until` no end is known. */
  readonly digests: Readonly<Record<string, { readonly until?: Date }>>
  /** The largest size first. */
  readonly keys: Readonly<Record<KeyKind, readonly KeyLifetime[]>>
}

/**
 * The dates of ETSI TS 119 312, which takes them from the agreed mechanisms of SOG-IS; those that are past are from
 * its earlier editions. RSA from 1900 to 2999 bits is the one mechanism in wide use that has an end.
 */
export const standardAlgorithms: AlgorithmPolicy = {
  source: 'ETSI TS 119 312',
  digests: {
    md5: { until: new Date('2005-08-01T00:00:00Z') },
    sha1: { until: new Date('2017-01-01T00:00:00Z') },
    sha224: { until: new Date('2026-01-01T00:00:00Z') },
    sha256: {},
    sha384: {},
    sha512: {},
    'sha3-256': {},
    'sha3-384': {},
    'sha3-512': {},
  },
  keys: {
    rsa: [
      { minBits: 3000 },
      { minBits: 1900, until: new Date('2029-01-01T00:00:00Z') },
      { minBits: 1024, until: new Date('2010-01-01T00:00:00Z') },
    ],
    ec: [{ minBits: 256 }, { minBits: 224, until: new Date('2017-01-01T00:00:00Z') }],
    ed25519: [{ minBits: 256 }],
  },
}

/** What is used: a signature algorithm, or a digest alone, and the key as SubjectPublicKeyInfo or as it was read. */
export type AlgorithmUse = {
  readonly algorithm?: SignatureAlgorithm
  /** Name of a digest as `node:crypto` writes it. */
  readonly digest?: string
  readonly spki?: Bytes
  readonly key?: KeyObject
}

/** Too weak at the moment that was asked about; `until` is when that began, absent for what never was enough. */
export type WeakAlgorithm = { readonly reason: string; readonly until?: Date }

/** Whether all that is used is good enough at a moment. Throws `pki.algorithm` for an `spki` that cannot be used at all. */
export function acceptableAt(policy: AlgorithmPolicy, use: AlgorithmUse, time: Date): true | WeakAlgorithm {
  const digest = use.digest ?? (use.algorithm && signatureAlgorithms[use.algorithm].digest)
  const key = use.key ?? (use.spki && publicKeyOf(use.spki))
  const weakDigest = digest === undefined ? undefined : weak(digest, lifetimeOf(policy, digest), time)
  return weakDigest ?? (key ? weakKey(policy, key, time) : undefined) ?? true
}

/** A name is a row of the table, not a word that every object knows. */
function lifetimeOf({ digests }: AlgorithmPolicy, digest: string): { readonly until?: Date } | undefined {
  return Object.hasOwn(digests, digest) ? digests[digest] : undefined
}

function weakKey(policy: AlgorithmPolicy, key: KeyObject, time: Date): WeakAlgorithm | undefined {
  const size = keySize(key)
  if (size === undefined) return { reason: `${key.asymmetricKeyType} is no kind of key that is used` }
  const lifetime = policy.keys[size.kind].find(({ minBits }) => size.bits >= minBits)
  return weak(`${size.kind} of ${size.bits} bits`, lifetime, time)
}

function weak(what: string, lifetime: { readonly until?: Date } | undefined, time: Date): WeakAlgorithm | undefined {
  if (lifetime === undefined) return { reason: `${what} is not strong enough` }
  const { until } = lifetime
  if (until === undefined || time < until) return undefined
  return { reason: `${what} is not strong enough since ${until.toISOString().slice(0, 10)}`, until }
}

const CURVE_BITS: Readonly<Record<string, number>> = {
  secp224r1: 224,
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
}

function keySize(key: KeyObject): { readonly kind: KeyKind; readonly bits: number } | undefined {
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return { kind: 'rsa', bits: modulusLength }
    case 'ec':
      return { kind: 'ec', bits: CURVE_BITS[namedCurve] ?? 0 }
    case 'ed25519':
      return { kind: 'ed25519', bits: 256 }
    default:
      return undefined
  }
}
