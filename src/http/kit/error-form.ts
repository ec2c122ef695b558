import type { FastifyReply } from 'fastify'
import type { Facade } from './facade.ts'
import { type Problem, problemDetails } from './problem.ts'

/** Who words the refusals below a path: the facade with the longest mount there, else nobody. */
export type FacadeFinder = (url: string) => Facade | undefined

export function facadeFinder(facades: readonly Facade[]): FacadeFinder {
  const longestFirst = facades
    .flatMap((facade) => [facade.mount, mockMount(facade)].map((mount) => ({ mount, facade })))
    .sort((a, b) => b.mount.length - a.mount.length)
  return (url) => {
    const path = pathOf(url)
    return longestFirst.find(({ mount }) => path === mount || path.startsWith(`${mount}/`))?.facade
  }
}

/** Where a facade's examples answer; what goes wrong there is in the facade's words too. */
export function mockMount({ name }: Pick<Facade, 'name'>): string {
  return `/_mock/${name}`
}

/** The path of a request target, which may be in absolute form (RFC 9112 §3.2.2). */
export function pathOf(url: string): string {
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '')
  // A fragment never travels; a `#` would be part of the path.
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}

/** An answer as it goes over the wire, and as it is kept for a repetition. */
export type Answer = { readonly status: number; readonly contentType: string; readonly text: string }

export const JSON_CONTENT = 'application/json; charset=utf-8'

/** A refusal in the facade's words, or as problem details outside every mount. */
export function refusalAnswer(facade: Facade | undefined, problem: Problem): Answer {
  const { status, body, contentType } = facade ? facade.failure(problem) : problemDetails(problem)
  return { status, contentType: contentType ?? JSON_CONTENT, text: JSON.stringify(body) }
}

export function sendAnswer(reply: FastifyReply, { status, contentType, text }: Answer): FastifyReply {
  return reply.code(status).header('content-type', contentType).send(text)
}

/** Sends a refusal with the headers that HTTP asks for. */
export function sendProblem(reply: FastifyReply, facade: Facade | undefined, problem: Problem): FastifyReply {
  const answer = refusalAnswer(facade, problem)
  if (problem.headers) reply.headers(problem.headers)
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter))
  // RFC 9110 §11.6.1: a 401 says how to do better.
  if (answer.status === 401) reply.header('www-authenticate', `Bearer realm="${facade?.name ?? 'chancery'}"`)
  return sendAnswer(reply, answer)
}
