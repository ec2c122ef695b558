import type { Bytes } from '../../std/bytes.ts'

/**
 * Encrypts or decrypts with RC4; both are the same. Written out because OpenSSL 3 keeps it in a provider that is not
 * loaded, while old documents need it. It protects nothing today.
 */
export function rc4(key: Bytes, data: Bytes): Buffer {
  const state = scheduled(key)
  const out = Buffer.allocUnsafe(data.length)
  let i = 0
  let j = 0
  for (let at = 0; at < data.length; at++) {
    i = (i + 1) & 255
    const a = state[i] ?? 0
    j = (j + a) & 255
    const b = state[j] ?? 0
    state[i] = b
    state[j] = a
    out[at] = (data[at] ?? 0) ^ (state[(a + b) & 255] ?? 0)
  }
  return out
}

function scheduled(key: Bytes): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i)
  let j = 0
  for (let i = 0; i < 256; i++) {
    const a = state[i] ?? 0
    j = (j + a + (key[i % key.length] ?? 0)) & 255
    state[i] = state[j] ?? 0
    state[j] = a
  }
  return state
}
