import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { PdfError } from './pdf-error.ts'
import type { Source } from './source.ts'

/** Bytes that are read at a time; reading a document jumps about, but seldom far. */
const PAGE_BYTES = 1 << 14
/** Pages that are kept: 1 MiB. */
const KEPT_PAGES = 64

/** A document on the disk. */
export type FileSource = Source & {
  /** Undefined when the file was given as a descriptor. */
  readonly path: string | undefined
  /** Closes the file, unless it was given as a descriptor: then it is its owner's to close. */
  close(): void
}

/**
 * A document on the disk, read where it is looked at and never as a whole. Takes a path or a descriptor that is open
 * for reading. Throws `pdf.not_a_pdf` for what is no file, and the system's error when it cannot be opened; `read`
 * throws `pdf.source_changed` when the file became shorter, as what is missing would read as zeros.
 */
export function fileSource(file: string | number): FileSource {
  const descriptor = typeof file === 'number' ? file : openSync(file, 'r')
  const close = () => {
    if (typeof file === 'string') closeSync(descriptor)
  }
  const stats = fstatSync(descriptor)
  if (!stats.isFile()) {
    close()
    throw new PdfError('pdf.not_a_pdf', 'this is not a file')
  }
  const pages = new Pages(descriptor, stats.size)
  return {
    size: stats.size,
    path: typeof file === 'string' ? file : undefined,
    read: (offset, length) => pages.read(offset, length),
    readInto: (target, offset) => pages.readInto(target, offset),
    close,
  }
}

/** The pages of a file that were looked at last. */
class Pages {
  readonly #descriptor: number
  readonly #size: number
  /** By number, the one that was used last at the end. */
  readonly #pages = new Map<number, Buffer>()

  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor
    this.#size = size
  }

  read(offset: number, length: number): Buffer {
    const count = Math.max(0, Math.min(length, this.#size - offset))
    // More than a page is read once and in order, as for a digest: keeping it would push out what is needed again.
    if (count > PAGE_BYTES) return this.#load(offset, count)
    // A copy in memory of its own, as a slice would keep its whole page alive for as long as somebody keeps the slice.
    const wanted = Buffer.allocUnsafeSlow(count)
    for (let filled = 0; filled < count; ) {
      const at = offset + filled
      const from = at % PAGE_BYTES
      filled += this.#page((at - from) / PAGE_BYTES).copy(wanted, filled, from)
    }
    return wanted
  }

  #page(number: number): Buffer {
    const start = number * PAGE_BYTES
    const page = this.#pages.get(number) ?? this.#load(start, Math.min(PAGE_BYTES, this.#size - start))
    this.#pages.delete(number)
    this.#pages.set(number, page)
    const [oldest] = this.#pages.keys()
    if (this.#pages.size > KEPT_PAGES && oldest !== undefined) this.#pages.delete(oldest)
    return page
  }

  #load(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length)
    this.readInto(bytes, offset)
    return bytes
  }

  /** Reads past the pages that are kept. */
  readInto(target: Uint8Array, offset: number): void {
    for (let filled = 0; filled < target.length; ) {
      const count = readSync(this.#descriptor, target, filled, target.length - filled, offset + filled)
      if (count === 0) throw new PdfError('pdf.source_changed', 'the file became shorter while it was read')
      filled += count
    }
  }
}
