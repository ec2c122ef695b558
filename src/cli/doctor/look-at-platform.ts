import { readdir } from 'node:fs/promises'
import type { Platform } from '../../core/index.ts'
import { readCertificate } from '../../pki/index.ts'
import { DAY_MS, SECOND_MS } from '../../std/time.ts'
import { bad, type Look, ok, type Verdict, warn } from './finding.ts'

/** What can be looked at once the platform is open. */
export function looksAtPlatform(platform: Platform, migrations: string): readonly Look[] {
  return [
    ['database', () => lookAtDatabase(platform)],
    ['database role', () => lookAtRole(platform)],
    ['tenant fence', () => lookAtFence(platform)],
    ['migrations', () => lookAtMigrations(platform, migrations)],
    ['authority', () => lookAtAuthority(platform)],
    ['clock', () => lookAtClock(platform)],
  ]
}

async function lookAtDatabase(platform: Platform): Promise<Verdict> {
  const row = await one<{ version: string }>(platform, `select current_setting('server_version') as version`)
  return ok(`PostgreSQL ${row.version}`)
}

async function lookAtRole(platform: Platform): Promise<Verdict> {
  const { name, powerful } = await one<{ name: string; powerful: boolean }>(
    platform,
    'select rolname as name, rolsuper or rolbypassrls as powerful from pg_roles where rolname = current_user',
  )
  if (powerful) return bad(`${name} is a superuser or has BYPASSRLS. Give an ordinary role that owns its database.`)
  return ok(`${name}, bound by row-level security`)
}

/** Every table whose rows belong to a company has its fence up, for the owner of the table too. */
async function lookAtFence(platform: Platform): Promise<Verdict> {
  const { tables, open } = await one<{ tables: number; open: string[] }>(
    platform,
    `select count(*)::int as tables,
       coalesce(array_agg(relname::text) filter (where not (relrowsecurity and relforcerowsecurity)), '{}') as open
     from pg_class join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_id' and not attisdropped
     where relkind = 'r' and relnamespace = current_schema()::regnamespace`,
  )
  if (open.length > 0) return bad(`row-level security is off for: ${open.join(', ')}. Restore the schema.`)
  return tables > 0 ? ok(`${tables} tables of companies, each behind row-level security`) : bad('there are no tables')
}

/** Opening the platform applies what is missing, so only a newer database can differ. */
async function lookAtMigrations(platform: Platform, folder: string): Promise<Verdict> {
  const known = (await readdir(folder)).filter((name) => name.endsWith('.sql')).length
  const { applied } = await one<{ applied: number }>(platform, 'select count(*)::int as applied from schema_migrations')
  if (applied > known)
    return warn(`${applied} applied, ${known} known: a newer version works here too. Update this one.`)
  return applied === known ? ok(`all ${known} applied`) : bad(`${applied} of ${known} applied. Start again.`)
}

const SOON_MS = 90 * DAY_MS

async function lookAtAuthority({ authority }: Platform): Promise<Verdict> {
  const now = Date.now()
  const ends = [authority.rootCertificate, authority.issuingCertificate].map((der) => readCertificate(der).notAfter)
  const end = new Date(Math.min(...ends.map((date) => date.getTime())))
  const detail = `its certificates are good until ${end.toISOString().slice(0, 10)}`
  if (end.getTime() <= now) return bad(`${detail}: nothing can be issued any more.`)
  return end.getTime() - now < SOON_MS ? warn(`${detail}: plan its successor.`) : ok(detail)
}

const TOLERATED_MS = 2 * SECOND_MS

async function lookAtClock(platform: Platform): Promise<Verdict> {
  const before = Date.now()
  const { now } = await one<{ now: Date }>(platform, 'select clock_timestamp() as now')
  const apart = Math.round(now.getTime() - (before + Date.now()) / 2)
  const ahead = platform.clock.now().getTime() - Date.now()
  if (ahead > TOLERATED_MS) {
    const since = Math.round(ahead / SECOND_MS)
    return warn(`the clock was set back: the newest entry is ${since} s ahead, and time stands still until then.`)
  }
  if (Math.abs(apart) > TOLERATED_MS) return warn(`the clock of the database differs by ${apart} ms. Use NTP on both.`)
  return ok(`${apart} ms apart from the database`)
}

async function one<Row extends object>({ database }: Platform, query: string): Promise<Row> {
  const { rows } = await database.pool.query<Row>(query)
  const [row] = rows
  if (!row) throw new Error('the database answered without a row')
  return row
}
