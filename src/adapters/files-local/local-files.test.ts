import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import type { FileStore } from '../../core/index.ts'
import { openLocalFiles } from './local-files.ts'

const run = promisify(execFile)
const MANY = { maxBytes: 10_000_000 }

let temporary: TemporaryDirectory
let root: string
let files: FileStore

beforeEach(async () => {
  temporary = await makeTemporaryDirectory('files')
  root = temporary.path
  files = await openLocalFiles(root)
})

afterEach(() => temporary.remove())

async function* inPieces(...pieces: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece
    yield piece
  }
}

async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function contentOf(sha256: string): Promise<Buffer> {
  const file = await files.open(sha256)
  try {
    return await gathered(file.stream())
  } finally {
    await file.close()
  }
}

const pathOf = (sha256: string): string => join(root, 'objects', sha256.slice(0, 2), sha256.slice(2))
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const leftovers = (): Promise<string[]> => readdir(join(root, 'temporary'))

/** Changes a stored file behind the store's back, as a failing disk would. */
async function damage(sha256: string, change: (path: string) => Promise<void>): Promise<void> {
  await chmod(pathOf(sha256), 0o600)
  await change(pathOf(sha256))
}

/** Takes away what is kept beside a file. */
const forget = (path: string): Promise<void> => rm(`${path}.states`)

