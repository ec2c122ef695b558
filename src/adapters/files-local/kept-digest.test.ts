import { createHash, randomBytes } from 'node:crypto'
import { chmod, open, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import type { FileStore, StoredAs, StoredFile } from '../../core/index.ts'
import { openLocalFiles } from './local-files.ts'
import { resumableSha256 } from './sha256-state.ts'

const MEGABYTE = 1 << 20
const MANY = { maxBytes: 500 * MEGABYTE }

type Algorithm = 'sha256' | 'sha384' | 'sha512'
type Ranges = readonly (readonly [from: number, to: number])[]

let temporary: TemporaryDirectory
let files: FileStore

beforeEach(async () => {
  temporary = await makeTemporaryDirectory('kept')
  files = await openLocalFiles(temporary.path)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await temporary.remove()
})

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const put = (bytes: Uint8Array): Promise<StoredAs> => files.put(once(bytes), MANY)
const pathOf = (sha256: string): string => join(temporary.path, 'objects', sha256.slice(0, 2), sha256.slice(2))
const statesOf = (sha256: string): string => `${pathOf(sha256)}.states`

async function withStored<Result>(sha256: string, work: (file: StoredFile) => Promise<Result>): Promise<Result> {
  const file = await files.open(sha256)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

async function digestOf(sha256: string, algorithm: Algorithm, ranges: Ranges, after: readonly Uint8Array[] = []) {
  const digest = await withStored(sha256, async (file) => file.digest?.(algorithm, ranges, after))
  return Buffer.from(digest ?? []).toString('hex')
}

function expectedOf(algorithm: Algorithm, bytes: Uint8Array, ranges: Ranges, after: readonly Uint8Array[] = []) {
  const hash = createHash(algorithm)
  for (const [from, to] of ranges) hash.update(bytes.subarray(from, to))
  for (const more of after) hash.update(more)
  return hash.digest('hex')
}

/** Counts the bytes that are read from files without the system copying them. */
async function countReads(): Promise<() => number> {
  const handle = await open(temporary.path)
  const prototype = Object.getPrototypeOf(handle) as typeof handle
  await handle.close()
  const spy = vi.spyOn(prototype, 'read')
  const calls: readonly (readonly unknown[])[] = spy.mock.calls
  return () => calls.reduce((sum, [, , length]) => sum + Number(length), 0)
}

/** Replaces what is kept beside a file. */
async function plant(sha256: string, states: Uint8Array): Promise<void> {
  await chmod(statesOf(sha256), 0o600)
  await writeFile(statesOf(sha256), states)
}

/** The content of such a file with a right checksum. */
function sealed(body: Uint8Array): Buffer {
  return Buffer.concat([body, createHash('sha256').update(body).digest()])
}

const without = (bytes: Buffer): Buffer => bytes.subarray(0, -32)

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

describe('a kept state that is not right is not used', () => {
  const body = randomBytes(3000)
  const tail = randomBytes(700)
  const magicLength = 25
  type Change = (own: Buffer, other: Buffer) => Buffer

  const wrong: [string, Change][] = [
    ['one that is empty', () => Buffer.alloc(0)],
    ['one that was cut off', (own) => own.subarray(0, -1)],
    ['one with a flipped bit', (own) => changed(own, 90)],
    ['one of another version', (own) => sealed(changed(without(own), magicLength - 2))],
    ['one without a record', (own) => sealed(own.subarray(0, magicLength))],
    ['one whose registers are others', (own) => sealed(changed(without(own), magicLength + 60))],
    ['one that another build of the hash wrote', (own) => sealed(changed(without(own), magicLength + 40))],
    ['one of another file', (_, other) => other],
    [
      'one of another file under the name of this one',
      (own, other) =>
        sealed(Buffer.concat([own.subarray(0, magicLength + 40), without(other).subarray(magicLength + 40)])),
    ],
    [
      'one that lists a state twice',
      (own) => sealed(Buffer.concat([without(own), own.subarray(magicLength, magicLength + 156)])),
    ],
  ]
  test.each(wrong)('%s', async (_, change) => {
    const { sha256 } = await put(body)
    const other = await put(randomBytes(3000))
    await plant(sha256, change(await readFile(statesOf(sha256)), await readFile(statesOf(other.sha256))))
    const reads = await countReads()
    expect(await digestOf(sha256, 'sha256', [[0, 3000]], [tail])).toBe(expectedOf('sha256', body, [[0, 3000]], [tail]))
    expect(reads()).toBe(3000)
    const whole = Buffer.concat([body, tail])
    expect(await files.append(sha256, tail)).toEqual({ sha256: expectedOf('sha256', whole, [[0, 3700]]), size: 3700 })
  })

  test('an earlier one that does not lead to the file', async () => {
    const base = await put(body)
    const extended = await files.append(base.sha256, tail)
    const foreign = await put(randomBytes(3000))
    const own = await readFile(statesOf(extended.sha256))
    const planted = await readFile(statesOf(foreign.sha256))
    const record = (bytes: Buffer, index: number) =>
      bytes.subarray(magicLength + index * 156, magicLength + (index + 1) * 156)
    await plant(
      extended.sha256,
      sealed(Buffer.concat([own.subarray(0, magicLength), record(planted, 0), record(own, 1)])),
    )
    const whole = Buffer.concat([body, tail])
    const ranges = [
      [0, 3100],
      [3200, 3700],
    ] as const
    expect(await digestOf(extended.sha256, 'sha256', ranges)).toBe(expectedOf('sha256', whole, ranges))
  })

  test('none, for a file that was stored without', async () => {
    const { sha256 } = await put(body)
    await rename(statesOf(sha256), join(temporary.path, 'elsewhere'))
    expect(await digestOf(sha256, 'sha256', [[0, 3000]])).toBe(sha256)
    const extended = await files.append(sha256, tail)
    // From now on it is known.
    const reads = await countReads()
    await files.append(extended.sha256, tail)
    expect(reads()).toBe(0)
  })
})

test('a part that is missing on the disk has no digest, on neither thread', async () => {
  for (const size of [3000, 2 * MEGABYTE]) {
    const { sha256 } = await put(randomBytes(size))
    await chmod(pathOf(sha256), 0o600)
    await withStored(sha256, async (file) => {
      await writeFile(pathOf(sha256), 'short')
      await expect(file.digest?.('sha512', [[0, size]], [])).rejects.toMatchObject({ code: 'files.corrupt' })
    })
  }
})

test('a file that vanished cannot be hashed on the thread, and the next one can', async () => {
  const { sha256 } = await put(randomBytes(2 * MEGABYTE))
  const bytes = randomBytes(2 * MEGABYTE)
  const next = await put(bytes)
  await withStored(sha256, async (file) => {
    await rename(pathOf(sha256), join(temporary.path, 'elsewhere'))
    await expect(file.digest?.('sha384', [[0, file.size]], [])).rejects.toThrow('could not be hashed')
  })
  expect(await digestOf(next.sha256, 'sha384', [[0, bytes.length]])).toBe(
    expectedOf('sha384', bytes, [[0, bytes.length]]),
  )
})

test('a state goes on as the digest itself does, wherever it is taken', async () => {
  const hash = await resumableSha256()
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (parts) => {
      const state = parts.reduce<Uint8Array>((before, part) => hash.after(before, part), hash.start)
      expect(hash.digest(state)).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
    }),
  )
})

