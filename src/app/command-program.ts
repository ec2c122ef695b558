import { NotOpened } from '../cli/errors.ts'
import type { Apart, OpenPlatform, RunningServer } from '../cli/tools.ts'
import { SealBroken } from '../core/index.ts'
import { DatabaseRefused, DatabaseUnavailable, MigrationError } from '../db/index.ts'
import { openApiOf } from '../http/docs/openapi.ts'
import { openLog } from '../http/kit/log.ts'
import { openChancery } from './compose.ts'
import { type Config, readConfig } from './config.ts'
import { DataDirectoryError } from './data-directory.ts'
import { isDebugging, publicUrlOf, readSettings } from './installation.ts'
import { MasterKeyError } from './master-key.ts'
import { facades, startServer } from './server.ts'

/** Opens the platform. A command's own words are its output: of the log it shows what an operator must know. @throws NotOpened */
export function openPlatform(): Promise<OpenPlatform> {
  return opening(async () => {
    const config = readSettings()
    const log = openLog(config.logLevel === 'info' ? 'warn' : config.logLevel, process.stderr)
    return await openChancery(config, { log, role: 'command' })
  })
}

/** Starts everything. @throws NotOpened */
export function serve(apart: Apart | undefined): Promise<RunningServer> {
  return opening(async () => {
    const config = apart ? configApart(apart) : readSettings()
    const { chancery, ...server } = await startServer(config, openLog(config.logLevel, process.stderr))
    return { ...server, platform: chancery.platform }
  })
}

export const facadeNames: readonly string[] = facades.map(({ name }) => name)

/** The OpenAPI document of a facade; undefined for a name that is none. @throws NotOpened */
export function describeFacade(name: string): unknown {
  const facade = facades.find((candidate) => candidate.name === name)
  return facade && openApiOf(facade, publicUrlOf(readSettings()))
}

/** Built from the defaults: what the surroundings set for another installation must not reach this one. */
function configApart({ dataDirectory }: Apart): Config {
  return readConfig({}, { dataDirectory, port: 0, logLevel: isDebugging() ? 'debug' : 'warn' })
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