describe('refused', () => {
  test('a stream that passes the limit, before it is read to its end', async () => {
    let read = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read += 1000
        yield new Uint8Array(1000)
      }
    }
    await expect(files.put(endless(), { maxBytes: 2500 })).rejects.toMatchObject({ code: 'files.too_large' })
    expect(read).toBe(3000)
    expect(await leftovers()).toEqual([])
  })

  test('a stream that breaks, with its own error', async () => {
    const broken = inPieces(Buffer.from('half'), new Error('the line was cut'))
    await expect(files.put(broken, MANY)).rejects.toThrow('the line was cut')
    expect(await leftovers()).toEqual([])
  })

  test.each(['0'.repeat(64), '', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}/..`])(
    'the name %j',
    async (name) => {
      await expect(files.open(name)).rejects.toMatchObject({ code: 'files.not_found' })
      await expect(files.append(name, Buffer.from('x'))).rejects.toMatchObject({ code: 'files.not_found' })
      expect(await leftovers()).toEqual([])
    },
  )

  test.each([
    ['a lost end', (path: string) => truncate(path, 2)],
    ['nothing left', (path: string) => truncate(path, 0)],
    ['a flipped bit and no kept state', (path: string) => writeFile(path, 'dody').then(() => forget(path))],
  ])('a stored file with %s, when it is read or built upon', async (_, change) => {
    const { sha256 } = await files.put(inPieces(Buffer.from('body')), MANY)
    await damage(sha256, change)
    await expect(contentOf(sha256)).rejects.toMatchObject({ code: 'files.corrupt' })
    await expect(files.append(sha256, Buffer.from('x'))).rejects.toMatchObject({ code: 'files.corrupt' })
    expect(await leftovers()).toEqual([])
  })

  test('a stored file with a flipped bit, and what was built upon it, when they are read', async () => {
    const { sha256 } = await files.put(inPieces(Buffer.from('body')), MANY)
    await damage(sha256, (path) => writeFile(path, 'dody'))
    const extended = await files.append(sha256, Buffer.from('x'))
    // The name is that of what the base should be, and so the damage is seen.
    expect(extended).toEqual({ sha256: hashOf(Buffer.from('bodyx')), size: 5 })
    for (const name of [sha256, extended.sha256])
      await expect(contentOf(name)).rejects.toMatchObject({ code: 'files.corrupt' })
  })

  test.each([
    [-1, 1],
    [0, 5],
    [4, 1],
    [0.5, 1],
    [0, -1],
  ])('bytes %d + %d of a file of four', async (offset, length) => {
    const { sha256 } = await files.put(inPieces(Buffer.from('body')), MANY)
    const file = await files.open(sha256)
    expect(() => file.stream({ offset, length })).toThrow(RangeError)
    await file.close()
  })

  test('a full disk, without a trace', async ({ skip }) => {
    const program = fileURLToPath(new URL('../../../test/support/fill-disk.ts', import.meta.url))
    const script = 'mount -t tmpfs -o size=256k none "$1" && exec "$2" "$3" "$1"'
    const args = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', root, process.execPath, program]
    const result = await run('unshare', args).catch((error: Error) => error)
    if (result instanceof Error && /unshare|mount/.test(result.message)) skip('this machine allows no private mounts')
    expect(result).toMatchObject({ stdout: 'files.no_space, 0 left\n' })
  })
})

test('a complete file whose end is damaged is never delivered complete', async () => {
  const bytes = randomBytes(600_000)
  const { sha256 } = await files.put(inPieces(bytes), MANY)
  await damage(sha256, (path) =>
    writeFile(path, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])])),
  )
  const file = await files.open(sha256)
  let received = 0
  await expect(
    (async () => {
      for await (const piece of file.stream()) received += piece.length
    })(),
  ).rejects.toMatchObject({ code: 'files.corrupt' })
  expect(received).toBeLessThan(bytes.length)
  await file.close()
})

test('storing the content again heals a damaged file', async () => {
  const { sha256 } = await files.put(inPieces(Buffer.from('body')), MANY)
  await damage(sha256, (path) => writeFile(path, 'dody'))
  await files.put(inPieces(Buffer.from('body')), MANY)
  expect((await contentOf(sha256)).toString()).toBe('body')
})

test('a file is found under the hash of its content, whatever its pieces', async () => {
  const bytes = randomBytes(700_001)
  const stored = await files.put(
    inPieces(bytes.subarray(0, 1), bytes.subarray(1, 400_000), bytes.subarray(400_000)),
    MANY,
  )
  expect(stored).toEqual({ sha256: hashOf(bytes), size: bytes.length })
  expect(await files.has(stored.sha256)).toBe(true)
  expect((await contentOf(stored.sha256)).equals(bytes)).toBe(true)
  expect((await readFile(pathOf(stored.sha256))).equals(bytes)).toBe(true)
})

test('a file of exactly the limit, and an empty one, are stored', async () => {
  await expect(files.put(inPieces(Buffer.from('four')), { maxBytes: 4 })).resolves.toMatchObject({ size: 4 })
  const empty = await files.put(inPieces(), MANY)
  expect(await contentOf(empty.sha256)).toEqual(Buffer.alloc(0))
})

test('a part can be read at once or as a stream', async () => {
  const { sha256 } = await files.put(inPieces(Buffer.from('0123456789')), MANY)
  const file = await files.open(sha256)
  expect(Buffer.from(file.read(3, 4)).toString()).toBe('3456')
  expect((await gathered(file.stream({ offset: 8, length: 2 }))).toString()).toBe('89')
  expect(file.read(10, 0)).toHaveLength(0)
  expect(Buffer.from(file.read(8, 128)).toString()).toBe('89')
  expect(file.read(1000, 128)).toHaveLength(0)
  await file.close()
})

test('an extended file begins with its base, which stays as it was', async () => {
  const base = randomBytes(300_000)
  const tail = randomBytes(5000)
  const { sha256 } = await files.put(inPieces(base), MANY)
  const extended = await files.append(sha256, tail)
  const whole = Buffer.concat([base, tail])
  expect(extended).toEqual({ sha256: hashOf(whole), size: whole.length })
  expect((await contentOf(extended.sha256)).equals(whole)).toBe(true)
  expect((await contentOf(sha256)).equals(base)).toBe(true)
})

test('many that store the same content at once agree', async () => {
  const results = await Promise.all(Array.from({ length: 20 }, () => files.put(inPieces(Buffer.from('same')), MANY)))
  expect(new Set(results.map(({ sha256 }) => sha256)).size).toBe(1)
  expect(await leftovers()).toEqual([])
})

test('the sweep takes what a killed writer left, not what is being written', async () => {
  await writeFile(join(root, 'temporary', 'old'), 'x')
  await utimes(join(root, 'temporary', 'old'), new Date(0), new Date(0))
  await writeFile(join(root, 'temporary', 'young'), 'x')
  expect(await files.sweepTemporary()).toBe(1)
  expect(await leftovers()).toEqual(['young'])
})
