import { createHash, timingSafeEqual } from 'node:crypto'

/** Bytes that nobody will write to again. */
export type Bytes = Uint8Array

/** Joins pieces into one array. */
export function concat(...parts: readonly Bytes[]): Buffer {
  return Buffer.concat(parts)
}

/** A view of the same memory as a Buffer, without a copy. */
export function asBuffer(bytes: Bytes): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** SHA-256 of the joined parts, 32 bytes. */
export function sha256(...parts: readonly (Bytes | string)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Compares in constant time; arrays of different lengths are unequal. */
export function equalBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
