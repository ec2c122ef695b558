import type { IncomingHttpHeaders } from 'node:http'
import { type Context, DomainError, type ErrorKind, fail } from '../../core/index.ts'
import { sha256 } from '../../std/bytes.ts'
import { type Answer, pathOf, refusalAnswer } from './error-form.ts'
import type { Facade } from './facade.ts'
import { type Claim, claim, complete, release } from './idempotency.store.ts'
import { problemOf } from './problem.ts'

/** A call with a key, as far as it tells two calls apart. */
export type KeyedCall = {
  readonly context: Context
  readonly facade: Facade
  readonly key: string
  /** The request target, with its query. */
  readonly target: string
  /** The bytes of the body as they came. */
  readonly body: unknown
}

export type Idempotency = {
  /**
   * Runs a call once for its key, and answers a repetition with the very bytes of the first time.
   *
   * Kept for a day: answers of success, and refusals that would be the same again or that a repetition would
   * make worse (a second attempt at a one-time code). Not kept: refusals that time may lift (conflict, limited,
   * unavailable) and our own faults, so that the caller may try the same key again.
   *
   * A process that dies in between leaves the key taken for a minute; after that a repetition runs the call
   * again, which is why use cases are safe to run twice by themselves.
   *
   * @throws {DomainError} `idempotency.key_reused`, `idempotency.in_progress`, and what `run` throws
   */
  once(call: KeyedCall, run: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly isReplay: boolean }>
}

const KEPT_REFUSALS: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['invalid', 'forbidden', 'not_found', 'too_large'])

/**
 * The key of a request, if it has one.
 *
 * @throws {DomainError} `idempotency.key_invalid` for one that is not 1 to 255 visible ASCII characters
 */
export function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) fail('idempotency.key_invalid')
  return key
}

export const idempotency: Idempotency = {
  async once(call, run) {
    const { context, facade, key, target, body } = call
    const place = {
      actor: `${context.actor.kind}:${context.actor.id}`,
      operation: `POST ${pathOf(target)}`,
      key,
      bodyHash: sha256(queryOf(target), '\n', Buffer.isBuffer(body) ? body : ''),
    }
    const claimed = await claim(context, place)
    switch (claimed.state) {
      case 'other_body':
        return fail('idempotency.key_reused')
      case 'running':
        return fail('idempotency.in_progress', { retryAfterSeconds: claimed.retryAfterSeconds })
      case 'done':
        return { answer: claimed.answer, isReplay: true }
      case 'ours':
        return { answer: await keep(context, facade, claimed, run), isReplay: false }
    }
  },
}

async function keep(context: Context, facade: Facade, ours: Claim, run: () => Promise<Answer>): Promise<Answer> {
  let answer: Answer
  try {
    answer = await run()
  } catch (error) {
    if (!(error instanceof DomainError) || !KEPT_REFUSALS.has(error.kind)) {
      await afterwards(context, () => release(context, ours))
      throw error
    }
    answer = refusalAnswer(facade, problemOf(error, context.requestId))
  }
  await afterwards(context, () => complete(context, ours, answer))
  return answer
}

/** The call has had its effect: what fails now must not turn its answer into another. */
async function afterwards(context: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    context.log.warn({ error, requestId: context.requestId }, 'The state of an Idempotency-Key was not kept')
  }
}

function queryOf(target: string): string {
  const at = target.indexOf('?')
  return at < 0 ? '' : target.slice(at + 1)
}
