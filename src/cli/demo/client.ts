import type { z } from 'zod'
import { Refused } from '../errors.ts'

/** One call of an API as a program far away makes it. */
export type Call = {
  readonly method: 'GET' | 'POST'
  /** Below the origin, or a whole URL that the server gave. */
  readonly path: string
  readonly token?: string
  readonly json?: unknown
  readonly form?: FormData | URLSearchParams
  readonly headers?: Readonly<Record<string, string>>
}

export type Answer = { readonly status: number; readonly body: Buffer }

/** Talks HTTP to the server, knowing no more of it than its origin. */
export type Client = {
  /** Sends a call and takes any answer. */
  send(call: Call): Promise<Answer>
  /** Sends a call that has to answer with this status and this shape. @throws Refused otherwise */
  ask<Reply extends z.ZodType>(call: Call, status: number, reply: Reply): Promise<z.output<Reply>>
}

/** No call of the journey takes a second; one that takes a minute will not come back. */
const TIMEOUT_MS = 60_000
/** So much of an unexpected answer stands in the message. */
const SHOWN_BYTES = 300

export function openClient(origin: string): Client {
  const send = async (call: Call): Promise<Answer> => {
    const { token, json, form } = call
    const response = await fetch(new URL(call.path, origin), {
      method: call.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      body: form ?? (json === undefined ? null : JSON.stringify(json)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
  }
  return {
    send,
    async ask(call, status, reply) {
      const answer = await send(call)
      const read = answer.status === status ? reply.safeParse(jsonOf(answer.body)) : undefined
      if (read?.success) return read.data
      const { pathname } = new URL(call.path, origin)
      const shown = answer.body.subarray(0, SHOWN_BYTES).toString('utf8')
      const wanted = read ? 'which is not the documented form' : `not ${status}`
      throw new Refused(
        'demo.unexpected_answer',
        `${call.method} ${pathname} answered ${answer.status}, ${wanted}: ${shown}`,
      )
    },
  }
}

/** Undefined for what is not JSON: no documented reply is. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
