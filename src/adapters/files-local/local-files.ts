import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, copyFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileError, type FileStore, type StoredAs, type StoredFile } from '../../core/index.ts'
import { HashThread } from './hash-thread.ts'
import { encodeKeptStates, type KeptState, readKeptStates } from './kept-states.ts'
import { statesPathOf } from './open-object.ts'
import { RangeDigest } from './range-digest.ts'
import { type ResumableSha256, resumableSha256 } from './sha256-state.ts'
import { storedFile } from './stored-file.ts'
import { extendObject, writeObject } from './write-object.ts'

/** An upload writes at least this often, so an older temporary file has no writer. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000

/** What digests are computed with. */
type Hashing = { readonly hash: ResumableSha256; readonly thread: HashThread }

/**
 * Files in a local directory: `objects/<two digits>/<the other 62>`, written under `temporary/` first. A name
 * appears only after the bytes are on the disk, and is itself on the disk before a call resolves. Beside each file
 * lies the state of its digest, so that the next signature need not read it.
 */
export async function openLocalFiles(root: string): Promise<FileStore> {
  const temporary = join(root, 'temporary')
  const objects = join(root, 'objects')
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  await mkdir(objects, { recursive: true, mode: 0o700 })
  await syncDirectory(root)
  const hash = await resumableSha256()
  const hashing = { hash, thread: new HashThread() }
  const newPath = (): string => join(temporary, randomUUID())
  return {
    put: (stream, { maxBytes }) =>
      writing(newPath(), async (path) => settle(path, objects, [await writeObject(path, stream, maxBytes, hash)])),
    append: (base, tail) =>
      writing(newPath(), async (path) => {
        const states = await copyObject(pathOf(objects, base), path, base, hash)
        return await settle(path, objects, await extendObject(path, base, tail, { hash, states }))
      }),
    open: (sha256) => openStored(objects, sha256, hashing),
    has: (sha256) => exists(pathOf(objects, sha256)),
    sweepTemporary: () => sweep(temporary),
  }
}

/** Two levels: 256 folders keep each one small at millions of files. Only a SHA-256 becomes a path. */
function pathOf(objects: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new FileError('files.not_found')
  return join(objects, sha256.slice(0, 2), sha256.slice(2))
}

/** Whatever fails, no temporary file stays. */
async function writing(path: string, work: (path: string) => Promise<StoredAs>): Promise<StoredAs> {
  try {
    return await work(path)
  } catch (error) {
    await rm(path, { force: true })
    await rm(statesPathOf(path), { force: true })
    throw hasCode(error, 'ENOSPC', 'EDQUOT') ? new FileError('files.no_space', {}, { cause: error }) : error
  }
}

/** Copies a stored file, sharing its blocks where the file system can; gives what is known of its digest. */
async function copyObject(
  from: string,
  to: string,
  sha256: string,
  hash: ResumableSha256,
): Promise<readonly KeptState[]> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch(notFound)
  const { size } = await stat(to)
  return await readKeptStates(statesPathOf(from), { size, sha256 }, hash)
}

/**
 * Gives the file its name. A file that has it already is replaced: the content is the same, unless the old one
 * was damaged, which this heals. The states need not survive a power cut: they only save time.
 */
async function settle(path: string, objects: string, states: readonly KeptState[]): Promise<StoredAs> {
  const { sha256, size } = states.at(-1) ?? noState()
  const final = pathOf(objects, sha256)
  const shard = dirname(final)
  await writeFile(statesPathOf(path), encodeKeptStates(states), { mode: 0o400, flag: 'wx' })
  await chmod(path, 0o400)
  if ((await mkdir(shard, { recursive: true, mode: 0o700 })) !== undefined) await syncDirectory(objects)
  await rename(path, final)
  await rename(statesPathOf(path), statesPathOf(final))
  await syncDirectory(shard)
  return { sha256, size }
}

function noState(): never {
  throw new Error('a file was written without its digest')
}

async function openStored(objects: string, sha256: string, { hash, thread }: Hashing): Promise<StoredFile> {
  const path = pathOf(objects, sha256)
  const handle = await open(path, 'r').catch(notFound)
  try {
    const { size } = await handle.stat()
    const object = { handle, path, size, sha256 }
    return storedFile(object, new RangeDigest(object, hash, thread))
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function sweep(temporary: string): Promise<number> {
  let count = 0
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name)
    // A writer that finishes just now takes its file away.
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age < ABANDONED_AFTER_MS) continue
    await rm(path, { force: true })
    count++
  }
  return count
}

/** A rename is on the disk when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function notFound(error: unknown): never {
  throw hasCode(error, 'ENOENT') ? new FileError('files.not_found', {}, { cause: error }) : error
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false
  return typeof error.code === 'string' && codes.includes(error.code)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
