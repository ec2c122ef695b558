import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { Context, ErrorCode, Platform } from '../../core/index.ts'
import type { Problem, WireError } from './problem.ts'

/** Whose credential a call takes. Every call takes one: what is public is a page or a door of the server, no call. */
export type Credential = 'company' | 'person'

/** What a facade sees of a request before its body is read. */
export type Caller = {
  readonly headers: IncomingHttpHeaders
  readonly requestId: string
  /** The facade's name, for the context. */
  readonly facade: string
}

/**
 * Turns the credential of a request into the context of its call.
 *
 * @throws {DomainError} `credential.*` or `tenant.suspended`
 */
export type Authenticate = (platform: Platform, caller: Caller) => Promise<Context>

export type ReplySpec = {
  readonly description: string
  /** Checked before anything is sent. What it does not name is not sent. */
  readonly schema: z.ZodType
  /** The documented example, as it stands in the facade's examples/. */
  readonly example: unknown
}

export type Reply = { readonly status: number; readonly body: unknown }

/** The words about a call, for its documentation. */
type RouteWords = {
  /** The facade's own name for the call; unique in the facade. */
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description: string
}

type RouteForm<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | null> = RouteWords & {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the mount, with `{name}` for parameters as OpenAPI writes them. */
  readonly path: string
  readonly credential: Credential
  readonly params: P
  readonly query: Q
  /** `null` for a call without a body: then an absent body, an empty one and `{}` are the same. */
  readonly body: B
  /** The documented request body; `null` for a call without one. */
  readonly requestExample: unknown
  /** By status. The first one below 300 is what the mock answers. */
  readonly replies: Readonly<Record<number, ReplySpec>>
  /** Codes of refusals beyond those that every call can give. */
  readonly refusals: readonly ErrorCode[]
}

export type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | null> = {
  readonly params: z.output<P>
  readonly query: z.output<Q>
  readonly body: B extends z.ZodType ? z.output<B> : undefined
}

/** One call of a facade. Build it with `route`, which ties the types of the input to `run`. */
export type Route = RouteForm<z.ZodType, z.ZodType, z.ZodType | null> & {
  readonly run: (context: Context, input: Input<z.ZodType, z.ZodType, z.ZodType | null>) => Promise<Reply>
}

/** Declares a call: schemas first, then one call into the core between two pure mappings. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | null>(
  definition: RouteForm<P, Q, B> & { readonly run: (context: Context, input: Input<P, Q, B>) => Promise<Reply> },
): Route {
  // The kit calls `run` with what these very schemas put out, so forgetting their types here is sound.
  return definition as unknown as Route
}

/** A dialect over the core: seven things may differ from the native API, and all of them stand here. */
export type Facade = {
  readonly name: string
  /** Starts with a slash and ends without one. The longest mount that a path begins with wins. */
  readonly mount: string
  readonly title: string
  readonly version: string
  readonly description: string
  /** Name → description, in the order of the documentation. */
  readonly tags: Readonly<Record<string, string>>
  readonly authenticate: Readonly<Record<Credential, Authenticate>>
  /** Puts any refusal into the facade's own form, whatever went wrong below its mount. Pure. */
  readonly failure: (problem: Problem) => WireError
  /** The form of every error body. */
  readonly errorSchema: z.ZodType
  readonly routes: readonly Route[]
}
