import type { ClientBase } from 'pg'
import { DatabaseRefused } from './errors.ts'

/** The oldest server that the migrations are written for, as `server_version_num`. */
const OLDEST_VERSION = 150_000

/** Settings of PostgreSQL by name, as `pg_settings` writes them. */
export type ServerSettings = ReadonlyMap<string, string>

/** Reads the settings that `judgeServer` judges. */
export async function readServerSettings(client: ClientBase): Promise<ServerSettings> {
  const { rows } = await client.query<{ name: string; setting: string }>(`
    select name, setting from pg_settings
    where name in ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums')`)
  return new Map(rows.map((row) => [row.name, row.setting]))
}

/**
 * Refuses a server that would forget what it acknowledged. `checksums` is asked of our own cluster; an operator
 * may have other means.
 *
 * @throws DatabaseRefused `database.too_old` or `database.not_durable`.
 */
export function judgeServer(settings: ServerSettings, required: { readonly checksums: boolean }): void {
  if (Number(settings.get('server_version_num')) < OLDEST_VERSION) {
    throw new DatabaseRefused('database.too_old', 'The database server is older than PostgreSQL 15. Use a newer one.')
  }
  const mustBeOn = [
    'fsync',
    'full_page_writes',
    'synchronous_commit',
    ...(required.checksums ? ['data_checksums'] : []),
  ]
  for (const name of mustBeOn) {
    if (settings.get(name) !== 'off') continue
    const message = `The database server has ${name} = off and may lose what it acknowledged. Turn it on.`
    throw new DatabaseRefused('database.not_durable', message, { setting: name })
  }
}

/**
 * Refuses a role that row-level security does not bind: the second fence between tenants would not be there.
 *
 * @throws DatabaseRefused `database.role_too_powerful`.
 */
export async function checkRole(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ powerful: boolean }>(
    'select rolsuper or rolbypassrls as powerful from pg_roles where rolname = current_user',
  )
  if (rows[0]?.powerful === false) return
  const message = 'The database role is a superuser or has BYPASSRLS. Give an ordinary role that owns its database.'
  throw new DatabaseRefused('database.role_too_powerful', message)
}
