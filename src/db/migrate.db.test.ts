import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { quietLog } from '../../test/support/quiet-log.ts'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../test/support/temporary-directory.ts'
import { createEmptyDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

let db: TestDatabase<unknown>
let temporary: TemporaryDirectory
let directory: string

beforeEach(async () => {
  db = await createEmptyDatabase()
  temporary = await makeTemporaryDirectory('migrations')
  directory = temporary.path
})

afterEach(async () => {
  await db.close()
  await temporary.remove()
})

const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text)

describe('refused before anything is changed', () => {
  test.each([
    ['a name without a number', 'stars.sql'],
    ['a name with capitals', '0002-Stars.sql'],
    ['a number of three digits', '002-stars.sql'],
  ])('%s', async (_, name) => {
    await write('0001-sun.sql', 'create table sun ()')
    await write(name, 'create table stars ()')
    await expect(migrate(db.database, directory)).rejects.toMatchObject({
      code: 'migration.bad_name',
      details: { name },
    })
  })

  test('two files with one number', async () => {
    await write('0001-sun.sql', 'create table sun ()')
    await write('0001-moon.sql', 'create table moon ()')
    await expect(migrate(db.database, directory)).rejects.toMatchObject({ code: 'migration.duplicate_number' })
  })

  test('a migration that was edited after it was applied', async () => {
    await write('0001-sun.sql', 'create table sun ()')
    await migrate(db.database, directory)
    await write('0001-sun.sql', 'create table sun (mass numeric)')
    await expect(migrate(db.database, directory)).rejects.toMatchObject({ code: 'migration.changed' })
  })

  test('a migration that comes before an applied one', async () => {
    await write('0002-moon.sql', 'create table moon ()')
    await migrate(db.database, directory)
    await write('0001-sun.sql', 'create table sun ()')
    await expect(migrate(db.database, directory)).rejects.toMatchObject({ code: 'migration.out_of_order' })
  })
})

test('a migration that fails leaves nothing of itself, keeps those before, and runs when it is repaired', async () => {
  await write('0001-sun.sql', 'create table sun ()')
  await write('0002-moon.sql', 'create table moon (); select 1/0')
  await expect(migrate(db.database, directory)).rejects.toMatchObject({
    code: 'migration.failed',
    details: { name: '0002-moon.sql' },
  })
  const { rows } = await db.database.pool.query(
    `select to_regclass('sun') is not null as sun, to_regclass('moon') as moon`,
  )
  expect(rows).toEqual([{ sun: true, moon: null }])
  await write('0002-moon.sql', 'create table moon ()')
  expect(await migrate(db.database, directory)).toEqual(['0002-moon.sql'])
})

test('a migration of a newer version that runs beside is left alone', async () => {
  await write('0001-sun.sql', 'create table sun ()')
  await write('0002-moon.sql', 'create table moon ()')
  await migrate(db.database, directory)
  await unlink(join(directory, '0002-moon.sql'))
  expect(await migrate(db.database, directory)).toEqual([])
})

test('a migration sees the rows of every tenant', async () => {
  await write(
    '0001-notes.sql',
    `create table notes (tenant_id text); alter table notes enable row level security; alter table notes force row level security;
     create policy tenant on notes using (current_setting('chancery.tenant', true) in (tenant_id, '*'));
     insert into notes values ('ada'), ('bob')`,
  )
  await write('0002-rename.sql', `update notes set tenant_id = upper(tenant_id)`)
  await migrate(db.database, directory)
  const rows = await db.administer('select tenant_id from notes order by 1')
  expect(rows).toEqual([{ tenant_id: 'ADA' }, { tenant_id: 'BOB' }])
})

test('three that start at once apply each migration once', async () => {
  for (let i = 1; i <= 5; i++) await write(`000${i}-table.sql`, `create table t${i} (); select pg_sleep(0.02)`)
  const instances = [1, 2, 3].map(() => openDatabase({ connection: db.connection, log: quietLog }))
  try {
    const applied = await Promise.all(instances.map((instance) => migrate(instance, directory)))
    expect(applied.flat().sort()).toEqual([1, 2, 3, 4, 5].map((i) => `000${i}-table.sql`))
  } finally {
    await Promise.all(instances.map((instance) => instance.close()))
  }
})
