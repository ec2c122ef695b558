import type { Bytes } from '../../std/bytes.ts'
import { normaliseBer } from '../ber-normaliser.ts'
import { children, expectTag, type Fields, fieldsOf, readDer } from '../der-reader.ts'
import { namedBitNumbers, smallInteger, textValue } from '../der-values.ts'
import { namedBits, sequence, TAG, unsigned, utf8String } from '../der-writer.ts'
import { refuse } from '../pki-error.ts'

/** PKIStatus (RFC 3161 2.4.2). */
export const GRANTED = 0
export const GRANTED_WITH_MODS = 1
const REJECTION = 2

/** PKIFailureInfo: the bits of RFC 3161 2.4.2. */
const failureBits = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const

export type FailureInfo = keyof typeof failureBits

const failureNames = new Map<number, string>(Object.entries(failureBits).map(([name, bit]) => [bit, name]))

/** TimeStampResp (RFC 3161 2.4.2), read without judging it. */
export type TimestampResponse = {
  readonly status: number
  /** Names of PKIFailureInfo; the number of a bit without a name. */
  readonly failures: readonly string[]
  /** What the authority says to people: words of a stranger. */
  readonly text?: string
  /** Encoded ContentInfo. */
  readonly token?: Bytes
}

/** Throws `pki.der`. */
export function readTimestampResponse(bytes: Bytes): TimestampResponse {
  const { der, length } = normaliseBer(bytes)
  if (length !== bytes.length) refuse('pki.der', 'bytes follow the value')
  const fields = fieldsOf(readDer(der), 'TimeStampResp')
  const info = readStatusInfo(fieldsOf(fields.take(TAG.sequence), 'PKIStatusInfo'))
  const token = fields.maybe(TAG.sequence)?.raw
  fields.end()
  return { ...info, ...(token && { token }) }
}

function readStatusInfo(fields: Fields): Omit<TimestampResponse, 'token'> {
  const status = smallInteger(fields.take(TAG.integer))
  const text = fields.maybe(TAG.sequence)
  const failures = fields.maybe(TAG.bitString)
  fields.end()
  return {
    status,
    failures: failures ? namedBitNumbers(failures).map((bit) => failureNames.get(bit) ?? String(bit)) : [],
    ...(text && {
      text: children(text)
        .map((line) => textValue(expectTag(line, TAG.utf8String, 'PKIFreeText')))
        .join('\n'),
    }),
  }
}

/** The answer of an authority that grants. */
export function buildTimestampGrant(token: Bytes): Bytes {
  return sequence(sequence(unsigned(GRANTED)), token)
}

/** The answer of an authority that does not. */
export function buildTimestampRefusal(failure: FailureInfo, text?: string): Bytes {
  const lines = text === undefined ? [] : [sequence(utf8String(text))]
  return sequence(sequence(unsigned(REJECTION), ...lines, namedBits([failureBits[failure]])))
}
