import { createHash, randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  becomeHolder,
  type Company,
  type Holder,
  newestCode,
  openCompany,
  signRequest,
  upload,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { bytesOf } from '../../../test/support/core-signing.ts'
import { validate } from '../../pades/index.ts'
import { bytesSource, openPdf, RevisionWriter } from '../../pdf/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { DAY_MS, MINUTE_MS } from '../../std/time.ts'
import { challengeSignature } from './challenge-signature.ts'
import { ownPolicy, withFile } from './open-stored.ts'
import { signDocument } from './sign-document.ts'

/** Bytes that were read from files without waiting. */
const readAtOnce = vi.hoisted(() => ({ bytes: 0 }))

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs')>()
  const readSync = (fd: number, buffer: Buffer, offset: number, length: number, position: number): number => {
    const count = real.readSync(fd, buffer, offset, length, position)
    readAtOnce.bytes += count
    return count
  }
  return { ...real, readSync }
})

let platform: CorePlatform
let company: Company
let ana: Holder

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
  ana = await becomeHolder(company, 'anna+1@example.com')
})
// A number gets ten messages in a day.
beforeEach(() => platform.clock.move(DAY_MS))
afterAll(() => platform.close())

/** A document with a picture, say, of this many bytes. */
function documentOf(bytes: number): Buffer {
  const pdf = buildPdf('table', { form: true })
  const writer = new RevisionWriter(openPdf(bytesSource(pdf)))
  writer.putStream(writer.allocate(), new Map(), randomBytes(bytes))
  return Buffer.concat([pdf, writer.finish(Buffer.from('picture')).tail])
}

/** Runs something, and counts the bytes that it reads from files. What the system copies by itself is not read. */
async function countReads<Result>(work: () => Promise<Result>): Promise<{ result: Result; bytes: number }> {
  const handle = await open(import.meta.filename)
  const prototype = Object.getPrototypeOf(handle) as typeof handle
  await handle.close()
  const read = vi.spyOn(prototype, 'read')
  try {
    const before = readAtOnce.bytes
    const result = await work()
    const calls: readonly (readonly unknown[])[] = read.mock.calls
    const waitedFor = calls.reduce((sum, [, , length]) => sum + Number(length), 0)
    return { result, bytes: readAtOnce.bytes - before + waitedFor }
  } finally {
    read.mockRestore()
  }
}

test('a document whose kept state was lost is read, and signed all the same', async () => {
  const pdf = documentOf(3_000_000)
  const request = await signRequest(ana, await upload(ana, pdf))
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  await rm(`${await withFile(platform, sha256, async ({ path }) => path)}.states`)
  const { result, bytes } = await countReads(() => signDocument(ana.context, request))
  expect(bytes).toBeGreaterThan(3_000_000)
  const report = await validate(bytesSource(await bytesOf(platform, result.sha256)), ownPolicy(platform))
  expect(report.indication).toBe('TOTAL-PASSED')
})

test('a document is signed without reading it, whatever its size, and so is what was signed', async () => {
  const pdf = documentOf(20_000_000)
  const certificateId = ana.certificate.id
  const request = await signRequest(ana, await upload(ana, pdf))
  const first = await countReads(() => signDocument(ana.context, request))
  expect(first.bytes).toBeLessThan(300_000)

  platform.clock.move(11 * MINUTE_MS)
  const document = { path: first.result.documentPath }
  const { challengeId } = await challengeSignature(ana.context, { document, certificateId })
  const code = await newestCode(company, ana.telephone)
  const second = await countReads(() => signDocument(ana.context, { document, certificateId, challengeId, code }))
  expect(second.bytes).toBeLessThan(300_000)

  // Judged from the bytes alone, without any state.
  const signed = await bytesOf(platform, second.result.sha256)
  expect(signed.subarray(0, pdf.length).equals(pdf)).toBe(true)
  const report = await validate(bytesSource(signed), ownPolicy(platform))
  expect(report).toMatchObject({ indication: 'TOTAL-PASSED', signatures: { length: 2 } })
})