test('the digest of a stored file with a tail is known without reading it', async () => {
  const body = randomBytes(5 * MEGABYTE)
  const tail = randomBytes(20_000)
  const { sha256 } = await put(body)
  const reads = await countReads()
  expect(await digestOf(sha256, 'sha256', [[0, body.length]], [tail])).toBe(
    createHash('sha256').update(body).update(tail).digest('hex'),
  )
  const extended = await files.append(sha256, tail)
  expect(extended.sha256).toBe(createHash('sha256').update(body).update(tail).digest('hex'))
  expect(reads()).toBe(0)
})

test('each of many revisions is hashed by reading no more than the revisions', async () => {
  const body = randomBytes(3 * MEGABYTE)
  let whole: Buffer = body
  let { sha256 } = await put(body)
  const ends = []
  for (let i = 0; i < 20; i++) {
    const tail = randomBytes(2000)
    whole = Buffer.concat([whole, tail])
    sha256 = (await files.append(sha256, tail)).sha256
    ends.push(whole.length)
  }
  const reads = await countReads()
  for (const end of ends) {
    const ranges = [
      [0, end - 1500],
      [end - 500, end],
    ] as const
    expect(await digestOf(sha256, 'sha256', ranges)).toBe(expectedOf('sha256', whole, ranges))
  }
  expect(reads()).toBeLessThan(20 * 2 * 20 * 2000)
})

test.each(['sha256', 'sha384', 'sha512'] as const)('any parts have the right %s', async (algorithm) => {
  const bytes = randomBytes(2 * MEGABYTE + 5)
  const { sha256 } = await put(bytes)
  const all: Ranges[] = [
    [],
    [[0, 0]],
    [[7, 90]],
    [
      [0, 100],
      [300, 400],
    ],
    [
      [0, MEGABYTE + 7],
      [MEGABYTE + 9, bytes.length],
    ],
  ]
  for (const ranges of all) {
    const after = [Buffer.from('a'), Buffer.from('tail')]
    expect(await digestOf(sha256, algorithm, ranges, after)).toBe(expectedOf(algorithm, bytes, ranges, after))
  }
})

test('the event loop goes on while 200 MB are hashed', async () => {
  const size = 200 * MEGABYTE
  const { sha256 } = await put(Buffer.from('to be replaced'))
  await chmod(pathOf(sha256), 0o600)
  await truncate(pathOf(sha256), size)
  const expected = createHash('sha512').update('to be replaced')
  const zeros = Buffer.alloc(MEGABYTE)
  for (let i = 0; i < 200; i++) expected.update(i === 0 ? zeros.subarray(14) : zeros)
  const held: number[] = []
  let last = performance.now()
  const timer = setInterval(() => {
    held.push(performance.now() - last)
    last = performance.now()
  }, 5)
  const digest = await digestOf(sha256, 'sha512', [[0, size]])
  clearInterval(timer)
  expect(digest).toBe(expected.digest('hex'))
  expect(held.length).toBeGreaterThan(10)
  // On a busy machine a tick may be late, but not as late as the whole of the hash.
  expect(held.toSorted((a, b) => a - b)[Math.floor(held.length / 2)]).toBeLessThan(50)
})
