import { X509Certificate } from 'node:crypto'
import type { Bytes } from '../std/bytes.ts'

const LINE = /(.{64})(?=.)/g

/** A certificate as text (RFC 7468 §5). */
export function certificateToPem(der: Bytes): string {
  const base64 = Buffer.from(der).toString('base64').replace(LINE, '$1\n')
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/**
 * The certificates of a file, DER: several as PEM among other text, or one as it is.
 *
 * @throws Error when there is none that can be read
 */
export function certificatesIn(file: Buffer): readonly Bytes[] {
  const blocks = file.toString('latin1').match(BLOCK)
  return (blocks ?? [file]).map((block) => new X509Certificate(block).raw)
}
