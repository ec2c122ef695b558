import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { appendInPlace, appendToCopy } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { Refused, refuseUsage, UsageError } from '../errors.ts'

export type TargetChoice = {
  readonly out: string | undefined
  readonly 'in-place': boolean
  readonly force: boolean
}

/** Where a document goes that has grown. */
export type Target = {
  readonly path: string
  /** Writes the document of `size` bytes with a revision after it; all of it or nothing. @throws Refused */
  write(tail: Bytes, size: number): Promise<void>
}

/**
 * Settles where the result goes, before any work is done for it. @throws UsageError, and Refused for a file that
 * exists and may not be replaced
 */
export async function openTarget(input: string, choice: TargetChoice): Promise<Target> {
  const { out, 'in-place': inPlace, force } = choice
  if ((out === undefined) !== inPlace) refuseUsage('Say where the result goes: either --out OUT, or --in-place.')
  if (out === undefined) {
    const append = (tail: Bytes, expectedSize: number) => appendInPlace(input, tail, { expectedSize })
    return { path: input, write: (tail, size) => translated(input, append(tail, size)) }
  }
  if (out === '-') refuseUsage('A document is not written to the standard output: name a file.')
  await requireFree(out, force)
  return {
    path: out,
    async write(tail, expectedSize) {
      // Once more, as the work may have taken a while.
      await requireFree(out, force)
      await translated(out, appendToCopy(input, out, tail, { expectedSize }))
    },
  }
}

/** @throws Refused for a file that exists and may not be replaced, UsageError for a place where none can be */
export async function requireFree(out: string, force: boolean): Promise<void> {
  const folder = await kindOf(dirname(out))
  if (folder !== 'folder') throw new UsageError('usage.unreadable_file', `There is no folder ${dirname(out)}.`)
  const there = await kindOf(out)
  if (there === 'folder') throw new UsageError('usage.unreadable_file', `${out} is a folder.`)
  if (there === 'file' && !force)
    throw new Refused('output.exists', `${out} exists. --force replaces it; nothing was written.`)
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new UsageError('usage.unreadable_file', `${path} cannot be looked at: ${String(error)}`)
  }
}

/** A full disk or a folder that nobody may write to is an answer, not a bug. */
async function translated(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new Refused('output.unwritable', `${path} cannot be written: ${error.message}`, {}, { cause: error })
  }
}
