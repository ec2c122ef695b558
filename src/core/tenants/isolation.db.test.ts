import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Company, enrich, logIn, type Member, openCompany, upload } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { authenticatePerson } from '../sessions/authenticate-person.ts'
import { confirmLogIn } from '../sessions/confirm-log-in.ts'
import { startLogIn } from '../sessions/start-log-in.ts'
import { findClient, rotateClientSecret, secretMatches } from './clients.ts'
import { openTenant, readTenants } from './tenant-context.ts'

let platform: CorePlatform
let ours: Company
let theirs: Company
let ana: Member

beforeAll(async () => {
  platform = await openCorePlatform()
  ours = await openCompany(platform)
  theirs = await openCompany(platform)
  ana = await logIn(ours, 'anna@example.com')
  await enrich(ana)
  await upload(ana)
})
afterAll(() => platform.close())

/** Every table that says which company its rows belong to. */
async function tablesOfTenants(): Promise<readonly string[]> {
  const rows = await platform.behind.administer<{ name: string }>(`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id'
    order by 1
  `)
  return rows.map(({ name }) => name)
}

describe('every table with a company', () => {
  test('has its rows fenced, for the owner of the table too', async () => {
    const tables = await tablesOfTenants()
    expect(tables.length).toBeGreaterThan(15)
    const open = await platform.behind.administer<{ name: string }>(`
      select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
      order by 1
    `)
    expect(open.map(({ name }) => name).filter((name) => tables.includes(name))).toEqual([])
  })

  test('has one policy, for every statement, for reading and writing', async () => {
    const policies = await platform.behind.administer<{ name: string; cmd: string; qual: string; check: string }>(
      "select tablename as name, cmd, qual, with_check as check from pg_policies where schemaname = 'public' order by 1",
    )
    expect(policies.map(({ name }) => name)).toEqual(await tablesOfTenants())
    for (const { cmd, qual, check } of policies) {
      expect(cmd).toBe('ALL')
      expect(check).toBe(qual)
      expect(qual).toContain('chancery.tenant')
    }
  })

  test('shows nothing without a scope, nothing of others within one, and everything to the platform', async () => {
    for (const table of await tablesOfTenants()) {
      const counting = `select count(*)::int as n, count(distinct tenant_id)::int as tenants from ${table}`
      const { rows: nobody } = await platform.database.pool.query(`select * from ${table}`)
      expect(nobody, table).toEqual([])
      const own = await platform.database.tenant(theirs.tenant.id).transaction(async (tx) => {
        const { rows } = await sql<{ tenant_id: string }>`select tenant_id from ${sql.table(table)}`.execute(tx)
        return rows
      })
      expect(
        own.filter(({ tenant_id }) => tenant_id !== theirs.tenant.id),
        table,
      ).toEqual([])
      const all = await platform.database.platform.transaction((tx) => sql.raw(counting).execute(tx))
      const [behind] = await platform.behind.administer(counting)
      expect(all.rows[0], table).toEqual(behind)
    }
  })

  test('takes no row of another company', async () => {
    for (const table of await tablesOfTenants()) {
      // The fence stands before the columns that are missing here are asked for.
      const attempt = platform.database.pool.connect().then(async (client) => {
        try {
          await client.query('begin')
          await client.query("select set_config('chancery.tenant', $1, true)", [theirs.tenant.id])
          await client.query(`insert into ${table} (tenant_id) values ($1)`, [ours.tenant.id])
        } finally {
          await client.query('rollback')
          client.release()
        }
      })
      await expect(attempt, table).rejects.toMatchObject({ code: '42501' })
    }
  })

  test('changes no row of another company', async () => {
    const moved = await theirs.context.db.transaction(async (tx) => {
      const people = await tx
        .updateTable('people')
        .set({ email_mac: Buffer.alloc(32) })
        .executeTakeFirst()
      const documents = await tx.deleteFrom('documents').executeTakeFirst()
      return [people.numUpdatedRows, documents.numDeletedRows]
    })
    expect(moved).toEqual([0n, 0n])
    await expect(
      ours.context.db.transaction((tx) =>
        sql`update people set tenant_id = ${theirs.tenant.id} where id = ${ana.id}`.execute(tx),
      ),
    ).rejects.toMatchObject({ code: '42501' })
  })
})

test.each(['', '*'])('%j is not a company', (id) => {
  expect(() => platform.database.tenant(id)).toThrow(RangeError)
})

describe('a company', () => {
  const scope = { actor: { kind: 'system', id: 'x' }, facade: 'job', requestId: 'x' } as const
  test.each(['01ARZ3NDEKTSV4RRFFQ69G5FAV', '', "' or 1=1"])('that never was (%j) is not opened', async (id) => {
    await expect(openTenant(platform, id, scope)).rejects.toMatchObject({ code: 'tenant.not_found' })
  })

  test('is opened by its id, and listed with the others, oldest first', async () => {
    expect((await openTenant(platform, ours.tenant.id, scope)).tenant).toEqual(ours.tenant)
    expect((await readTenants(platform)).map(({ id }) => id)).toEqual([ours.tenant.id, theirs.tenant.id])
  })
})

