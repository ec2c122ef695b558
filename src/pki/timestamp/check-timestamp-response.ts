import { type Bytes, equalBytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { readDer } from '../der-reader.ts'
import { unsigned } from '../der-writer.ts'
import { checkTimestampToken } from './check-timestamp-token.ts'
import { failureOf, type TimestampFailure, type TimestampFault, timestampFailure } from './timestamp-fault.ts'
import type { TimestampQuestion } from './timestamp-request.ts'
import { GRANTED, GRANTED_WITH_MODS, readTimestampResponse, type TimestampResponse } from './timestamp-response.ts'
import { readTimestampToken, type TimestampToken } from './timestamp-token.ts'
import type { TstInfo } from './tst-info.ts'

export type TimestampResponseCheck =
  | {
      readonly ok: true
      readonly token: TimestampToken
      readonly certificate: Certificate
      readonly others: readonly Certificate[]
    }
  | (TimestampFailure & {
      /** What the authority gave as its reasons. */
      readonly detail?: string
    })

/**
 * Checks an answer against its question (RFC 3161 2.4.2): granted, over the same imprint, with the same nonce and
 * policy, at a time near the clock's, by a token that passes {@link checkTimestampToken}. Never throws for what the
 * answer holds.
 */
export function checkTimestampResponse(
  answer: Bytes,
  question: TimestampQuestion,
  clock: { readonly now: Date; readonly toleranceMs: number },
): TimestampResponseCheck {
  try {
    const response = readTimestampResponse(answer)
    const fault = checkStatus(response)
    if (fault || !response.token) return withReasons(timestampFailure(fault ?? 'token_missing'), response)
    const token = readTimestampToken(response.token)
    return checkToken(token, question, clock)
  } catch (error) {
    return failureOf(error)
  }
}

function checkStatus({ status, token }: TimestampResponse): TimestampFault | undefined {
  if (status === GRANTED || status === GRANTED_WITH_MODS) return token ? undefined : 'token_missing'
  return token ? 'token_unexpected' : 'refused'
}

/** The names of the failures alone; the authority's own text is a stranger's. */
function withReasons(failure: TimestampFailure, { failures }: TimestampResponse): TimestampResponseCheck {
  return failures.length > 0 ? { ...failure, detail: failures.join(' ') } : failure
}

function checkToken(
  token: TimestampToken,
  question: TimestampQuestion,
  { now, toleranceMs }: { readonly now: Date; readonly toleranceMs: number },
): TimestampResponseCheck {
  const { imprint } = question
  const fault = checkAnswer(token.info, question)
  if (fault) return timestampFailure(fault)
  const checked = checkTimestampToken(token, () => imprint.hash)
  if (!checked.ok) return checked
  if (Math.abs(token.info.time.getTime() - now.getTime()) > toleranceMs) return timestampFailure('clock')
  return { ...checked, token }
}

function checkAnswer(info: TstInfo, { imprint, nonce, policy }: TimestampQuestion): TimestampFault | undefined {
  if (info.imprint.digest !== imprint.digest) return 'imprint_algorithm'
  if (policy !== undefined && info.policy !== policy) return 'policy'
  if (nonce === undefined) return undefined
  if (info.nonce === undefined) return 'nonce_missing'
  return equalBytes(info.nonce, readDer(unsigned(nonce)).content) ? undefined : 'nonce'
}
