import { access } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { NotOpened } from '../cli/errors.ts'
import type { Installation } from '../cli/tools.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { masterKeyFileOf } from './data-directory.ts'

/** The settings of this process. @throws NotOpened when one is wrong */
export function readSettings(): Config {
  try {
    return readConfig()
  } catch (error) {
    throw error instanceof ConfigError ? new NotOpened('config.invalid', error.message) : error
  }
}

/** True where the operator asked for every detail, and with settings that are wrong: then nobody did. */
export function isDebugging(): boolean {
  try {
    return readConfig().logLevel === 'debug'
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}

/** What the settings say, and what is on the disk already. Opens nothing. @throws NotOpened */
export async function describeInstallation(): Promise<Installation> {
  const config = readSettings()
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

export function publicUrlOf({ publicUrl, port }: Config): string {
  return publicUrl ?? `http://localhost:${port}`
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}
