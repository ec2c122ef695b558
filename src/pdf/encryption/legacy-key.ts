import { createHash } from 'node:crypto'
import { type Bytes, equalBytes } from '../../std/bytes.ts'
import type { EncryptionDictionary } from './encryption-dictionary.ts'
import { rc4 } from './rc4.ts'

/** What fills a password up to 32 bytes (ISO 32000-2 7.6.4.3.2). */
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')
const STRETCHING_ROUNDS = 50

/** The key of the file by its user password, or undefined for a wrong one. Revisions 2 to 4. */
export function legacyUserKey(dict: EncryptionDictionary, fileId: Bytes, password: Bytes): Bytes | undefined {
  const key = fileKey(dict, fileId, password)
  const expected = userEntry(dict, fileId, key)
  return equalBytes(expected, dict.user.subarray(0, expected.length)) ? key : undefined
}

/** The same by the owner password, which gives the user password (algorithm 7). */
export function legacyOwnerKey(dict: EncryptionDictionary, fileId: Bytes, password: Bytes): Bytes | undefined {
  const key = stretched(dict, md5(padded(password)))
  const rounds = dict.revision === 2 ? [0] : ROUNDS.toReversed()
  const userPassword = rounds.reduce<Bytes>((text, round) => rc4(roundKey(key, round), text), dict.owner)
  return legacyUserKey(dict, fileId, userPassword)
}

const ROUNDS = Array.from({ length: 20 }, (_, i) => i)

function roundKey(key: Bytes, round: number): Bytes {
  return key.map((byte) => byte ^ round)
}

function md5(...parts: readonly Bytes[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function padded(password: Bytes): Bytes {
  return Buffer.concat([password, PADDING]).subarray(0, PADDING.length)
}

/** From revision 3 on a digest is taken again and again, over as many bytes as the key has. */
function stretched({ revision, keyBytes }: EncryptionDictionary, digest: Bytes): Bytes {
  let key = digest.subarray(0, keyBytes)
  if (revision >= 3) for (let i = 0; i < STRETCHING_ROUNDS; i++) key = md5(key).subarray(0, keyBytes)
  return key
}

/** Algorithm 2. */
function fileKey(dict: EncryptionDictionary, fileId: Bytes, password: Bytes): Bytes {
  const permissions = Buffer.alloc(4)
  permissions.writeInt32LE(dict.permissionBits)
  const plainMetadata = dict.revision >= 4 && !dict.encryptMetadata ? [Buffer.alloc(4, 0xff)] : []
  return stretched(dict, md5(padded(password), dict.owner, permissions, fileId, ...plainMetadata))
}

/** What /U must start with for this key: algorithm 4 for revision 2, algorithm 5 after that. */
function userEntry(dict: EncryptionDictionary, fileId: Bytes, key: Bytes): Bytes {
  if (dict.revision === 2) return rc4(key, PADDING)
  return ROUNDS.reduce<Bytes>((text, round) => rc4(roundKey(key, round), text), md5(PADDING, fileId))
}
