import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseRefused } from '../errors.ts'
import type { Identity } from './account.ts'

/** Bytes of a socket's path: `sun_path` has 108 on Linux and 104 elsewhere, the last one for the end. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103
const SOCKET_NAME = '.s.PGSQL.5432'

/**
 * The folder of the socket: in the home, or, when that path is too long, in the temporary directory under a
 * name derived from the home, so that a second process finds it.
 */
export function socketDirectory(home: string): string {
  const inside = join(home, 'socket')
  if (Buffer.byteLength(join(inside, SOCKET_NAME)) <= MAX_PATH_BYTES) return inside
  return join(tmpdir(), `chancery-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`)
}

/**
 * Makes the folder, open alone to the account that runs the server: who may enter it may connect, so this is the database's lock.
 *
 * @throws DatabaseRefused when somebody else made it first; the temporary directory is open to all.
 */
export async function makeSocketDirectory(directory: string, identity: Identity | undefined): Promise<void> {
  const made = await mkdir(directory, { mode: 0o700, recursive: true })
  if (made !== undefined && identity) await chown(directory, identity.uid, identity.gid)
  const found = await lstat(directory)
  if (!found.isDirectory() || found.uid !== (identity?.uid ?? process.getuid?.())) {
    throw new DatabaseRefused('database.start_failed', `${directory} belongs to somebody else. Remove it.`)
  }
  await chmod(directory, 0o700)
}
