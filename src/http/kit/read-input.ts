import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { Input, Route } from './facade.ts'
import { HttpRefusal } from './problem.ts'
import { readBody } from './read-body.ts'

type AnyInput = Input<z.ZodType, z.ZodType, z.ZodType | null>

/** What Fastify read of a request, before anybody judged it. */
export type RawInput = {
  readonly headers: IncomingHttpHeaders
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** How many faults of one request are told. More would make a long answer out of a hostile request. */
const MAX_FIELDS = 20

/**
 * Judges a request by the schemas of its call, all parts at once so that the caller learns every fault.
 *
 * @throws {HttpRefusal} `request.media_type`, `request.malformed`, `request.invalid`
 */
export function readInput(route: Route, raw: RawInput): AnyInput {
  const sent = readBody(raw.headers, raw.body)
  const faults: string[] = []
  const params = judge('path', route.params, raw.params, faults)
  const query = judge('query', route.query, raw.query, faults)
  const body = route.body === null ? refuseContent(sent, faults) : judgeBody(route.body, sent, faults)
  if (faults.length > 0) throw new HttpRefusal('request.invalid', 400, { fields: faults.slice(0, MAX_FIELDS) })
  return { params, query, body }
}

function judgeBody(schema: z.ZodType, sent: unknown, faults: string[]): unknown {
  const value = judge('body', schema, sent, faults)
  // The one fault "expected object, received undefined" is better said in the words of JSON.
  if (sent === undefined && faults.length > 0) {
    throw new HttpRefusal('request.malformed', 400, { fields: ['body: is empty'] })
  }
  return value
}

function judge(place: string, schema: z.ZodType, value: unknown, faults: string[]): unknown {
  if (holdsNul(value)) faults.push(`${place}: has the character U+0000`)
  const result = schema.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    faults.push(`${[place, ...issue.path].map(nameOf).join('.')}: ${faultOf(issue)}`)
  }
  return undefined
}

/** Some clients always send `{}`; that says nothing either. */
function refuseContent(sent: unknown, faults: string[]): undefined {
  const isEmpty = sent === undefined || (typeof sent === 'object' && sent !== null && Object.keys(sent).length === 0)
  if (!isEmpty) faults.push('body: this call takes none')
  return undefined
}

/** A name as it may stand in an answer or a log: names come from the caller too. */
function nameOf(part: PropertyKey): string {
  return String(part)
    .replace(/[^\w.-]/g, '?')
    .slice(0, 64)
}

/** Zod's sentences tell rules and types, never values; the names of unknown members come from the caller. */
function faultOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has unknown members: ${issue.keys.slice(0, 5).map(nameOf).join(', ')}`
  return issue.message
}

/** In a path or a query; a body with one was refused by the JSON reader. No database keeps it in a text. */
function holdsNul(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((part) => typeof part === 'string' && part.includes('\0'))
}
