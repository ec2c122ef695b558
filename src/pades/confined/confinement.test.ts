import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { jobs } from '../../../test/support/hostile-jobs.ts'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { signed, signers, trust } from '../testing/signing.ts'
import { confineFiles, type FileConfinement } from './confine-files.ts'
import { Confinement } from './confinement.ts'

const MEBIBYTE = 1 << 20
const hostile = new URL('../../../test/support/hostile-jobs.ts', import.meta.url)
const DAY = new Date('2026-11-21T00:00:00Z')

let folder: TemporaryDirectory
let confinement: Confinement<typeof jobs>
beforeAll(async () => {
  folder = await makeTemporaryDirectory('confinement')
  confinement = new Confinement({ main: hostile, timeMs: 5000, memoryBytes: 256 * MEBIBYTE })
})
afterAll(async () => {
  await confinement.close()
  await folder.remove()
})

/** The next job is done as if nothing had happened. */
async function expectUnharmed(): Promise<void> {
  expect(await confinement.run('double', { value: 21, at: DAY })).toEqual({ ok: { value: 42, at: DAY } })
}

describe('a job', () => {
  test('that never ends is ended', async () => {
    const start = performance.now()
    expect(await confinement.run('loop', undefined, { timeMs: 300 })).toEqual({ killed: 'time' })
    expect(performance.now() - start).toBeLessThan(10_000)
    await expectUnharmed()
  })

  test.each(['fillBuffers', 'fillHeap'] as const)('that takes all memory by %s is ended', async (job) => {
    expect(await confinement.run(job, undefined, { timeMs: 20_000 })).toEqual({ killed: 'memory' })
    await expectUnharmed()
  })

  test.each(['crash', 'fail'] as const)('that dies by %s is told from one that refuses', async (job) => {
    expect(await confinement.run(job, undefined)).toEqual({ killed: 'crash' })
    await expectUnharmed()
  })

  test('that fails when it is over does not take the next one with it', async () => {
    expect(await confinement.run('failLater', undefined)).toEqual({ ok: undefined })
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expectUnharmed()
  })

  test('that refuses says why', async () => {
    expect(await confinement.run('refuse', undefined)).toEqual({ refused: 'pdf.damaged', details: { what: 'test' } })
  })

  test('sees no variable of its parent and writes no file', async () => {
    expect(await confinement.run('environment', undefined)).toEqual({ ok: {} })
    const path = join(folder.path, 'written')
    expect(await confinement.run('write', { path })).toEqual({ killed: 'crash' })
    expect(existsSync(path)).toBe(false)
  })

  test('gets the process of the one before', async () => {
    const first = await confinement.run('wait', { ms: 0 })
    expect(await confinement.run('wait', { ms: 0 })).toEqual(first)
  })

  test('waits for its turn, and the time it waits is not its own', async () => {
    const waiting = Array.from({ length: 5 }, () => confinement.run('wait', { ms: 100 }, { timeMs: 400 }))
    expect((await Promise.all(waiting)).every((result) => 'ok' in result)).toBe(true)
  })
})

test('closing ends what runs, and nothing starts again', async () => {
  const closing = new Confinement<typeof jobs>({ main: hostile })
  const running = closing.run('loop', undefined, { timeMs: 60_000 })
  const waiting = closing.run('wait', { ms: 0 })
  const refused = [running, waiting].map((job) => expect(job).rejects.toThrow('closed'))
  await closing.close()
  await Promise.all(refused)
  await expect(closing.run('wait', { ms: 0 })).rejects.toThrow('closed')
})

describe('a file', () => {
  let files: FileConfinement
  beforeAll(() => {
    files = confineFiles({ workers: 2, timeMs: 10_000 })
  })
  afterAll(() => files.close())

  function put(name: string, bytes: Uint8Array): string {
    const path = join(folder.path, name)
    writeFileSync(path, bytes)
    return path
  }

  test('that is damaged is refused', async () => {
    const path = put('cut.pdf', buildPdf('table').subarray(0, -30))
    expect(await files.run('inspect', { path })).toMatchObject({ refused: 'pdf.damaged' })
    expect(await files.run('inspect', { path, damaged: 'repair' })).toMatchObject({ ok: { pages: 2 } })
  })

  test('is inspected and validated', async () => {
    const path = put('signed.pdf', await signed(buildPdf('stream', { form: true }), signers.ana))
    expect(await files.run('inspect', { path })).toMatchObject({
      ok: { pages: 2, revisions: 2, findings: [], isEncrypted: false, fields: { length: 4 } },
    })
    expect(await files.run('validate', { path, policy: trust })).toMatchObject({ ok: { indication: 'TOTAL-PASSED' } })
  })
})
