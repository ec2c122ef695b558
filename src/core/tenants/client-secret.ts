import { equalBytes, sha256 } from '../../std/bytes.ts'
import type { Random } from '../context.ts'
import type { ClientSecrets } from './tenants.store.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const ID_LENGTH = 20
/** 43 characters of base64url: 256 bits, so that a plain hash is enough to keep. */
const SECRET_BYTES = 32

/** A client's id: 20 letters and digits, as companies know them from elsewhere. Not a secret. */
export function newClientId(random: Random): string {
  let id = ''
  while (id.length < ID_LENGTH) {
    // Bytes from 248 up would make the first letters likelier than the rest.
    for (const byte of random.bytes(ID_LENGTH)) {
      if (byte < 248 && id.length < ID_LENGTH) id += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return id
}

export function newClientSecret(random: Random): string {
  return random.bytes(SECRET_BYTES).toString('base64url')
}

export function secretHashOf(secret: string): Buffer {
  return sha256('chancery/client-secret\0', secret)
}

/** Compares with the present secret and, until its end, with the one before. Constant time for each. */
export function matchesSecret(secrets: ClientSecrets, secret: string, now: Date): boolean {
  const hash = secretHashOf(secret)
  const present = equalBytes(hash, secrets.current)
  const previous =
    secrets.previous !== null &&
    secrets.previousUntil !== null &&
    secrets.previousUntil > now &&
    equalBytes(hash, secrets.previous)
  return present || previous
}
