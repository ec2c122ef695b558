import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { ulid } from '../../std/ids.ts'
import type { Platform, Tx } from '../context.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { KeyAlgorithm, KeyId, KeyPurpose, PublicKey } from './key.ts'
import { insertKey, privatePlace } from './keys.store.ts'

const generate = promisify(generateKeyPair)

/** A key that exists in memory only. Store it with `storeKey` in the transaction of what it is for. */
export type NewKey = PublicKey & { readonly privateKey: KeyObject; readonly privateSealed: Buffer }

/** Makes a key pair and seals its private part under the master key. */
export async function makeKey(
  context: Pick<Platform, 'clock' | 'random' | 'vault'>,
  purpose: KeyPurpose,
  algorithm: KeyAlgorithm,
): Promise<NewKey> {
  const id = ulid(context.clock.now().getTime(), context.random.bytes) as KeyId
  const { privateKey, publicKey } = await pairFor(algorithm)
  return {
    id,
    purpose,
    algorithm,
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    privateKey,
    privateSealed: context.vault.seal(privatePlace(id), privateKey.export({ format: 'der', type: 'pkcs8' })),
  }
}

export async function storeKey(tx: Tx, key: NewKey, tenantId: TenantId | null, at: Date): Promise<void> {
  await insertKey(tx, { ...key, tenantId, at })
}

/** RSA keys have 3072 bits: NIST SP 800-57 part 1, table 2, for 128 bits of security. */
async function pairFor(algorithm: KeyAlgorithm): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  if (algorithm === 'RS256') return await generate('rsa', { modulusLength: 3072 })
  return await generate('ec', { namedCurve: algorithm === 'ES256' ? 'P-256' : 'P-384' })
}
