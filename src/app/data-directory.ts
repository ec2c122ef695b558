import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'

/** The data directory cannot be made where it was asked for. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
}

/** Makes the data directory, for us alone. Only the directory itself: a mistyped path makes no tree. */
export async function ensureDataDirectory({ dataDirectory }: Config): Promise<void> {
  try {
    await mkdir(dataDirectory, { mode: 0o700 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'EEXIST') return
    throw new DataDirectoryError(
      `The data directory ${dataDirectory} cannot be made (${code}). Make the folder above it, or set CHANCERY_DATA.`,
      { cause: error },
    )
  }
}

/** Where the master key lies when the environment does not hold it. */
export function masterKeyFileOf(config: Pick<Config, 'masterKeyFile' | 'dataDirectory'>): string {
  return config.masterKeyFile ?? join(config.dataDirectory, 'master.key')
}
