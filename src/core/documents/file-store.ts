/** Content-addressed files: named by the SHA-256 of what they hold, never changed. */
export type FileStore = {
  /**
   * Stores what the stream gives; durable when it resolves. On any failure nothing stays behind.
   * @throws CodedError files.too_large after `maxBytes`, files.no_space
   */
  put(stream: AsyncIterable<Uint8Array>, limit: { readonly maxBytes: number }): Promise<StoredFileId>
  /** Stores a new file that is an old one followed by `tail`, without holding either in memory. */
  append(base: string, tail: Uint8Array): Promise<StoredFileId>
  open(sha256: string): Promise<StoredFile>
  has(sha256: string): Promise<boolean>
}

export type StoredFileId = { readonly sha256: string; readonly size: number }

export type StoredFile = {
  readonly size: number
  /** At most `length` bytes from `offset`; fewer at the end. Synchronous: a PDF reader jumps about. */
  read(offset: number, length: number): Uint8Array
  /** Everything in order. Fails at the end when the content no longer matches its name. */
  stream(): AsyncIterable<Uint8Array>
  close(): Promise<void>
}
