import { METHODS } from 'node:http'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Platform } from '../core/index.ts'
import type { Kit } from './kit/call.ts'
import { answerClientError, answerExpectation } from './kit/client-errors.ts'
import { type FacadeFinder, facadeFinder, pathOf, sendProblem } from './kit/error-form.ts'
import type { Facade } from './kit/facade.ts'
import { idempotency } from './kit/idempotency.ts'
import { openLimiter } from './kit/limiter.ts'
import { mountFacade } from './kit/mount.ts'
import { HttpRefusal, type Problem, problemOf } from './kit/problem.ts'
import { DEFAULT_RATE_LIMITS, type RateLimits } from './kit/rate-limit.ts'
import { requestIds } from './kit/request-id.ts'
import { logAnswer } from './kit/request-log.ts'
import { dress, type SecurityHeaders, securityHeaders } from './kit/security-headers.ts'

/** Something else that this server answers, in a scope of its own: pages, tokens, uploads, revocation lists. */
export type Door = (app: FastifyInstance) => void

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
  /** From a request to its answer; then the caller hears 503, while the work goes on and may still have its effect. */
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
  const wires: Wires = {
    platform,
    findFacade: facadeFinder(facades),
    headers: securityHeaders(platform.settings.publicUrl),
    requestId: requestIds(platform),
  }
  const limiter = openLimiter(options.rateLimits ?? DEFAULT_RATE_LIMITS, platform.clock)
  const app = openFastify(wires, options)
  app.decorateRequest('caller', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', (request, reply, done) => {
    dress(reply, wires.headers)
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
  app.setErrorHandler((error, request, reply) => refuse(wires, error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    refuse(wires, new HttpRefusal('request.unknown_path', 404), request, reply),
  )

  const { answerMs } = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
  const kit: Kit = { platform, limiter, idempotency, answerMs }
  for (const facade of facades) mountFacade(app, kit, facade)
  for (const door of options.doors ?? []) {
    app.register((scope, _options, done) => {
      door(scope)
      done()
    })
  }
  return app
}

/** What every answer of this server needs, good or bad. */
type Wires = {
  readonly platform: Platform
  readonly findFacade: FacadeFinder
  readonly headers: SecurityHeaders
  readonly requestId: () => string
}

/** Fastify and Node's HTTP server below it, with the limits of both. */
function openFastify(wires: Wires, { timeouts, trustedProxies }: ServerOptions): FastifyInstance {
  const { headers, requestId } = wires
  const { headersMs, requestMs, idleMs } = { ...DEFAULT_TIMEOUTS, ...timeouts }
  const app = fastify({
    logger: false,
    genReqId: requestId,
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: idleMs,
    requestTimeout: requestMs,
    trustProxy: trustedProxies ? [...trustedProxies] : false,
    // A HEAD must not use up what only a GET should.
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    http: {
      insecureHTTPParser: false,
      // Node would answer without our headers; `refuseOddTarget` asks the same.
      requireHostHeader: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: headersMs,
      connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, headersMs),
    },
    frameworkErrors(error, request, reply) {
      dress(reply, headers)
      refuse(wires, error, request, reply)
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, headers, requestId()),
  })
  app.server.on('checkExpectation', (_request, response) => answerExpectation(response, headers, requestId()))
  // Node drops headers beyond a count without a word; their size is limited already.
  app.server.maxHeadersCount = 0
  // A method without a name here would be an unknown path instead of an unknown method.
  const known = new Set<string>([...app.supportedMethods, ...NO_METHODS])
  for (const method of METHODS) if (!known.has(method)) app.addHttpMethod(method)
  return app
}

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
function refuse(wires: Wires, thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { platform, findFacade } = wires
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
