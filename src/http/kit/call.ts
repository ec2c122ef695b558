import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context, Platform } from '../../core/index.ts'
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
}

/** A reply that its own schema refuses: a bug of ours, told to the log by the names of the fields alone. */
export class ReplyRefused extends Error {
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
export function answering({ idempotency }: Kit, facade: Facade, route: Route) {
  const isRepeatable = route.method === 'POST'
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const context = callerOf(request)
    const key = isRepeatable ? idempotencyKey(request.headers) : undefined
    const input = readInput(route, request)
    if (key === undefined) return sendAnswer(reply, checkedAnswer(route, await route.run(context, input)))
    const { url: target, body } = request
    const { answer, isReplay } = await idempotency.once({ context, facade, key, target, body }, async () =>
      checkedAnswer(route, await route.run(context, input)),
    )
    if (isReplay) reply.header('idempotent-replayed', 'true')
    return sendAnswer(reply, answer)
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
