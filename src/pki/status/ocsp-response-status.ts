import type { Bytes } from '../../std/bytes.ts'
import { type Der, expectTag } from '../der-reader.ts'
import { sequence, TAG, tlv } from '../der-writer.ts'
import { refuse } from '../pki-error.ts'

/** OCSPResponseStatus (RFC 6960 4.2.1), by number; 4 is not used. */
const numbers = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const

export type OcspResponseStatus = keyof typeof numbers

const names: ReadonlyMap<number, OcspResponseStatus> = new Map(
  Object.entries(numbers).map(([name, number]) => [number, name as OcspResponseStatus]),
)

export function encodeResponseStatus(status: OcspResponseStatus): Bytes {
  return tlv(TAG.enumerated, Buffer.of(numbers[status]))
}

/** Throws `pki.der`, or `pki.status` for a number that stands for nothing. */
export function responseStatusOf(node: Der): OcspResponseStatus {
  const [number = 255, ...more] = expectTag(node, TAG.enumerated, 'OCSPResponseStatus').content
  const name = more.length === 0 ? names.get(number) : undefined
  return name ?? refuse('pki.status', 'there is no such response status', { clause: 'RFC 6960 4.2.1' })
}

/** An answer that refuses: unsigned, as anybody on the way could drop the question as well (RFC 6960 2.3). */
export function refusingOcspResponse(status: Exclude<OcspResponseStatus, 'successful'>): Buffer {
  return sequence(encodeResponseStatus(status))
}
