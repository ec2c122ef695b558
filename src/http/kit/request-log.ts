import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../../core/index.ts'

/**
 * One line for each answer. The route's pattern stands for the path: a path holds identifiers and may hold a
 * capability. No query, no headers, no body.
 */
export function logAnswer(log: Platform['log'], request: FastifyRequest, reply: FastifyReply): void {
  const { caller } = request
  const theirs = correlationId(request.headers['x-request-id'])
  log.info(
    {
      requestId: request.id,
      ...(theirs === undefined ? {} : { clientRequestId: theirs }),
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(caller ? { tenant: caller.tenant.id, actor: `${caller.actor.kind}:${caller.actor.id}` } : {}),
    },
    'answered',
  )
}

/** A caller's own id helps them to find their request in our log. It is never taken for ours. */
function correlationId(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value) ? value : undefined
}
