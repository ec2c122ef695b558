import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Bytes } from '../std/bytes.ts'
import { PdfError } from './pdf-error.ts'

/** `expectedSize` is what the file was when the revision was made, in bytes: a revision fits no other file. */
export type AppendOptions = { readonly expectedSize: number }

/**
 * Appends a revision to a file and waits until it is on the disk. What is in the file is not touched: when writing
 * fails, the file is cut back to what it was. Throws `pdf.source_changed` for a file of another size. There must be
 * one writer at a time.
 */
export async function appendInPlace(path: string, tail: Bytes, { expectedSize }: AppendOptions): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await requireSize(file, expectedSize)
    await writeAtEnd(file, tail, expectedSize)
  } finally {
    await file.close()
  }
}

/**
 * Writes a copy of a file with a revision appended. `to` gets its name when all of it is on the disk, so that nobody
 * ever sees a part; a file of that name is replaced. The copy shares the blocks of the original where the file system
 * can. Throws `pdf.source_changed` for a file of another size.
 */
export async function appendToCopy(
  from: string,
  to: string,
  tail: Bytes,
  { expectedSize }: AppendOptions,
): Promise<void> {
  const part = `${to}.${randomUUID()}.part`
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
    await makeWritable(part)
    await appendInPlace(part, tail, { expectedSize })
    await rename(part, to)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await syncDirectory(dirname(to))
}

async function requireSize(file: FileHandle, expectedSize: number): Promise<void> {
  const { size } = await file.stat()
  if (size === expectedSize) return
  const message = 'the file is not the one that the revision was made for'
  throw new PdfError('pdf.source_changed', message, { expected: expectedSize, size })
}

async function writeAtEnd(file: FileHandle, tail: Bytes, end: number): Promise<void> {
  try {
    for (let written = 0; written < tail.length; ) {
      written += (await file.write(tail, written, tail.length - written, end + written)).bytesWritten
    }
    await file.sync()
  } catch (error) {
    await file.truncate(end)
    throw error
  }
}

/** The copy of a file that nobody may write to has its mode. */
async function makeWritable(path: string): Promise<void> {
  const { mode } = await stat(path)
  if ((mode & 0o200) === 0) await chmod(path, (mode & 0o777) | 0o200)
}

/** A new name is on the disk only when its directory is. Windows cannot open one, and needs no such thing. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  await directory.sync().finally(() => directory.close())
}
