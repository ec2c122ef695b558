import { sequence } from '../der-writer.ts'
import { enumeration } from './enumeration.ts'

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

export const responseStatus = enumeration(numbers, { what: 'OCSPResponseStatus', clause: 'RFC 6960 4.2.1' })

/** An answer that refuses: unsigned, as anybody on the way could drop the question as well (RFC 6960 2.3). */
export function refusingOcspResponse(status: Exclude<OcspResponseStatus, 'successful'>): Buffer {
  return sequence(responseStatus.encode(status))
}
