import type { Bytes } from '../../std/bytes.ts'
import { asBuffer } from '../../std/bytes.ts'
import { refuse } from '../pki-error.ts'

/** The address that asks by GET (RFC 6960 A.1): base64, with the characters that an address cannot hold escaped. */
export function ocspGetUrl(responder: string, request: Bytes): string {
  return `${responder.replace(/\/$/, '')}/${encodeURIComponent(asBuffer(request).toString('base64'))}`
}

/** The request in the last part of the path, escaped or not. Throws `pki.status` when it is not base64. */
export function ocspRequestOfPath(part: string): Bytes {
  const text = unescaped(part)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) refuse('pki.status', 'not base64', { clause: 'RFC 6960 A.1' })
  return Buffer.from(text, 'base64')
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return refuse('pki.status', 'the address is escaped wrongly', { clause: 'RFC 6960 A.1' })
  }
}
