import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { openLocalFiles } from '../adapters/files-local/local-files.ts'
import { smtpMailer } from '../adapters/mail-smtp/index.ts'
import { sandboxProvider } from '../adapters/proofing-sandbox/index.ts'
import { httpRegistry } from '../adapters/registry-http/index.ts'
import { sandboxRegistry } from '../adapters/registry-sandbox/index.ts'
import { httpTexter } from '../adapters/sms-http/index.ts'
import {
  ensureTokenKeys,
  type Log,
  type Outside,
  openAuthority,
  openVault,
  type Platform,
  type Random,
  type Schema,
} from '../core/index.ts'
import {
  type Database,
  type Log as DatabaseLog,
  type DatabaseRefused,
  migrate,
  openDatabase,
  openEmbedded,
  openOutside,
} from '../db/index.ts'
import { confineFiles } from '../pades/index.ts'
import { type Clock, systemClock } from '../std/time.ts'
import type { Config } from './config.ts'
import { ensureDataDirectory } from './data-directory.ts'
import { readMasterKey } from './master-key.ts'
import { noMailer, noProofing, noRegistry, noTexter } from './unconfigured.ts'

/** Everything, put together. Whoever opened it closes it. */
export type Chancery = {
  readonly platform: Platform
  /** True where the database is ours alone: then jobs of a killed process may start again at once. */
  readonly alone: boolean
  close(): Promise<void>
}

export type Options = {
  readonly log: Log
  /** A server holds the data directory alone; a command works beside it. */
  readonly role: 'server' | 'command'
  /** Called when another server took over after a crash of the database. */
  readonly onLost?: (reason: DatabaseRefused) => void
}

/** One that takes all its time over a hostile file leaves the other to honest ones. They start when they are needed. */
const CONFINED_PROCESSES = 2

const MIGRATIONS = fileURLToPath(new URL('../db/migrations', import.meta.url))

/** Opens the platform: database first, then keys, then what needs both. Plain calls, top to bottom. */
export async function openChancery(config: Config, options: Options): Promise<Chancery> {
  const { log } = options
  await ensureDataDirectory(config)
  const masterKey = await readMasterKey(config)
  const source = await openSource(config, options)
  const database = openDatabase<Schema>({
    connection: source.connection,
    log: sentences(log),
    maxConnections: config.databaseConnections,
  })
  const confinement = confineFiles({ workers: CONFINED_PROCESSES })
  const close = async (): Promise<void> => {
    await confinement.close()
    await database.close()
    await source.stop()
  }
  try {
    await migrate(database, MIGRATIONS)
    const platform = await composePlatform(config, { database, confinement, log }, masterKey)
    return { platform, alone: source.alone, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function composePlatform(
  config: Config,
  { database, confinement, log }: Pick<Platform, 'database' | 'confinement' | 'log'>,
  masterKey: Buffer,
): Promise<Platform> {
  const clock = await openClock(database)
  const parts = {
    database,
    clock,
    random,
    vault: openVault(masterKey),
    log,
    settings: settingsOf(config),
  }
  const platform: Platform = {
    ...parts,
    files: await openLocalFiles(join(config.dataDirectory, 'files')),
    confinement,
    outside: { sandbox: sandboxWorld(clock), live: liveWorld(config) },
    mailer: config.smtpUrl === undefined ? noMailer : smtpMailer({ url: config.smtpUrl, from: config.mailFrom }),
    texter:
      config.smsUrl === undefined || config.smsToken === undefined
        ? noTexter
        : httpTexter({ url: config.smsUrl, token: config.smsToken }),
    authority: await openAuthority(parts),
  }
  await ensureTokenKeys(platform)
  return platform
}

function settingsOf({ publicUrl, pkiUrl, port }: Config): Platform['settings'] {
  return { publicUrl: publicUrl ?? `http://localhost:${port}`, ...(pkiUrl === undefined ? {} : { pkiUrl }) }
}

type Source = {
  readonly connection: Awaited<ReturnType<typeof openOutside>>
  readonly alone: boolean
  stop(): Promise<void>
}

async function openSource(config: Config, { log, role, onLost }: Options): Promise<Source> {
  if (config.databaseUrl !== undefined) {
    return { connection: await openOutside(config.databaseUrl), alone: false, stop: async () => undefined }
  }
  const embedded = await openEmbedded({ dataDirectory: config.dataDirectory, log: sentences(log) })
  try {
    if (role === 'server') await embedded.lockServer((reason) => onLost?.(reason))
  } catch (error) {
    await embedded.stop()
    throw error
  }
  return { connection: embedded.connection, alone: role === 'server', stop: () => embedded.stop() }
}

/** No earlier than the newest audit row: a clock set back between two starts gives expired codes no second life. */
async function openClock(database: Database<Schema>): Promise<Clock> {
  const { rows } = await database.platform.transaction((tx) =>
    sql<{ newest: Date | null }>`select max(at) as newest from audit`.execute(tx),
  )
  return systemClock(rows[0]?.newest ?? undefined)
}

function sandboxWorld(clock: Clock): Outside {
  return { registry: sandboxRegistry(), proofingProvider: sandboxProvider({ clock }) }
}

function liveWorld(config: Config): Outside {
  const { registryUrl: url, registryToken: token } = config
  const registry = url === undefined || token === undefined ? noRegistry : httpRegistry({ url, token })
  return { registry, proofingProvider: noProofing }
}

const random: Random = {
  bytes: (count) => randomBytes(count),
  digits: (count) => String(randomInt(10 ** count)).padStart(count, '0'),
}

function sentences(log: Log): DatabaseLog {
  return {
    info: (sentence) => log.info({}, sentence),
    warn: (sentence) => log.warn({}, sentence),
    error: (sentence) => log.error({}, sentence),
  }
}
