import { createHmac, randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'
import { type Context, contextFor, DomainError, fail, openVault, type Platform } from '../../src/core/index.ts'
import { bearerToken } from '../../src/http/kit/bearer.ts'
import { type Authenticate, type Facade, route } from '../../src/http/kit/facade.ts'
import type { Clock } from '../../src/std/time.ts'

/** A clock that stands still until a test moves it. */
export function movableClock(start = '2030-01-01T00:00:00Z'): Clock & { move(ms: number): void } {
  let nowMs = Date.parse(start)
  return {
    now: () => new Date(nowMs),
    move: (ms) => {
      nowMs += ms
    },
  }
}

export type LogEntry = { readonly level: string; readonly fields: Record<string, unknown>; readonly message: string }

/** A platform without a database: enough for the HTTP floor, which asks the core for everything else. */
export function samplePlatform(parts: Partial<Platform> = {}): Platform & { readonly entries: LogEntry[] } {
  const entries: LogEntry[] = []
  const write = (level: string) => (fields: Record<string, unknown>, message: string) => {
    entries.push({ level, fields, message })
  }
  const platform = {
    clock: movableClock(),
    random: { bytes: randomBytes, digits: (count: number) => `${randomInt(10 ** count)}`.padStart(count, '0') },
    vault: openVault(Buffer.alloc(32, 7)),
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    outside: { sandbox: {}, live: {} },
    settings: { publicUrl: 'https://sign.example.com' },
    database: { tenant: (tenantId: string) => ({ tenantId, transaction: async () => fail('platform.unavailable') }) },
    ...parts,
    entries,
  }
  return platform as unknown as Platform & { readonly entries: LogEntry[] }
}

const TENANTS: Readonly<Record<string, string>> = {
  'company-a': '01ARZ3NDEKTSV4RRFFQ69G5FAA',
  'company-b': '01ARZ3NDEKTSV4RRFFQ69G5FBB',
}

/** Takes `Bearer company-a` and `Bearer company-b`. */
const bySampleToken: Authenticate = async (platform, { headers, requestId, facade }) => {
  const token = bearerToken(headers)
  const tenantId = TENANTS[token]
  if (tenantId === undefined) fail('credential.invalid')
  const tenant = { id: tenantId, name: token, mode: 'sandbox', country: 'GT', suspended: false } as Context['tenant']
  const scope = { tenant, actor: { kind: 'client', id: token } as const, facade, requestId }
  return contextFor(platform, scope)
}

const Widget = z.strictObject({ widget_id: z.string(), name: z.string() })
const WidgetPath = z.strictObject({ widget_id: z.string().regex(/^w[0-9a-z]{1,20}$/, 'is not a widget id') })
const Nothing = z.strictObject({})

/** What the sample facade was asked to do; a test looks at `runs`, and replaces `run` to make it fail. */
export type SampleWork = { runs: number; run: (name: string) => Promise<unknown> }

/** A small dialect: `{code, message}` errors below `/sample/v1`. */
export function sampleFacade(work: SampleWork = { runs: 0, run: async () => undefined }): Facade {
  return {
    name: 'sample',
    mount: '/sample/v1',
    title: 'Sample API',
    version: '1.0.0',
    description: 'Widgets, for <tests> & nothing else.',
    tags: { Widgets: 'Everything about "widgets".' },
    authenticate: { company: bySampleToken, person: bySampleToken },
    failure: ({ code, message, status }) => ({
      status,
      body: { code: code.toUpperCase().replaceAll('.', '_'), message },
    }),
    errorSchema: z.strictObject({ code: z.string().meta({ description: 'A stable word.' }), message: z.string() }),
    routes: [
      route({
        method: 'POST',
        path: '/widgets',
        operationId: 'createWidget',
        tag: 'Widgets',
        summary: 'Make a widget',
        description: 'Makes <one> widget.',
        credential: 'company',
        params: Nothing,
        query: Nothing,
        body: z.strictObject({
          name: z.string().min(1).max(80).meta({ description: 'How the widget is called.', example: 'Sprocket' }),
          size: z.int().min(1).max(10).optional(),
        }),
        requestExample: { name: 'Sprocket', size: 3 },
        replies: {
          201: { description: 'Made.', schema: Widget, example: { widget_id: 'w1', name: 'Sprocket' } },
        },
        refusals: ['person.not_verified'],
        async run(_context, { body }) {
          work.runs += 1
          const result = await work.run(body.name)
          return { status: 201, body: result ?? { widget_id: `w${work.runs}`, name: body.name } }
        },
      }),
      route({
        method: 'GET',
        path: '/widgets/{widget_id}',
        operationId: 'getWidget',
        tag: 'Widgets',
        summary: 'Read a widget',
        description: 'Reads one widget.',
        credential: 'person',
        params: WidgetPath,
        query: z.strictObject({ verbose: z.enum(['yes', 'no']).optional() }),
        body: null,
        requestExample: null,
        replies: { 200: { description: 'Found.', schema: Widget, example: { widget_id: 'w1', name: 'Sprocket' } } },
        refusals: ['document.not_found'],
        async run(_context, { params }) {
          if (params.widget_id === 'w404') fail('document.not_found')
          return { status: 200, body: { widget_id: params.widget_id, name: 'Sprocket' } }
        },
      }),
      route({
        method: 'POST',
        path: '/widgets/{widget_id}/spin',
        operationId: 'spinWidget',
        tag: 'Widgets',
        summary: 'Spin a widget',
        description: 'Spins one widget.',
        credential: 'company',
        params: WidgetPath,
        query: Nothing,
        body: null,
        requestExample: null,
        replies: { 204: { description: 'Spun.', schema: z.undefined(), example: undefined } },
        refusals: [],
        async run() {
          work.runs += 1
          return { status: 204, body: undefined }
        },
      }),
    ],
  }
}

/** A refusal as a use case throws it. */
export function refusal(code: DomainError['code']): DomainError {
  return new DomainError(code)
}

/** A value that a log must never hold, different in each run. */
export function canary(): string {
  return `canary${createHmac('sha256', randomBytes(16)).update('canary').digest('hex').slice(0, 20)}`
}
