import { createHash, type Hash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, copyFile, type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileError, type FileStore, type StoredAs, type StoredFile } from '../../core/index.ts'
import { pieces, storedFile } from './stored-file.ts'

/** An upload writes at least this often, so an older temporary file has no writer. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000

/**
 * Files in a local directory: `objects/<two digits>/<the other 62>`, written under `temporary/` first. A name
 * appears only after the bytes are on the disk, and is itself on the disk before a call resolves.
 */
export async function openLocalFiles(root: string): Promise<FileStore> {
  const temporary = join(root, 'temporary')
  const objects = join(root, 'objects')
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  await mkdir(objects, { recursive: true, mode: 0o700 })
  await syncDirectory(root)
  const newPath = (): string => join(temporary, randomUUID())
  return {
    put: (stream, { maxBytes }) =>
      writing(newPath(), async (path) => {
        const written = await write(path, stream, maxBytes)
        await settle(path, objects, written.sha256)
        return written
      }),
    append: (base, tail) =>
      writing(newPath(), async (path) => {
        await copyFile(pathOf(objects, base), path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch(
          notFound,
        )
        const written = await extend(path, base, tail)
        await settle(path, objects, written.sha256)
        return written
      }),
    open: (sha256) => openStored(objects, sha256),
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
    throw hasCode(error, 'ENOSPC', 'EDQUOT') ? new FileError('files.no_space', {}, { cause: error }) : error
  }
}

async function write(path: string, stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredAs> {
  const handle = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const piece of stream) {
      size += piece.length
      if (size > maxBytes) throw new FileError('files.too_large', { maxBytes })
      hash.update(piece)
      await handle.writeFile(piece)
    }
    await handle.sync()
    return { sha256: hash.digest('hex'), size }
  } finally {
    await handle.close()
  }
}

/** Hashes the copied base, which proves it undamaged, and goes on with the tail. */
async function extend(path: string, base: string, tail: Uint8Array): Promise<StoredAs> {
  // The copy has the mode of the base, which nobody may write to.
  await chmod(path, 0o600)
  const handle = await open(path, 'r+')
  try {
    const { size } = await handle.stat()
    const hash = await hashed(handle, size)
    if (hash.copy().digest('hex') !== base) throw new FileError('files.corrupt', { sha256: base })
    await writeAt(handle, tail, size)
    await handle.sync()
    return { sha256: hash.update(tail).digest('hex'), size: size + tail.length }
  } finally {
    await handle.close()
  }
}

async function hashed(handle: FileHandle, size: number): Promise<Hash> {
  const hash = createHash('sha256')
  for await (const piece of pieces(handle, 0, size)) hash.update(piece)
  return hash
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/**
 * Gives the file its name. A file that has it already is replaced: the content is the same, unless the old one
 * was damaged, which this heals.
 */
async function settle(path: string, objects: string, sha256: string): Promise<void> {
  const final = pathOf(objects, sha256)
  const shard = dirname(final)
  await chmod(path, 0o400)
  if ((await mkdir(shard, { recursive: true, mode: 0o700 })) !== undefined) await syncDirectory(objects)
  await rename(path, final)
  await syncDirectory(shard)
}

async function openStored(objects: string, sha256: string): Promise<StoredFile> {
  const handle = await open(pathOf(objects, sha256), 'r').catch(notFound)
  try {
    const { size } = await handle.stat()
    return storedFile(handle, size, sha256)
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
