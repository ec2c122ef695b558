import { spawn } from 'node:child_process'
import { access, chown, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseRefused } from '../errors.ts'
import type { Account } from './account.ts'
import { BARE_ENVIRONMENT } from './environment.ts'
import { isAlive } from './process-state.ts'

/**
 * Who may connect: whoever can reach the socket, without a password. Its folder is open to the owner alone, and
 * the owner can read the files beneath anyway. `peer` would compare names of accounts, which differ inside and
 * outside of a user namespace. No line for TCP: there is no port.
 */
const CLIENT_AUTHENTICATION = 'local all all trust\n'

const PARTIAL = 'data.new-'

/**
 * Makes the cluster in `<home>/data` if there is none. Built under a temporary name and renamed when it is
 * complete and on the disk, so a half-made one is never taken for a database. Two processes may try at once.
 *
 * @throws DatabaseRefused with initdb's own words when it fails.
 */
export async function ensureCluster(account: Account): Promise<void> {
  const data = join(account.home, 'data')
  if (await exists(join(data, 'PG_VERSION'))) return
  await removeAbandoned(account.home)
  const partial = join(account.home, `${PARTIAL}${process.pid}`)
  await mkdir(partial, { mode: 0o700 })
  if (account.identity) await chown(partial, account.identity.uid, account.identity.gid)
  await initialise(account, partial)
  await writeFile(join(partial, 'pg_hba.conf'), CLIENT_AUTHENTICATION, { flush: true })
  await rename(partial, data).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true })
    if (!(await exists(join(data, 'PG_VERSION')))) throw error
  })
  await syncDirectory(account.home)
}

/** The built-in locale sorts by code point, equally on every machine and after every upgrade of its libraries. */
async function initialise(account: Account, directory: string): Promise<void> {
  const options = [
    `--pgdata=${directory}`,
    '--username=postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--auth=trust',
    '--data-checksums',
    '--no-instructions',
  ]
  const [program = '', ...args] = [...account.prefix, join(account.binaries.directory, 'bin', 'initdb'), ...options]
  const child = spawn(program, args, {
    cwd: account.home,
    env: BARE_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...account.identity,
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  if (code === 0) return
  await rm(directory, { recursive: true, force: true })
  throw new DatabaseRefused('database.start_failed', `The database could not be made: ${complaint.trim()}`)
}

/** What an initdb left that was killed: its process is named in the folder's name. */
async function removeAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(PARTIAL)) continue
    const maker = Number(name.slice(PARTIAL.length))
    if (maker === process.pid || !isAlive(maker)) await rm(join(home, name), { recursive: true, force: true })
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
