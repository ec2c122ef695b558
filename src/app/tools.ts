import { access } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import { NotOpened } from '../cli/errors.ts'
import type { Apart, Installation, OpenPlatform, RunningServer, Tools } from '../cli/tools.ts'
import { SealBroken } from '../core/index.ts'
import { DatabaseRefused, DatabaseUnavailable, MigrationError } from '../db/index.ts'
import { openApiOf } from '../http/docs/openapi.ts'
import { openLog } from '../http/kit/log.ts'
import { openChancery } from './compose.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { DataDirectoryError } from './data-directory.ts'
import { MasterKeyError, masterKeyFileOf } from './master-key.ts'
import { facades, startServer } from './server.ts'

/** What the commands work with. */
export const tools: Tools = {
  installation: () => opening(async () => await describeInstallation(readConfig())),
  open: () => opening(open),
  serve: (apart) => opening(() => serve(apart)),
  facades: facades.map(({ name }) => name),
  describe: (name) => opening(async () => describe(name)),
  samples: { contract: inRepository('samples/contract.pdf') },
  migrations: inRepository('src/db/migrations'),
  version: packageJson.version,
  isDebugging,
}

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

const publicUrlOf = ({ publicUrl, port }: Config): string => publicUrl ?? `http://localhost:${port}`

async function describeInstallation(config: Config): Promise<Installation> {
  const { dataDirectory, databaseUrl, host, port, masterKey } = config
  const embedded = databaseUrl === undefined
  return {
    dataDirectory,
    embedded,
    masterKeyFile: masterKey === undefined ? masterKeyFileOf(config) : undefined,
    exists: !embedded || (await isThere(join(dataDirectory, 'postgres', 'data', 'PG_VERSION'))),
    address: port === 0 ? undefined : `http://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    publicUrl: publicUrlOf(config),
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/** A command's own words are its output: of the log it shows what an operator must know. */
async function open(): Promise<OpenPlatform> {
  const config = readConfig()
  const log = openLog(config.logLevel === 'info' ? 'warn' : config.logLevel, process.stderr)
  return await openChancery(config, { log, role: 'command' })
}

async function serve(apart: Apart | undefined): Promise<RunningServer> {
  const config = apart ? configApart(apart) : readConfig()
  const { chancery, ...server } = await startServer(config, openLog(config.logLevel, process.stderr))
  return { ...server, platform: chancery.platform }
}

/** Built from the defaults: what the surroundings set for another installation must not reach this one. */
function configApart({ dataDirectory }: Apart): Config {
  return readConfig({}, { dataDirectory, port: 0, logLevel: isDebugging() ? 'debug' : 'warn' })
}

function describe(name: string): unknown {
  const facade = facades.find((candidate) => candidate.name === name)
  return facade && openApiOf(facade, publicUrlOf(readConfig()))
}

function isDebugging(): boolean {
  try {
    return readConfig().logLevel === 'debug'
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}

async function opening<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw translated(error)
  }
}

/** What an operator can change becomes a sentence; everything else stays the bug that it is. */
function translated(error: unknown): unknown {
  if (error instanceof ConfigError) return new NotOpened('config.invalid', error.message)
  if (error instanceof DataDirectoryError) return new NotOpened('data_directory.unusable', error.message)
  if (error instanceof MasterKeyError) return new NotOpened('master_key.unusable', error.message)
  if (error instanceof SealBroken) return new NotOpened('master_key.wrong', WRONG_KEY, {}, { cause: error })
  const isOfDatabase = [DatabaseRefused, DatabaseUnavailable, MigrationError].some((kind) => error instanceof kind)
  if (isOfDatabase && error instanceof Error && 'code' in error)
    return new NotOpened(String(error.code), error.message, {}, { cause: error })
  return ofSystem(error) ?? error
}

const WRONG_KEY = 'The master key is not the one that this database was made with.'

/** Words for the errors of the operating system that a start meets. */
function ofSystem(error: unknown): NotOpened | undefined {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return undefined
  const fact = error.message
  if (error.code === 'EADDRINUSE')
    return new NotOpened('port.taken', `The port is taken (${fact}). Stop what listens there, or set CHANCERY_PORT.`)
  if (error.syscall === 'listen')
    return new NotOpened(
      'port.unusable',
      `The server cannot listen there (${fact}). Set CHANCERY_HOST or CHANCERY_PORT.`,
    )
  return new NotOpened('data.unusable', `The data directory cannot be used (${fact}). Set CHANCERY_DATA.`)
}
