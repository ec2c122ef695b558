import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { asBuffer, type Bytes, sha256 } from '../std/bytes.ts'
import { CodedError } from '../std/error.ts'

/**
 * What the master key is used for, and nothing else knows the master key.
 *
 * Sealing is AES-256-GCM. `place` names where the sealed bytes live (table, column, tenant, row) and is
 * authenticated with them: a ciphertext that was moved to another row does not open.
 */
export type Vault = {
  seal(place: string, plain: Bytes): Buffer
  /** @throws {SealBroken} when the bytes were changed, moved, or sealed under another key. */
  open(place: string, sealed: Bytes): Buffer
  /** HMAC-SHA-256 under a key of this purpose alone; parts are framed by their lengths. 32 bytes. */
  mac(purpose: string, ...parts: readonly (Bytes | string)[]): Buffer
}

/** Sealed bytes that do not open. It never says why: a wrong key and changed bytes look the same. */
export class SealBroken extends CodedError<'seal.broken'> {
  constructor() {
    super('seal.broken', 'Sealed data does not open: it was changed, moved, or sealed under another master key.')
  }
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_ID_BYTES = 4
export const KEY_BYTES = 32

/** Opens the vault with the master key: 32 bytes that are kept outside the database. */
export function openVault(masterKey: Bytes): Vault {
  if (masterKey.length !== KEY_BYTES) throw new RangeError(`the master key has ${KEY_BYTES} bytes`)
  const sealing = subkey(masterKey, 'seal')
  // Tells apart "another master key" from damage in an operator's log, and says nothing about the key.
  const keyId = sha256(subkey(masterKey, 'key-id')).subarray(0, KEY_ID_BYTES)
  const macKeys = new Map<string, Buffer>()
  return {
    seal: (place, plain) => Buffer.concat([keyId, sealWith(sealing, place, plain)]),
    open(place, sealed) {
      if (!asBuffer(sealed).subarray(0, KEY_ID_BYTES).equals(keyId)) throw new SealBroken()
      return openWith(sealing, place, sealed.subarray(KEY_ID_BYTES))
    },
    mac(purpose, ...parts) {
      let key = macKeys.get(purpose)
      if (!key) {
        key = subkey(masterKey, `mac:${purpose}`)
        macKeys.set(purpose, key)
      }
      return macOf(key, parts)
    },
  }
}

/** Seals under a given key. Layout: version, nonce, ciphertext, tag. */
export function sealWith(key: Bytes, place: string, plain: Bytes): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(place, 'utf8'))
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `sealWith` made at the same place. @throws {SealBroken} */
export function openWith(key: Bytes, place: string, sealed: Bytes): Buffer {
  const bytes = asBuffer(sealed)
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== VERSION) throw new SealBroken()
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE_BYTES))
  decipher.setAAD(Buffer.from(place, 'utf8'))
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
  try {
    const body = bytes.subarray(1 + NONCE_BYTES, bytes.length - TAG_BYTES)
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch {
    // The cause would only tell that the tag differs.
    throw new SealBroken()
  }
}

function subkey(masterKey: Bytes, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `chancery/${purpose}`, KEY_BYTES))
}

function macOf(key: Bytes, parts: readonly (Bytes | string)[]): Buffer {
  const mac = createHmac('sha256', key)
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    mac.update(length).update(bytes)
  }
  return mac.digest()
}
