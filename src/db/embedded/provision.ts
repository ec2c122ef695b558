import type { Client } from 'pg'

const LOCK_KEY = 6_290_411_085

/**
 * Makes the application's role and its database where they are missing. The role owns the database and nothing
 * beyond: no superuser and no BYPASSRLS, because row-level security must bind it.
 */
export async function ensureDatabase(client: Client): Promise<void> {
  // CREATE DATABASE knows no "if not exists" and no transaction; two processes that start at once take turns.
  await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
  try {
    const role = await client.query(`select 1 from pg_roles where rolname = 'chancery'`)
    if (role.rowCount === 0) await client.query('create role chancery login nosuperuser nobypassrls nocreatedb')
    const database = await client.query(`select 1 from pg_database where datname = 'chancery'`)
    if (database.rowCount === 0) await client.query('create database chancery owner chancery')
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK_KEY])
  }
}
