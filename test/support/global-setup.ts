import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/db/database.ts'
import { type EmbeddedPostgres, openEmbedded } from '../../src/db/embedded/embedded-postgres.ts'
import { migrate } from '../../src/db/migrate.ts'
import { quietLog } from './quiet-log.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the socket of this run's PostgreSQL. */
    databaseHost: string
  }
}

const MIGRATIONS = fileURLToPath(new URL('../../src/db/migrations', import.meta.url))

/** One PostgreSQL per run, with every migration applied to the database that `createTestDatabase` copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await makeTemporaryDirectory('chancery-test')
  const opened: EmbeddedPostgres[] = []
  const teardown = async (): Promise<void> => {
    for (const postgres of opened) await postgres.stop()
    await directory.remove()
  }
  try {
    const postgres = await openEmbedded({ dataDirectory: directory.path, log: quietLog })
    opened.push(postgres)
    await migrateTemplate(postgres)
    project.provide('databaseHost', hostOf(postgres))
  } catch (error) {
    await teardown()
    throw error
  }
  return teardown
}

async function migrateTemplate(postgres: EmbeddedPostgres): Promise<void> {
  const database = openDatabase({ connection: postgres.connection, log: quietLog })
  try {
    await migrate(database, MIGRATIONS)
  } finally {
    await database.close()
  }
}

function hostOf({ connection: { host } }: EmbeddedPostgres): string {
  if (host === undefined) throw new Error('the embedded PostgreSQL has no socket')
  return host
}
