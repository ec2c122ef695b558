import pg, { type PoolConfig } from 'pg'
import { checkRole, judgeServer, readServerSettings } from './checks.ts'
import { DatabaseRefused, errorCode, translated } from './errors.ts'

export type OutsideOptions = {
  /** For tests on throw-away servers: accept one that may lose data in a power cut. */
  readonly acceptLoss?: boolean
}

/**
 * A PostgreSQL server that somebody else runs, checked once. Its connection goes into `openDatabase`.
 *
 * @throws DatabaseRefused when the server or the role may not be used; DatabaseUnavailable when nobody answers.
 */
export async function openOutside(url: string, { acceptLoss = false }: OutsideOptions = {}): Promise<PoolConfig> {
  const connection = { connectionString: url, application_name: `chancery-${process.pid}` }
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    if (!acceptLoss) judgeServer(await readServerSettings(client), { checksums: false })
    await checkRole(client)
    return connection
  } catch (error) {
    throw refusedConnection(error) ?? translated(error)
  } finally {
    await client.end()
  }
}

/** SQLSTATEs of a server that answers and does not let us in: class 28, no such database, no right to connect. */
const SHUT_DOORS = new Set(['28000', '28P01', '3D000', '42501'])

/** The server's own words may name the role and the host, which the operator gave; never the password. */
function refusedConnection(error: unknown): DatabaseRefused | undefined {
  if (!SHUT_DOORS.has(errorCode(error) ?? '')) return undefined
  const words = error instanceof Error ? error.message : ''
  const message = `DATABASE_URL is refused by its server: ${words}. Make the role (neither superuser nor BYPASSRLS) and a database that it owns.`
  return new DatabaseRefused('database.shut_door', message, {}, { cause: error })
}
