import { readdir } from 'node:fs/promises'
import { openLocalFiles } from '../../src/adapters/files-local/local-files.ts'
import { FileError } from '../../src/core/index.ts'

/** Run by a test on a disk of 256 kB: stores a megabyte there and prints the error and how many files stay. */
const root = process.argv[2] ?? ''
const files = await openLocalFiles(root)

async function* megabyte(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < 16; i++) yield new Uint8Array(65_536)
}

const error: unknown = await files.put(megabyte(), { maxBytes: 2 ** 21 }).catch((reason: unknown) => reason)
const left = await readdir(`${root}/temporary`)
process.stdout.write(`${error instanceof FileError ? error.code : String(error)}, ${left.length} left\n`)
