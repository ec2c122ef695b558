import { z } from 'zod'
import { catalog, type ErrorCode } from '../../core/index.ts'
import { mockMount } from '../kit/error-form.ts'
import type { Credential, Facade, Route } from '../kit/facade.ts'
import { statusOf } from '../kit/problem.ts'
import { TOKEN_PATH } from '../oauth/token-provider.ts'

type Json = Readonly<Record<string, unknown>>

/** Refusals that every call can give. */
const COMMON: readonly ErrorCode[] = [
  'request.malformed',
  'request.invalid',
  'request.media_type',
  'request.too_large',
  'request.limited',
  'credential.missing',
  'credential.invalid',
  'tenant.suspended',
  'platform.internal',
  'platform.unavailable',
]
const OF_KEYS: readonly ErrorCode[] = ['idempotency.key_invalid', 'idempotency.key_reused', 'idempotency.in_progress']

const SCHEMES: Readonly<Record<Credential, string>> = { company: 'm2m_oauth', person: 'user_bearer_auth' }

/** A refusal as the facade words it: what the documentation and the examples show is what is sent. */
export type DocumentedRefusal = { readonly status: number; readonly code: ErrorCode; readonly body: unknown }

/** Every refusal of a call, worded by the facade itself, by status and in the order of the catalogue. */
export function refusalsOf(facade: Facade, route: Route): readonly DocumentedRefusal[] {
  const possible = new Set([...COMMON, ...(route.method === 'POST' ? OF_KEYS : []), ...route.refusals])
  const codes = (Object.keys(catalog) as ErrorCode[]).filter((code) => possible.has(code))
  return codes
    .map((code) => {
      const [kind, message] = catalog[code]
      const problem = { kind, code, message, status: statusOf(code), fields: [], requestId: EXAMPLE_REQUEST_ID }
      const { status, body } = facade.failure(problem)
      return { status, code, body }
    })
    .sort((a, b) => a.status - b.status)
}

const EXAMPLE_REQUEST_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

/** The OpenAPI 3.1 description of a facade, made from the very schemas that judge its requests and replies. Pure. */
export function openApiOf(facade: Facade, publicUrl: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of facade.routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(facade, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: facade.title, version: facade.version, description: facade.description },
    servers: [
      { url: `${publicUrl}${facade.mount}`, description: 'This server' },
      { url: `${publicUrl}${mockMount(facade)}`, description: 'Answers every call with its example; keeps nothing' },
    ],
    tags: Object.entries(facade.tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { Error: schemaOf(facade.errorSchema, 'output') },
      securitySchemes: securitySchemes(publicUrl),
    },
  }
}

function operationOf(facade: Facade, route: Route): Json {
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: route.description,
    security: [{ [SCHEMES[route.credential]]: [] }],
    parameters: [
      ...parametersOf('path', route.params),
      ...parametersOf('query', route.query),
      ...(route.method === 'POST' ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(route.body ? { requestBody: requestBodyOf(route.body, route.requestExample) } : {}),
    responses: { ...repliesOf(route), ...refusalRepliesOf(facade, route) },
  }
}

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes a repetition of this request answer as the first time did, for a day.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
}

function requestBodyOf(body: z.ZodType, example: unknown): Json {
  return { required: true, content: { 'application/json': { schema: schemaOf(body, 'input'), example } } }
}

function repliesOf(route: Route): Json {
  return Object.fromEntries(
    Object.entries(route.replies).map(([status, { description, schema, example }]) => {
      const hasBody = example !== undefined
      const content = { 'application/json': { schema: hasBody ? schemaOf(schema, 'output') : {}, example } }
      return [status, hasBody ? { description, content } : { description }]
    }),
  )
}

function refusalRepliesOf(facade: Facade, route: Route): Json {
  const byStatus = Object.groupBy(refusalsOf(facade, route), ({ status }) => status)
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, refusals = []]) => [
      status,
      {
        description: [...new Set(refusals.map(({ code }) => catalog[code][1]))].join(' '),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
            examples: Object.fromEntries(refusals.map(({ code, body }) => [code, { value: body }])),
          },
        },
      },
    ]),
  )
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Readonly<Record<string, Json>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, property]) => {
    const { description, example, ...rest } = property
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      ...(example === undefined ? {} : { example }),
      schema: rest,
    }
  })
}

/** JSON Schema 2020-12, which is what OpenAPI 3.1 takes. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

function securitySchemes(publicUrl: string): Json {
  return {
    m2m_oauth: {
      type: 'oauth2',
      description: 'The company: OAuth 2 client credentials.',
      flows: { clientCredentials: { tokenUrl: `${publicUrl}${TOKEN_PATH}`, scopes: {} } },
    },
    user_bearer_auth: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The person: the access token of a confirmed log-in.',
    },
  }
}
