import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'

/** A key pair with its SubjectPublicKeyInfo. */
export type PooledKey = { readonly key: KeyObject; readonly spki: Bytes }

const makers: Readonly<Record<string, () => { privateKey: KeyObject; publicKey: KeyObject }>> = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  'P-224': () => generateKeyPairSync('ec', { namedCurve: 'P-224' }),
  secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  spelled: () => generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  'RSA-1024': () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  'RSA-2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA-3072': () => generateKeyPairSync('rsa', { modulusLength: 3072 }),
}

const pool = new Map<string, PooledKey>()

/** The key of that name, made when first asked for. `RSA-2048:ca` names a kind, a name without a colon is P-256. */
export function pooledKey(name: string): PooledKey {
  const known = pool.get(name)
  if (known) return known
  const make = makers[name.includes(':') ? (name.split(':')[0] ?? '') : 'P-256']
  if (make === undefined) throw new RangeError(`no kind of key: ${name}`)
  const pair = make()
  const made = { key: pair.privateKey, spki: pair.publicKey.export({ type: 'spki', format: 'der' }) }
  pool.set(name, made)
  return made
}
