import { METHODS } from 'node:http'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Platform } from '../core/index.ts'
import { ulid } from '../std/ids.ts'
import type { Kit } from './kit/call.ts'
import { answerClientError, answerExpectation } from './kit/client-errors.ts'
import { type FacadeFinder, facadeFinder, pathOf, sendProblem } from './kit/error-form.ts'
import type { Facade } from './kit/facade.ts'
import { idempotency } from './kit/idempotency.ts'
import { openLimiter } from './kit/limiter.ts'
import { mountFacade } from './kit/mount.ts'
import { HttpRefusal, type Problem, problemOf } from './kit/problem.ts'
import { DEFAULT_RATE_LIMITS, type RateLimits } from './kit/rate-limit.ts'
import { logAnswer } from './kit/request-log.ts'
import { dress, securityHeaders } from './kit/security-headers.ts'

/** Something else that this server answers, in a scope of its own: pages, tokens, uploads, revocation lists. */
export type Door = (app: FastifyInstance) => void | Promise<void>

export type ServerOptions = {
  readonly doors?: readonly Door[]
  readonly rateLimits?: RateLimits
  /** Addresses or networks (CIDR) of proxies whose X-Forwarded-For is believed. None unless told. */
  readonly trustedProxies?: readonly string[]
  readonly timeouts?: Partial<Timeouts>
}

type Timeouts = {
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number
  /** From the first byte of a request to the end of its body. */
  readonly requestMs: number
  /** From the routing of a request to its answer; then the caller hears 503. */
  readonly answerMs: number
  /** How long a connection may stay open without a request. */
  readonly idleMs: number
}

const DEFAULT_TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 30_000, answerMs: 60_000, idleMs: 65_000 }
const MAX_BODY_BYTES = 1_048_576
const MAX_HEADER_BYTES = 16_384
const MAX_PARAM_LENGTH = 512
const MAX_CHECK_INTERVAL_MS = 5000
/** A tunnel is no request: Node closes the connection. */
const NO_METHODS = ['CONNECT']

/**
 * The HTTP server, ready to listen. `close()` takes no new connection and waits for the answers under way.
 *
 * Fastify routes and reads bodies; judging them is the kit's, so its own validation, errors and log are unused.
 */
export function createServer(
  platform: Platform,
  facades: readonly Facade[],
  options: ServerOptions = {},
): FastifyInstance {
  const headers = securityHeaders(platform.settings.publicUrl)
  const limiter = openLimiter(options.rateLimits ?? DEFAULT_RATE_LIMITS, platform.clock)
  const requestId = () => ulid(platform.clock.now().getTime(), platform.random.bytes)
  const refusing: Refusing = { platform, findFacade: facadeFinder(facades) }
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }

  const app = fastify({
    logger: false,
    genReqId: requestId,
    bodyLimit: MAX_BODY_BYTES,
    handlerTimeout: timeouts.answerMs,
    keepAliveTimeout: timeouts.idleMs,
    requestTimeout: timeouts.requestMs,
    trustProxy: options.trustedProxies ? [...options.trustedProxies] : false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, caseSensitive: true, ignoreTrailingSlash: false },
    http: {
      insecureHTTPParser: false,
      // Node would answer without our headers; `refuseOddTarget` asks the same.
      requireHostHeader: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, timeouts.headersMs),
    },
    frameworkErrors(error, request, reply) {
      dress(reply, headers)
      refuse(refusing, error, request, reply)
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, headers, requestId()),
  })
  app.server.on('checkExpectation', (_request, response) => answerExpectation(response, headers, requestId()))
  // A method without a name here would be an unknown path instead of an unknown method.
  const known = new Set<string>([...app.supportedMethods, ...NO_METHODS])
  for (const method of METHODS) if (!known.has(method)) app.addHttpMethod(method)
  // Node drops headers beyond a count without a word; their size is limited already.
  app.server.maxHeadersCount = 0
  app.decorateRequest('caller', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', (request, reply, done) => {
    dress(reply, headers)
    limiter.admitAddress(request.ip)
    refuseOddTarget(request)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const isRefusal = reply.statusCode >= 400 && reply.statusCode < 500
    if (isRefusal && !request.caller) limiter.countRefusal(request.ip)
    logAnswer(platform.log, request, reply)
    done()
  })
  closeBusyConnections(app)
  app.setErrorHandler((error: FastifyError, request, reply) => refuse(refusing, error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    refuse(refusing, new HttpRefusal('request.unknown_path', 404), request, reply),
  )

  const kit: Kit = { platform, limiter, idempotency }
  for (const facade of facades) mountFacade(app, kit, facade)
  for (const door of options.doors ?? []) app.register(async (scope) => door(scope))
  return app
}

type Refusing = { readonly platform: Platform; readonly findFacade: FacadeFinder }

/** Refuses what two readers of one request might take for two different requests. */
function refuseOddTarget({ url, headers, raw }: FastifyRequest): void {
  // RFC 9112 §3.2
  if (headers.host === undefined && raw.httpVersion === '1.1') throw new HttpRefusal('request.invalid', 400)
  const path = pathOf(url)
  // An encoded slash or NUL inside a parameter is another path to whoever decodes first; a slash at the end
  // would be an empty parameter.
  const isOdd = path.includes('%') && /%(?:2f|5c|00)/i.test(path)
  if (isOdd || (path.length > 1 && path.endsWith('/'))) throw new HttpRefusal('request.unknown_path', 404)
}

/** Node closes idle connections when it stops listening; those that were busy then are closed after their answer. */
function closeBusyConnections(app: FastifyInstance): void {
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    done()
  })
  app.addHook('onResponse', (_request, _reply, done) => {
    if (isClosing) setImmediate(() => app.server.closeIdleConnections())
    done()
  })
}

/** The one place where something thrown becomes an answer. */
function refuse(refusing: Refusing, thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { platform, findFacade } = refusing
  const problem = problemOf(thrown, request.id)
  if (problem.kind === 'internal' || problem.kind === 'unavailable') tell(platform, thrown, problem, request)
  return sendProblem(reply, findFacade(request.url), problem)
}

/** An operator learns what a caller must not: the error itself, beside the id that the caller was given. */
function tell({ log }: Platform, error: unknown, { code, requestId }: Problem, request: FastifyRequest): void {
  const entry = { error, code, requestId, route: request.routeOptions.url ?? null, method: request.method }
  if (code === 'platform.internal') log.error(entry, 'A request failed for a reason of ours')
  else log.warn(entry, 'A request could not be answered')
}
