import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Source } from '../pdf/index.ts'
import { UsageError } from './errors.ts'

export type FileSource = Source & { close(): void }

/**
 * A document on the disk, read where it is looked at and never as a whole.
 *
 * @throws UsageError when it cannot be opened or is no file
 */
export function openFileSource(path: string): FileSource {
  const descriptor = open(path)
  const { size } = fstatSync(descriptor)
  return {
    size,
    read(offset, length) {
      const wanted = Buffer.alloc(Math.max(0, Math.min(length, size - offset)))
      let filled = 0
      while (filled < wanted.length) {
        const count = readSync(descriptor, wanted, filled, wanted.length - filled, offset + filled)
        // The file became shorter: what is missing would be read as zeros.
        if (count === 0) throw new UsageError('usage.unreadable_file', `${path} changed while it was read.`)
        filled += count
      }
      return wanted
    },
    close: () => closeSync(descriptor),
  }
}

function open(path: string): number {
  try {
    const descriptor = openSync(path, 'r')
    if (fstatSync(descriptor).isFile()) return descriptor
    closeSync(descriptor)
  } catch (error) {
    throw unreadable(path, error)
  }
  throw new UsageError('usage.unreadable_file', `${path} is not a file.`)
}

/** The error for a file that was named on the command line and cannot be read. */
export function unreadable(path: string, cause: unknown): UsageError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = missing ? `There is no file ${path}.` : `${path} cannot be read: ${reason}`
  return new UsageError('usage.unreadable_file', message, {}, { cause })
}
