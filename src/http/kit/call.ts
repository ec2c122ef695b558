import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Context, DomainError, type Platform } from '../../core/index.ts'
import { type Answer, JSON_CONTENT, sendAnswer } from './error-form.ts'
import type { Facade, Reply, Route } from './facade.ts'
import { type Idempotency, idempotencyKey } from './idempotency.ts'
import type { Limiter } from './limiter.ts'
import { readInput } from './read-input.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, once the credential was found good. */
    caller: Context | null
  }
}

/** What the kit needs for every call of every facade. */
export type Kit = {
  readonly platform: Platform
  readonly limiter: Limiter
  readonly idempotency: Idempotency
  /** How long a caller waits for an answer at most, in milliseconds. */
  readonly answerMs: number
}

/** A reply that its own schema refuses: a bug of ours, told to the log by the names of the fields alone. */
class ReplyRefused extends Error {
  constructor(operationId: string, status: number, fields: readonly string[]) {
    super(
      `${operationId} answered ${status} in a form that is not documented: ${fields.join(', ') || 'no such status'}`,
    )
    this.name = 'ReplyRefused'
  }
}

/** The hook that runs before the body is read: nobody's bytes are parsed for a caller whom we do not know. */
export function authenticating({ platform, limiter }: Kit, facade: Facade, route: Route) {
  const authenticate = facade.authenticate[route.credential]
  return async (request: FastifyRequest): Promise<void> => {
    const { headers, id: requestId } = request
    const caller = await authenticate(platform, { headers, requestId, facade: facade.name })
    request.caller = caller
    limiter.admit(caller)
  }
}

/** The handler of a call: parse, run, check the reply. */
export function answering({ idempotency, answerMs }: Kit, facade: Facade, route: Route) {
  const isRepeatable = route.method === 'POST'
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const context = callerOf(request)
    const key = isRepeatable ? idempotencyKey(request.headers) : undefined
    const input = readInput(route, request)
    const run = async () => checkedAnswer(route, await route.run(context, input))
    if (key === undefined) return sendAnswer(reply, await inTime(run(), answerMs))
    const { url: target, body } = request
    const call = { context, facade, key, target, body }
    const { answer, isReplay } = await inTime(idempotency.once(call, run), answerMs)
    if (isReplay) reply.header('idempotent-replayed', 'true')
    return sendAnswer(reply, answer)
  }
}

/**
 * Waits for work, but not for ever. Fastify could do this, at the price of an AbortController and a DOMException
 * for every request that was in time.
 */
async function inTime<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DomainError('request.timeout')), ms)
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

function callerOf(request: FastifyRequest): Context {
  if (!request.caller) throw new Error('a call was reached without its credential having been looked at')
  return request.caller
}

/**
 * Puts a reply on the wire as far as its schema documents it.
 *
 * @throws {ReplyRefused} for a status or a body that is not documented; nothing of it is sent
 */
function checkedAnswer(route: Route, { status, body }: Reply): Answer {
  const spec = route.replies[status]
  if (!spec) throw new ReplyRefused(route.operationId, status, [])
  const checked = spec.schema.safeParse(body)
  if (!checked.success) {
    const fields = checked.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'body'} (${issue.code})`)
    throw new ReplyRefused(route.operationId, status, fields)
  }
  return { status, contentType: JSON_CONTENT, text: checked.data === undefined ? '' : JSON.stringify(checked.data) }
}
