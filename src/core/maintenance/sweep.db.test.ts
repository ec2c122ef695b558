import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  becomeHolder,
  type Company,
  challenge,
  type Holder,
  logIn,
  openCompany,
  upload,
} from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../std/time.ts'
import { createDownload } from '../documents/download.ts'
import { startLogIn } from '../sessions/start-log-in.ts'
import { ensureSweeping, sweep } from './sweep.ts'

let platform: CorePlatform
let company: Company
let ana: Holder

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
  ana = await becomeHolder(company, 'anna@example.com')
})
afterAll(() => platform.close())

const countOf = async (what: string): Promise<number> => {
  const [row] = await platform.behind.administer<{ n: number }>(`select count(*)::int as n from ${what}`)
  return row?.n ?? -1
}
const jobs = () =>
  platform.behind.administer<{ run_at: Date }>(
    "select run_at from graphile_worker._private_jobs where key = 'maintenance'",
  )

test('a sweep removes what has had its day, of every company, and keeps what a signature points to', async () => {
  const documentId = await upload(ana)
  await challenge(ana, documentId)
  const [document] = await platform.behind.administer<{ path: string }>('select path from documents where id = $1', [
    documentId,
  ])
  await createDownload(ana.context, document?.path ?? '')
  const other = await openCompany(platform)
  await logIn(other, 'anna@example.com')
  await startLogIn(other.context, { email: 'anna+nobody@example.com', clientId: other.clientId })

  platform.clock.move(HOUR_MS)
  const before = [await countOf('challenges'), await countOf('messages'), await countOf('downloads')]
  await sweep(platform)
  expect([await countOf('challenges'), await countOf('messages'), await countOf('downloads')]).toEqual(before)

  // Longer than limits look back and links are kept; messages point to their codes for 30 days.
  platform.clock.move(3 * DAY_MS)
  await sweep(platform)
  expect(await countOf('limits')).toBe(0)
  expect(await countOf('downloads')).toBe(0)
  // The message that went to nobody goes with its code.
  expect(await countOf('messages')).toBe((before[1] ?? 0) - 1)
  expect(await countOf('challenges where person_id is null')).toBe(0)

  platform.clock.move(30 * DAY_MS)
  await sweep(platform)
  expect(await countOf('messages')).toBe(0)
  expect(await countOf("challenges where purpose <> 'activation'")).toBe(0)
  expect(await countOf("challenges where purpose = 'activation'")).toBe(1)
  for (const kept of ['people', 'certificates', 'documents', 'envelopes', 'audit', 'events', 'proofings'])
    expect(await countOf(kept), kept).toBeGreaterThan(0)
})

test('a sweep asks for the next one, and two of them are one', async () => {
  await Promise.all([sweep(platform), sweep(platform), ensureSweeping(platform)])
  await sweep(platform)
  const waiting = await jobs()
  expect(waiting).toHaveLength(1)
  expect(waiting[0]?.run_at).toEqual(new Date(platform.clock.now().getTime() + 10 * MINUTE_MS))
})

test('a sweep removes what broken uploads left', async () => {
  let swept = 0
  const sweepTemporary = async (): Promise<number> => ++swept
  await sweep({ ...platform, files: { ...platform.files, sweepTemporary } })
  expect(swept).toBe(1)
})
