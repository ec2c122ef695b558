import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 256 * 1024

/** A stored file that is open. */
export type OpenObject = {
  readonly handle: FileHandle
  readonly path: string
  /** In bytes. */
  readonly size: number
  readonly sha256: string
}

/** Where the states of the digest of a stored file are kept: beside it. */
export const statesPathOf = (path: string): string => `${path}.states`

/** The bytes in pieces of 256 KiB. Ends early where the file is shorter than it was. */
export async function* pieces(handle: FileHandle, offset: number, length: number): AsyncGenerator<Buffer> {
  const end = offset + length
  while (offset < end) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - offset))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    offset += bytesRead
  }
}
