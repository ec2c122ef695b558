import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KEY_BYTES } from '../core/index.ts'
import type { Config } from './config.ts'
import { masterKeyFileOf } from './data-directory.ts'

/** The key under which every other key is sealed. Losing it loses them all; the message says where it was looked for. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError'
}

/**
 * The master key: from the environment, or from its file. At the first start of an embedded installation the file is
 * made; where a database was given, nothing is made: a second key would open none of what is there.
 */
export async function readMasterKey(config: Config): Promise<Buffer> {
  if (config.masterKey !== undefined) return Buffer.from(config.masterKey, 'base64')
  const path = masterKeyFileOf(config)
  const mayMake = config.databaseUrl === undefined && config.masterKeyFile === undefined
  return (await readKeyFile(path)) ?? (mayMake ? await makeKeyFile(path) : missing(path))
}

async function readKeyFile(path: string): Promise<Buffer | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== KEY_BYTES) throw new MasterKeyError(`${path} does not hold ${KEY_BYTES} bytes in base64.`)
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) throw new MasterKeyError(`${path} can be read by others. Run: chmod 600 ${path}`)
  return key
}

/** Written aside and linked into place: two starts at once end up with one key, and a crash with none or a whole one. */
async function makeKeyFile(path: string): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = await open(aside, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await chmod(aside, 0o600)
    await link(aside, path)
    const folder = await open(dirname(path), 'r')
    await folder.sync().finally(() => folder.close())
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(aside)
  }
  return (await readKeyFile(path)) ?? missing(path)
}

function missing(path: string): never {
  throw new MasterKeyError(
    `There is no master key at ${path}. Set CHANCERY_MASTER_KEY or CHANCERY_MASTER_KEY_FILE to the one that this database was made with; for a new one: head -c 32 /dev/urandom | base64`,
  )
}
