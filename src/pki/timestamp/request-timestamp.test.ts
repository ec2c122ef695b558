import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../std/time.ts'
import { findPath, PkiError, readCertificate, requestTimestamp, type TimestampAuthority } from '../index.ts'
import type { Exchange, ExchangeRequest } from '../net/exchange.ts'
import { exchangeError } from '../net/exchange-fault.ts'
import { NOW, newAuthority } from '../testing/authority.ts'
import { rightAnswer } from '../testing/timestamp.ts'

const authority = newAuthority()
const unit = authority.timestampUnit()
const imprint = { digest: 'sha256', hash: createHash('sha256').update('signature').digest() } as const
const first = { url: 'https://first.example/tsa?key=secret' }
const second = { url: 'https://second.example/tsa' }

let count = 0
const options = (exchange: Exchange) => ({ exchange, now: () => NOW, nonce: () => Buffer.alloc(8, ++count) })

const right = ({ body = new Uint8Array() }: ExchangeRequest) => rightAnswer(body, unit, authority)
const down: Exchange = () => Promise.reject(exchangeError('timeout'))

/** Asks both authorities; gives what came, and of whom what was asked. */
async function ask(answers: { first: Exchange; second?: Exchange }, more: Partial<TimestampAuthority> = {}) {
  const asked: ExchangeRequest[] = []
  const exchange: Exchange = (request) => {
    asked.push(request)
    return (request.url === first.url ? answers.first : (answers.second ?? down))(request)
  }
  const result = await requestTimestamp(
    [
      { ...first, ...more },
      { ...second, ...more },
    ],
    imprint,
    options(exchange),
  ).catch((error: unknown) => error)
  return { result, asked }
}

/** What is said of each attempt. */
function attemptsOf(error: unknown): unknown {
  expect(error).toBeInstanceOf(PkiError)
  expect(error).toMatchObject({ code: 'pki.timestamp_unavailable' })
  return error instanceof PkiError ? error.details['attempts'] : undefined
}

describe('no time-stamp is better than a wrong one', () => {
  test('an answer to an older question', async () => {
    const older = await ask({ first: right })
    const answer = await right(older.asked[0] ?? { ...first, method: 'POST', accept: '', maxBytes: 0 })
    const replayed = options(() => Promise.resolve(answer))
    const asking = requestTimestamp([first], imprint, replayed)
    expect(attemptsOf(await asking.catch((error: unknown) => error))).toEqual([
      'first.example: nonce (the time-stamp has another nonce)',
    ])
    const other = { ...imprint, hash: Buffer.alloc(32) }
    const sameNonce = { ...replayed, nonce: () => Buffer.alloc(8, count - 1) }
    const askingOther = requestTimestamp([first], other, sameNonce)
    expect(attemptsOf(await askingOther.catch((error: unknown) => error))).toEqual([
      'first.example: imprint (the time-stamp is over something else)',
    ])
  })

  test('a clock that is too far away', async () => {
    const late: Exchange = ({ body = new Uint8Array() }) =>
      rightAnswer(body, unit, authority, () => later(NOW, MINUTE_MS + 1))
    const { result } = await ask({ first: late, second: late })
    expect(attemptsOf(result)).toEqual([
      expect.stringMatching(/^first\.example: clock/),
      expect.stringMatching(/^second\.example: clock/),
    ])
  })

  test('every attempt is named by its host, and nothing more of the address is', async () => {
    const html: Exchange = () => Promise.resolve(Buffer.from('<html>'))
    const { result } = await ask({ first: down, second: html })
    expect(attemptsOf(result)).toEqual([
      'first.example: timeout (the server did not answer in time)',
      'second.example: malformed (the answer cannot be read)',
    ])
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  test('a policy that was not asked for', async () => {
    const { result } = await ask({ first: right }, { policy: '1.2.3' })
    expect(attemptsOf(result)).toContain('first.example: refused (the authority refused: unacceptedPolicy)')
  })

  test('an authority that is not accepted', async () => {
    const { result } = await ask({ first: right }, { accepts: () => 'no_path' })
    expect(attemptsOf(result)).toContain(
      'first.example: not_accepted (the authority is not one that is trusted: no_path)',
    )
  })

  test('nobody to ask', async () => {
    const asking = requestTimestamp([], imprint, options(down))
    expect(attemptsOf(await asking.catch((error: unknown) => error))).toEqual([])
  })

  test('after it was given up nobody else is asked', async () => {
    const asked: string[] = []
    const exchange: Exchange = ({ url }) => {
      asked.push(url)
      return Promise.reject(exchangeError('aborted'))
    }
    const asking = requestTimestamp([first, second], imprint, { ...options(exchange), signal: AbortSignal.abort() })
    await expect(asking).rejects.toThrow(PkiError)
    expect(asked).toEqual([first.url])
  })

  test('a fault of our own is not taken for one of theirs', async () => {
    const broken: Exchange = () => Promise.reject(new TypeError('a bug'))
    const { result } = await ask({ first: broken, second: right })
    expect(result).toBeInstanceOf(TypeError)
  })
})

test('the first authority is asked as RFC 3161 3.4 says, and the second not at all', async () => {
  const { result, asked } = await ask({ first: right })
  expect(result).toMatchObject({ info: { imprint, time: NOW } })
  expect(asked).toMatchObject([
    { ...first, method: 'POST', contentType: 'application/timestamp-query', accept: 'application/timestamp-reply' },
  ])
})

test('the second authority is asked when the first fails, with another nonce', async () => {
  const { result, asked } = await ask({ first: down, second: right })
  expect(result).toMatchObject({ info: { imprint } })
  expect(asked.map(({ url }) => url)).toEqual([first.url, second.url])
  expect(asked[0]?.body).not.toEqual(asked[1]?.body)
})

test('whoever asks decides on the chain', async () => {
  const anchors = [readCertificate(authority.root.certificate)]
  const accepts: TimestampAuthority['accepts'] = (certificate, others, time) => {
    const found = findPath(certificate, { anchors, intermediates: others, time })
    return found.ok ? undefined : found.reason
  }
  expect((await ask({ first: right }, { accepts })).result).toMatchObject({ info: { imprint } })
  const foreign = newAuthority()
  const strange: Exchange = ({ body = new Uint8Array() }) => rightAnswer(body, foreign.timestampUnit(), foreign)
  const { result } = await ask({ first: strange, second: right }, { accepts })
  expect(result).toMatchObject({ info: { imprint } })
})
