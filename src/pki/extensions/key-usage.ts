import type { Bytes } from '../../std/bytes.ts'
import { readDer } from '../der-reader.ts'
import { namedBitNumbers } from '../der-values.ts'
import { namedBits } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

/** The bits of KeyUsage in their order (RFC 5280 4.2.1.3). */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

export type KeyUsage = (typeof keyUsages)[number]

/** Critical, as RFC 5280 4.2.1.3 advises. */
export function keyUsage(...usages: readonly KeyUsage[]): Extension {
  return { id: OID.keyUsage, critical: true, value: namedBits(usages.map((usage) => keyUsages.indexOf(usage))) }
}

/** Throws `pki.der` or `pki.certificate`. */
export function readKeyUsage(value: Bytes): ReadonlySet<KeyUsage> {
  const bits = namedBitNumbers(readDer(value))
  if (bits.length === 0) refuse('pki.certificate', 'keyUsage without a bit', { clause: 'RFC 5280 4.2.1.3' })
  return new Set(bits.map((bit) => keyUsages[bit] ?? refuse('pki.certificate', 'an unknown bit in keyUsage')))
}
