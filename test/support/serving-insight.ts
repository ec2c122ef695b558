import { sql } from 'kysely'
import type { Chancery } from '../../src/app/compose.ts'
import { createTenant, newRequestId, openTenant, readOutbox } from '../../src/core/index.ts'

/** A company of a served sandbox, with its secret. */
export type Company = { readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }

export type Row = Readonly<Record<string, unknown>>

/** What a test may see of a server beside what it answers: a person's mailbox, an operator's view of the rows. */
export type Insight = {
  /** The newest one-time code that was sent to an address or number. @throws when there is none */
  codeSentTo(company: Company, to: string): Promise<string>
  /** Rows of every tenant, for looking only. */
  rows(text: string): Promise<readonly Row[]>
}

type Platform = Chancery['platform']

export async function makeCompany(platform: Platform, name: string): Promise<Company> {
  const { tenant, client, clientSecret } = await createTenant(platform, { name, mode: 'sandbox', country: 'GT' })
  return { tenantId: tenant.id, clientId: client.id, clientSecret }
}

export function insightInto(platform: Platform): Insight {
  return {
    async codeSentTo({ tenantId }, to) {
      const actor = { kind: 'operator', id: 'test' } as const
      const context = await openTenant(platform, tenantId, { actor, facade: 'test', requestId: newRequestId(platform) })
      const sent = await readOutbox(context, { to, limit: 20 })
      const code = sent.map(({ body }) => /\b\d{6}\b/.exec(body)?.[0]).find((found) => found !== undefined)
      if (code === undefined) throw new Error(`no code was sent to ${to}`)
      return code
    },
    async rows(text) {
      const { rows } = await platform.database.platform.transaction((tx) => sql<Row>`${sql.raw(text)}`.execute(tx))
      return rows
    },
  }
}
