import { expect } from 'vitest'
import { facades } from '../../src/app/server.ts'
import type { Facade, Route } from '../../src/http/kit/facade.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import type { Answer } from '../support/http-client.ts'
import { onboard, type World } from '../support/journey.ts'
import { type UploadForm, upload } from '../support/journey-documents.ts'
import type { Insight } from '../support/serving-insight.ts'

/* Every call of every facade, read from the tables that the server itself is built from, and how to make it. */

export type Call = { readonly facade: Facade; readonly route: Route }

export const calls: readonly Call[] = facades.flatMap((facade) => facade.routes.map((route) => ({ facade, route })))

/** For `test.each`: the call's name, then the call. */
export const named = (chosen: readonly Call[]) =>
  chosen.map((call) => [`${call.route.method} ${call.facade.mount}${call.route.path}`, call] as const)

/** A person with a process, a certificate and a document. */
export type Resident = Awaited<ReturnType<typeof onboard>> & { readonly clientId: string; readonly form: UploadForm }

export async function settle(world: World): Promise<Resident> {
  const onboarded = await onboard(world)
  const form = await upload(world, onboarded.person, new Uint8Array(buildPdf('table')))
  return { ...onboarded, clientId: world.company.clientId, form }
}

const RANDOM_ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

/** The ids that a call can name, of one resident. */
export const idsOf = ({ person, certificateId, form }: Resident) => ({
  onboarding_process_ulid: person.process,
  certificate_id: certificateId,
  doc_ulid: form.doc_ulid,
  document_path: form.fields.key,
})
export type Ids = ReturnType<typeof idsOf>

export const randomIds: Ids = {
  onboarding_process_ulid: RANDOM_ULID,
  certificate_id: RANDOM_ULID,
  doc_ulid: RANDOM_ULID,
  document_path: `11111111-2222-8333-8444-555555555555/${RANDOM_ULID}/contract.pdf`,
}

export function targetOf({ facade, route }: Call, ids: Ids): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: keyof Ids) => ids[name])
  const query =
    route.operationId === 'generateDocumentDownloadUrl' ? `?document-path=${encodeURIComponent(ids.document_path)}` : ''
  return `${facade.mount}${path}${query}`
}

/** The documented example with the ids and the client given; undefined for a call without a body. */
export function bodyOf({ route }: Call, ids: Ids, clientId: string): Record<string, unknown> | undefined {
  if (route.requestExample === null) return undefined
  const example = route.requestExample as Record<string, unknown>
  const changes: Record<string, unknown> = { ...ids, client_id: clientId }
  return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, changes[name] ?? value]))
}

/** Whether a call names something that belongs to somebody. */
export function isNaming(call: Call): boolean {
  const text = `${targetOf(call, randomIds)} ${Object.keys(call.route.requestExample ?? {})}`
  return Object.entries(randomIds).some(([name, id]) => text.includes(name) || text.includes(encodeURIComponent(id)))
}

/** Rows of every table but those that remember refusals. */
export async function countRows({ rows }: Insight): Promise<Readonly<Record<string, unknown>>> {
  const tables = await rows(`
    select relname as name from pg_class join pg_namespace n on n.oid = relnamespace
    where nspname = 'public' and relkind = 'r' and relname not in ('audit', 'audit_heads', 'limits', 'worker_heartbeats')
    order by relname`)
  const counts: Record<string, unknown> = {}
  for (const { name } of tables) {
    const [row] = await rows(`select count(*)::int as rows from "${name}"`)
    counts[String(name)] = row?.['rows']
  }
  return counts
}

const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
}
/** Words that stand in stack traces, in SQL, and in messages of libraries. */
const INTERNAL =
  /\bat \S+:\d+|node_modules|\.ts\b|select |insert |postgres|kysely|zod|fastify|FST_|ECONN|undefined|\[object/i

/** What every refusal has to look like, whatever it is for. */
export function expectRefusal({ facade }: Call, answer: Answer, ...statuses: number[]): void {
  const text = answer.bytes.toString()
  expect(statuses, text).toContain(answer.status)
  expect(facade.errorSchema.safeParse(answer.json).success, text).toBe(true)
  expect(Object.keys(answer.json as object).sort()).toEqual(['code', 'message'])
  expect(text).not.toMatch(INTERNAL)
  expect(answer.headers).toMatchObject({ ...HEADERS, 'x-request-id': expect.stringMatching(/^\w{20,}$/) })
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  expect(answer.headers['server'] ?? answer.headers['x-powered-by']).toBeUndefined()
}
