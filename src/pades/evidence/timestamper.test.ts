import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTrustServices, type TrustServices } from '../../../test/support/trust-services.ts'
import { httpExchange } from '../../pki/index.ts'
import { createTimestamper } from '../index.ts'

let services: TrustServices
beforeAll(async () => {
  services = await startTrustServices()
})
afterAll(() => services.stop())
beforeEach(() => {
  for (const id of ['tsa', 'tsa2'] as const) services.behave(id)
  services.forgetRequests()
})

const DATA = Buffer.from('what is stamped')

function stamper() {
  const exchange = httpExchange({ timeoutMs: 500, attempts: 1 })
  const authorities = [{ url: services.tsa.url }, { url: services.tsa2.url }]
  return createTimestamper({ authorities, exchange, now: services.now, random: randomBytes })
}

test('no room is measured where nobody answers, and each reason is told', async () => {
  services.behave('tsa', 'down')
  services.behave('tsa2', 'error')
  const error: unknown = await stamper()
    .room()
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'pki.timestamp_unavailable', details: { attempts: { length: 2 } } })
})

test('what could not be measured is measured again', async () => {
  const timestamper = stamper()
  services.behave('tsa', 'down')
  services.behave('tsa2', 'down')
  await expect(timestamper.room()).rejects.toThrow()
  services.behave('tsa2')
  expect(await timestamper.room()).toBeGreaterThan((await timestamper.stamp(DATA)).length)
})

test('the room is measured once, on every authority: the one that stands in must fit as well', async () => {
  const timestamper = stamper()
  const rooms = await Promise.all([timestamper.room(), timestamper.room()])
  expect([services.requests.tsa, services.requests.tsa2]).toEqual([1, 1])
  for (const down of ['tsa2', 'tsa'] as const) {
    services.behave('tsa')
    services.behave('tsa2')
    services.behave(down, 'down')
    expect((await timestamper.stamp(DATA)).length).toBeLessThanOrEqual(Math.min(...rooms))
  }
})
