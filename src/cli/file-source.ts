import { type FileSource, fileSource, PdfError } from '../pdf/index.ts'
import { UsageError } from './errors.ts'

/** A document on the disk. @throws UsageError when it cannot be opened or is no file */
export function openFileSource(path: string): FileSource {
  try {
    return fileSource(path)
  } catch (error) {
    if (error instanceof PdfError) throw new UsageError('usage.unreadable_file', `${path} is not a file.`)
    throw unreadable(path, error)
  }
}

/** The error for a file that was named on the command line and cannot be read. */
export function unreadable(path: string, cause: unknown): UsageError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = missing ? `There is no file ${path}.` : `${path} cannot be read: ${reason}`
  return new UsageError('usage.unreadable_file', message, {}, { cause })
}
