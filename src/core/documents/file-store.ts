import type { Source } from '../../pdf/index.ts'
import { CodedError, type ErrorDetails } from '../../std/error.ts'

/** Keeps files under the SHA-256 of their content. What was stored once never changes. */
export type FileStore = {
  /**
   * Stores a stream. When it resolves, the content survives a power cut. Storing the same content twice is one file.
   *
   * @throws FileError `files.too_large` as soon as the limit is passed, `files.no_space`; what the stream throws.
   */
  put(stream: AsyncIterable<Uint8Array>, limit: { readonly maxBytes: number }): Promise<StoredAs>
  /**
   * Stores a stored file followed by some bytes: how a signature is added to a document, whose beginning stays. The
   * base need not be read: where it is damaged and nobody noticed, the result is as damaged, and is found to be by
   * whoever reads it.
   *
   * @throws FileError `files.not_found`, `files.corrupt` when the base is found to be damaged, `files.no_space`.
   */
  append(base: string, tail: Uint8Array): Promise<StoredAs>
  /** @throws FileError `files.not_found` */
  open(sha256: string): Promise<StoredFile>
  has(sha256: string): Promise<boolean>
  /** Removes what interrupted calls left behind; returns how many there were. */
  sweepTemporary(): Promise<number>
}

/** The name of a content (lower-case hexadecimal) and its length in bytes. */
export type StoredAs = { readonly sha256: string; readonly size: number }

/**
 * An open file. Close it. A source for the PDF reader, which follows offsets: `read` is not verified against the name.
 * `digest` may rest on what was computed when the file was stored: then it is of the bytes that belong to the name,
 * whatever became of them since.
 */
export type StoredFile = Source & {
  /** Where the file lies, for processes that only read it. */
  readonly path: string
  /**
   * All bytes, or a part that is not verified. The last piece is held back until the whole is known to match its
   * name, so nobody receives a complete file that is damaged.
   *
   * @throws FileError `files.corrupt` in place of the last piece.
   */
  stream(range?: { readonly offset: number; readonly length: number }): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

export type FileErrorCode = 'files.not_found' | 'files.too_large' | 'files.no_space' | 'files.corrupt'

const MESSAGES: Readonly<Record<FileErrorCode, string>> = {
  'files.not_found': 'There is no file with this content.',
  'files.too_large': 'The file is larger than allowed.',
  'files.no_space': 'There is no room left to store the file.',
  'files.corrupt': 'The stored file is damaged: its content does not match its name.',
}

export class FileError extends CodedError<FileErrorCode> {
  constructor(code: FileErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, MESSAGES[code], details, options)
  }
}
