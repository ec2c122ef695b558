import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, chmod, chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DatabaseRefused } from '../errors.ts'
import { type Binaries, copyBinaries } from './binaries.ts'

const run = promisify(execFile)

/** How PostgreSQL's programs are run, and where they keep the cluster. */
export type Account = {
  /** Holds the cluster, its log and, when the path is short enough, its socket. */
  readonly home: string
  readonly binaries: Binaries
  /** Words before the program's own command line. */
  readonly prefix: readonly string[]
  /** The account to drop to, if it is not ours. */
  readonly identity?: Identity
  /** One sentence for the log. */
  readonly sentence: string
}

export type Identity = { readonly uid: number; readonly gid: number }

/**
 * A user namespace in which we are an ordinary user. PostgreSQL refuses to run as root; here it sees user 1000,
 * while its files stay root's. Needs no account, and works below a directory that only root may enter.
 */
const NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'] as const

/** Where the account `nobody` can reach its files when root's own directories are closed to it. */
const REACHABLE = '/var/lib/chancery-postgres'

/**
 * Chooses the way to run. An ordinary user runs the programs as they are; root in a user namespace; root where
 * namespaces are not allowed as `nobody`, with programs and cluster in a directory that `nobody` can reach.
 * A cluster that exists decides: never is a second, empty one made because a setting of the machine changed.
 *
 * @param reachable where `nobody` finds its files.
 * @throws DatabaseRefused when an existing cluster cannot be run the way it was made.
 */
export async function chooseAccount(
  binaries: Binaries,
  dataDirectory: string,
  reachable = REACHABLE,
): Promise<Account> {
  const home = join(dataDirectory, 'postgres')
  if (process.getuid?.() !== 0) {
    return { home, binaries, prefix: [], sentence: 'PostgreSQL runs under the account of this process.' }
  }
  const elsewhere = join(reachable, createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16))
  if (await exists(join(elsewhere, 'data'))) return asNobody(binaries, elsewhere, reachable)
  if (await namespaceAllowed()) {
    return { home, binaries, prefix: NAMESPACE, sentence: 'PostgreSQL runs in a user namespace, because this is root.' }
  }
  if (await exists(join(home, 'data'))) {
    const message = `The database in ${home} was made in a user namespace, which this machine no longer allows to root. Allow it, or start as the owner of an own account.`
    throw new DatabaseRefused('database.start_failed', message)
  }
  return asNobody(binaries, elsewhere, reachable)
}

async function asNobody(binaries: Binaries, home: string, reachable: string): Promise<Account> {
  const identity = { uid: await idOfNobody('-u'), gid: await idOfNobody('-g') }
  await mkdir(home, { recursive: true })
  await chmod(reachable, 0o711)
  await chmod(home, 0o700)
  await chown(home, identity.uid, identity.gid)
  // Beside the homes, where several databases share it; readable by all, as installed programs are.
  const copy = await copyBinaries(binaries, reachable)
  const sentence = `PostgreSQL runs as nobody with its data in ${home}, because this is root and user namespaces are not allowed.`
  return { home, binaries: copy, prefix: [], identity, sentence }
}

async function idOfNobody(which: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [which, 'nobody'])
  return Number(stdout.trim())
}

async function namespaceAllowed(): Promise<boolean> {
  const [program, ...args] = NAMESPACE
  return run(program, [...args, 'true']).then(
    () => true,
    () => false,
  )
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