describe('the secret of a client', () => {
  test.each([
    ['another', (secret: string) => `${secret}x`],
    ['none', () => ''],
    ['its hash', () => 'kept as a hash'],
  ])('is not %s', async (_, change) => {
    expect(await secretMatches(platform, ours.clientId, change(ours.clientSecret))).toBe(false)
  })

  test('is not another client’s', async () => {
    expect(await secretMatches(platform, ours.clientId, theirs.clientSecret)).toBe(false)
    expect(await secretMatches(platform, 'a'.repeat(20), ours.clientSecret)).toBe(false)
  })

  test('stays good for the time of grace when it is replaced, and not a millisecond longer', async () => {
    const company = await openCompany(platform)
    const newer = (await rotateClientSecret(platform, company.clientId, 1000)) ?? ''
    platform.clock.move(999)
    expect(await secretMatches(platform, company.clientId, company.clientSecret)).toBe(true)
    platform.clock.move(1)
    expect(await secretMatches(platform, company.clientId, company.clientSecret)).toBe(false)
    expect(await secretMatches(platform, company.clientId, newer)).toBe(true)
    expect(await rotateClientSecret(platform, 'a'.repeat(20), 0)).toBeUndefined()
  })

  test('ends at once without grace, and so do tokens from before', async () => {
    const company = await openCompany(platform)
    await rotateClientSecret(platform, company.clientId, 0)
    expect(await secretMatches(platform, company.clientId, company.clientSecret)).toBe(false)
    expect((await findClient(platform, company.clientId))?.client.tokensFrom).toEqual(platform.clock.now())
  })
})

describe('a person with a token is not let in', () => {
  const request = { facade: 'test', requestId: 'x' }
  const claimsOf = (member: Member) => ({
    subject: member.id as string,
    clientId: member.company.clientId,
    tenantId: member.company.tenant.id as string,
    issuedAt: Math.floor(platform.clock.now().getTime() / 1000),
  })
  const invalid = { code: 'credential.invalid' }

  test('of another company, or with a part that is not theirs', async () => {
    const claims = claimsOf(ana)
    for (const change of [
      { tenantId: theirs.tenant.id },
      { clientId: theirs.clientId },
      { tenantId: theirs.tenant.id, clientId: theirs.clientId },
      { subject: '00000000-0000-8000-8000-000000000000' },
      { subject: 'x' },
      { tenantId: '*' },
      { tenantId: '' },
      { clientId: '' },
    ]) {
      await expect(authenticatePerson(platform, { ...claims, ...change }, request)).rejects.toMatchObject(invalid)
    }
    await expect(authenticatePerson(platform, claims, request)).resolves.toMatchObject({ tenant: ours.tenant })
  })

  test('once they are disabled, and cannot log in again', async () => {
    const eva = await logIn(ours, 'anna+eva@example.com')
    const { clientId } = ours
    const started = await startLogIn(ours.context, { email: eva.email, clientId })
    await platform.behind.administer('update people set disabled_at = now() where id = $1', [eva.id])
    await expect(authenticatePerson(platform, claimsOf(eva), request)).rejects.toMatchObject(invalid)
    const code = '000000'
    await expect(confirmLogIn(ours.context, { ...started, clientId, code })).rejects.toMatchObject({
      code: 'challenge.failed',
    })
    platform.clock.move(1)
    const again = await startLogIn(ours.context, { email: eva.email, clientId })
    expect(again.userId).toBe(eva.id)
    await expect(confirmLogIn(ours.context, { ...again, clientId, code })).rejects.toMatchObject({
      code: 'challenge.failed',
    })
  })

  test('with a token from before their tokens were ended', async () => {
    const eva = await logIn(ours, 'anna+mia@example.com')
    const claims = claimsOf(eva)
    const from = new Date(platform.clock.now().getTime() + 2000)
    await platform.behind.administer('update people set tokens_from = $2 where id = $1', [eva.id, from])
    await expect(authenticatePerson(platform, claims, request)).rejects.toMatchObject(invalid)
  })

  test.each([
    ['the client is disabled', 'update clients set disabled_at = now() where tenant_id = $1', 'credential.invalid'],
    ['the company is suspended', 'update tenants set suspended_at = now() where tenant_id = $1', 'tenant.suspended'],
  ])('within five seconds after %s', async (_, statement, code) => {
    const company = await openCompany(platform)
    const eva = await logIn(company, 'anna+zoe@example.com')
    await authenticatePerson(platform, claimsOf(eva), request)
    await platform.behind.administer(statement, [company.tenant.id])
    platform.clock.move(5000)
    await expect(authenticatePerson(platform, claimsOf(eva), request)).rejects.toMatchObject({ code })
  })
})
