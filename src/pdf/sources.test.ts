import { createHash } from 'node:crypto'
import { openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { chmod, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../test/support/temporary-directory.ts'
import { appendInPlace, appendToCopy, bytesSource, fileSource, firstBytes, joinedSource, openPdf } from './index.ts'
import { buildPdf } from './testing/pdf-builder.ts'

let folder: TemporaryDirectory
beforeAll(async () => {
  folder = await makeTemporaryDirectory('sources')
})
afterAll(() => folder.remove())

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder.path, name)
  writeFileSync(path, bytes)
  return path
}

const PAGE = 1 << 16
const bytes = Buffer.from(Array.from({ length: 3 * PAGE + 123 }, (_, i) => (i * 7 + (i >> 8)) & 0xff))

describe('a file', () => {
  test('that is a directory or missing is refused', () => {
    expect(() => fileSource(folder.path)).toThrow(expect.objectContaining({ code: 'pdf.not_a_pdf' }))
    expect(() => fileSource(join(folder.path, 'missing'))).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })

  test('that becomes shorter is refused and not read as zeros', () => {
    const path = put('shrinks', bytes)
    const source = fileSource(path)
    truncateSync(path, PAGE)
    const changed = expect.objectContaining({ code: 'pdf.source_changed' })
    expect(() => source.read(2 * PAGE, 10)).toThrow(changed)
    expect(() => source.readInto?.(Buffer.alloc(10), 2 * PAGE)).toThrow(changed)
    source.close()
  })

  test('is read like the same bytes in memory, wherever', () => {
    const sources = [
      fileSource(put('whole', bytes)),
      joinedSource(bytesSource(bytes.subarray(0, 70_000)), bytes.subarray(70_000)),
    ]
    const inMemory = bytesSource(bytes)
    fc.assert(
      fc.property(fc.nat(bytes.length + 100), fc.nat(2 * PAGE), (offset, length) => {
        for (const source of sources) {
          expect(source.size).toBe(bytes.length)
          expect(Buffer.from(source.read(offset, length)).equals(inMemory.read(offset, length))).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('keeps what it gave away, however much is read afterwards', () => {
    const long = Buffer.concat(Array.from({ length: 30 }, (_, i) => Buffer.alloc(PAGE, i)))
    const source = fileSource(put('long', long))
    const slices = Array.from({ length: 30 }, (_, i) => source.read(i * PAGE + 5, 3))
    expect(slices.map((slice) => slice[0])).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect(slices[0]?.buffer.byteLength).toBeLessThan(PAGE)
    source.close()
  })

  test('is read into the memory of the caller', () => {
    const source = fileSource(put('into', bytes))
    const target = Buffer.alloc(2 * PAGE)
    source.readInto?.(target, PAGE - 1)
    expect(target.equals(bytes.subarray(PAGE - 1, 3 * PAGE - 1))).toBe(true)
    source.close()
  })

  test('given as a descriptor stays open', () => {
    const descriptor = openSync(put('descriptor', bytes), 'r')
    const first = fileSource(descriptor)
    first.close()
    expect(fileSource(descriptor).read(0, 4)).toEqual(bytes.subarray(0, 4))
    fileSource(put('other', bytes)).close()
  })

  test('is opened as a document, and what it was before as well', () => {
    const pdf = buildPdf('object-streams', { form: true, noise: 200_000 })
    const source = fileSource(put('document.pdf', pdf))
    expect(openPdf(source).catalog.has('Pages')).toBe(true)
    const joined = joinedSource(source, Buffer.from('\n% more\n'))
    expect(openPdf(firstBytes(joined, pdf.length)).catalog.has('Pages')).toBe(true)
    source.close()
  })
})

describe('a revision', () => {
  const tail = Buffer.from('tail of the file')

  test('is not appended to a file of another size, in place or to a copy', async () => {
    const path = put('other-size', bytes)
    const refusal = { code: 'pdf.source_changed' }
    await expect(appendInPlace(path, tail, { expectedSize: 5 })).rejects.toMatchObject(refusal)
    const copy = join(folder.path, 'refused')
    await expect(appendToCopy(path, copy, tail, { expectedSize: 5 })).rejects.toMatchObject(refusal)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect((await readdir(folder.path)).filter((name) => name.startsWith('refused'))).toEqual([])
  })

  test('is appended in place', async () => {
    const path = put('in-place', bytes)
    await appendInPlace(path, tail, { expectedSize: bytes.length })
    expect((await readFile(path)).equals(Buffer.concat([bytes, tail]))).toBe(true)
  })

  test('is appended to a copy, also of a file that nobody may write to', async () => {
    const [path, copy] = [put('original', bytes), put('copy', Buffer.from('older'))]
    await chmod(path, 0o400)
    await appendToCopy(path, copy, tail, { expectedSize: bytes.length })
    expect((await readFile(copy)).equals(Buffer.concat([bytes, tail]))).toBe(true)
    expect((await readFile(path)).equals(bytes)).toBe(true)
    expect((await stat(path)).mode & 0o777).toBe(0o400)
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

test('who hashes by itself is asked for the part that is its own, and the rest is added', async () => {
  const whole = Buffer.from('%PDF-1.7 the document, and what was appended to it')
  const asked: unknown[] = []
  const base = {
    ...bytesSource(whole.subarray(0, 20)),
    digest: (algorithm: string, ranges: readonly (readonly [number, number])[], after: readonly Uint8Array[]) => {
      asked.push(ranges)
      const hash = createHash(algorithm)
      for (const [from, to] of ranges) hash.update(whole.subarray(from, to))
      for (const bytes of after) hash.update(bytes)
      return Promise.resolve(hash.digest())
    },
  }
  const joined = joinedSource(base, whole.subarray(20))
  const expected = createHash('sha256').update(whole.subarray(0, 25)).update(whole.subarray(30, 40)).update('end')
  const ranges = [[0, 25] as const, [30, 40] as const]
  expect(await joined.digest?.('sha256', ranges, [Buffer.from('end')])).toEqual(expected.digest())
  expect(asked).toEqual([[[0, 20]]])
})
