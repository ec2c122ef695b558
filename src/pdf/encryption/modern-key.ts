import { createHash } from 'node:crypto'
import { type Bytes, concat, equalBytes, sha256 } from '../../std/bytes.ts'
import { damaged } from '../pdf-error.ts'
import { aesBlockDecrypt, aesBlocks, unwrapKey } from './aes.ts'
import type { EncryptionDictionary, WrappedKeys } from './encryption-dictionary.ts'

const NOTHING: Bytes = Buffer.alloc(0)
const MIN_ROUNDS = 64
const REPETITIONS = 64
const DIGESTS = ['sha256', 'sha384', 'sha512'] as const

/** The key of the file by its user password, or undefined for a wrong one. Revisions 5 and 6 (algorithm 11). */
export function modernUserKey(dict: EncryptionDictionary, { byUser }: WrappedKeys, password: Bytes): Bytes | undefined {
  return unlock(dict.revision, password, dict.user, NOTHING, byUser)
}

/** The same by the owner password (algorithm 12). */
export function modernOwnerKey(
  dict: EncryptionDictionary,
  { byOwner }: WrappedKeys,
  password: Bytes,
): Bytes | undefined {
  return unlock(dict.revision, password, dict.owner, dict.user, byOwner)
}

/** An entry is a hash of 32 bytes, the salt of the hash of 8, the salt of the key of 8. */
function unlock(revision: number, password: Bytes, entry: Bytes, also: Bytes, wrapped: Bytes): Bytes | undefined {
  const hash = (salt: Bytes) => passwordHash(revision, password, salt, also)
  if (!equalBytes(hash(entry.subarray(32, 40)), entry.subarray(0, 32))) return undefined
  return unwrapKey(hash(entry.subarray(40, 48)), wrapped)
}

/** The hash of a password, 32 bytes; `also` is /U where it is the owner's. */
export function passwordHash(revision: number, password: Bytes, salt: Bytes, also: Bytes): Bytes {
  return revision === 5 ? sha256(password, salt, also) : hardened(password, salt, also)
}

/**
 * The hash of revision 6 (algorithm 2.B). How many rounds it takes is up to the data; as a byte must not be above the
 * count of rounds less 32, it takes 287 at most.
 */
function hardened(password: Bytes, salt: Bytes, also: Bytes): Bytes {
  let key: Bytes = sha256(password, salt, also)
  for (let round = 0, last = 0; round < MIN_ROUNDS || last > round - 32; round++) {
    const unit = concat(password, key, also)
    const blocks = aesBlocks(
      key.subarray(0, 16),
      key.subarray(16, 32),
      concat(...Array.from({ length: REPETITIONS }, () => unit)),
    )
    key = createHash(digestFor(blocks)).update(blocks).digest()
    last = blocks.at(-1) ?? 0
  }
  return key.subarray(0, 32)
}

/** By the remainder of the first 16 bytes, as one number, modulo 3; 256 leaves 1, so that their sum will do. */
function digestFor(blocks: Bytes): (typeof DIGESTS)[number] {
  const sum = blocks.subarray(0, 16).reduce((total, byte) => total + byte, 0)
  return DIGESTS[sum % DIGESTS.length] ?? 'sha256'
}

/**
 * /Perms repeats /P and /EncryptMetadata under the key of the file (algorithm 13): who lacks the password cannot
 * give himself more rights. Throws `pdf.damaged` when they differ.
 */
export function checkPermissionEntry(dict: EncryptionDictionary, { permissions }: WrappedKeys, key: Bytes): void {
  const block = aesBlockDecrypt(key, permissions)
  const isMarked = block.toString('latin1', 9, 12) === 'adb'
  const isSame = block.readInt32LE(0) === dict.permissionBits && (block[8] === 0x54) === dict.encryptMetadata
  if (!isMarked || !isSame) damaged('encryption_permissions', '/Perms does not confirm the permissions of the file')
}
