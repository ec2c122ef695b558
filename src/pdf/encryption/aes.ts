import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Bytes, concat } from '../../std/bytes.ts'
import { damaged } from '../pdf-error.ts'

const BLOCK_BYTES = 16
const ZERO_IV = Buffer.alloc(BLOCK_BYTES)

/** A source of chance: that many bytes. */
export type RandomBytes = (bytes: number) => Bytes

const cbc = (key: Bytes) => `aes-${key.length * 8}-cbc`

/** A string or stream in AES-CBC: an initialisation vector and padded blocks (ISO 32000-2 7.6.3.1). */
export function aesEncrypt(key: Bytes, data: Bytes, random: RandomBytes): Buffer {
  const iv = random(BLOCK_BYTES)
  const cipher = createCipheriv(cbc(key), key, iv)
  return concat(iv, cipher.update(data), cipher.final())
}

/**
 * Opens what {@link aesEncrypt} writes. Nothing at all is read as an empty text: many writers leave empty strings
 * alone. Throws `pdf.damaged` when the length or the padding is wrong: what a viewer shows then is its own guess.
 */
export function aesDecrypt(key: Bytes, data: Bytes): Buffer {
  if (data.length === 0) return Buffer.alloc(0)
  if (data.length % BLOCK_BYTES !== 0 || data.length < 2 * BLOCK_BYTES)
    damaged('encrypted_data', 'encrypted data does not consist of whole blocks', { bytes: data.length })
  const decipher = createDecipheriv(cbc(key), key, data.subarray(0, BLOCK_BYTES))
  const start = decipher.update(data.subarray(BLOCK_BYTES))
  try {
    return concat(start, decipher.final())
  } catch {
    return damaged('encrypted_data', 'the padding of encrypted data is wrong')
  }
}

/** Opens a key that is wrapped without a vector and without padding (ISO 32000-2 7.6.4.3.3). */
export function unwrapKey(key: Bytes, wrapped: Bytes): Buffer {
  const decipher = createDecipheriv(cbc(key), key, ZERO_IV).setAutoPadding(false)
  return concat(decipher.update(wrapped), decipher.final())
}

/** Whole blocks in AES-CBC without padding: a step of the hash of revision 6. */
export function aesBlocks(key: Bytes, iv: Bytes, blocks: Bytes): Buffer {
  const cipher = createCipheriv(cbc(key), key, iv).setAutoPadding(false)
  return concat(cipher.update(blocks), cipher.final())
}

/** One block in AES-256-ECB: /Perms (ISO 32000-2 7.6.4.4.12). */
export function aesBlockDecrypt(key: Bytes, block: Bytes): Buffer {
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return concat(decipher.update(block), decipher.final())
}
