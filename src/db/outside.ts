import pg, { type PoolConfig } from 'pg'
import { checkRole, judgeServer, readServerSettings } from './checks.ts'
import { translated } from './errors.ts'

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
    throw translated(error)
  } finally {
    await client.end()
  }
}
