import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Company, openCompany } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { HOUR_MS, MINUTE_MS } from '../../std/time.ts'
import type { Context } from '../context.ts'
import { signUp } from '../people/sign-up.ts'
import { confirmLogIn } from '../sessions/confirm-log-in.ts'
import { startLogIn } from '../sessions/start-log-in.ts'
import { deliverMessage } from './deliver-message.ts'
import type { Mailer } from './gateways.ts'
import { readOutbox } from './read-outbox.ts'

let platform: CorePlatform
let company: Company
let people = 0

beforeAll(async () => {
  platform = await openCorePlatform()
})
beforeEach(async () => {
  platform.clock.move(HOUR_MS)
  platform.sent.length = 0
  company = await openCompany(platform, 'live')
})
afterAll(() => platform.close())

const down: Mailer = {
  send: async () => {
    throw new Error('the gateway is down')
  },
}
const withMailer = (mailer: Mailer): Context => ({ ...company.context, mailer })

/** Starts a log-in; gives it with the id of the message that carries its code. */
async function started() {
  const email = `anna+${people++}@example.com`
  await signUp(company.context, { email, clientId: company.clientId })
  platform.clock.move(1)
  const logIn = await startLogIn(company.context, { email, clientId: company.clientId })
  const [row] = await platform.behind.administer<{ id: string }>(
    "select id from messages where template = 'login-code' and tenant_id = $1 order by created_at desc limit 1",
    [company.tenant.id],
  )
  return { ...logIn, messageId: row?.id ?? '' }
}

async function stateOf(id: string): Promise<{ status: string; sealed: Buffer | null } | undefined> {
  const rows = await platform.behind.administer<{ status: string; sealed: Buffer | null }>(
    'select status, sealed from messages where id = $1',
    [id],
  )
  return rows[0]
}

test('a message is not sent when it has expired, and its text is gone', async () => {
  const { messageId } = await started()
  platform.clock.move(5 * MINUTE_MS)
  await deliverMessage(company.context, messageId)
  expect(platform.sent).toEqual([])
  expect(await stateOf(messageId)).toEqual({ status: 'expired', sealed: null })
})

test('a message of another company is not sent', async () => {
  const { messageId } = await started()
  const other = await openCompany(platform, 'live')
  await deliverMessage(other.context, messageId)
  expect(platform.sent).toEqual([])
  expect((await stateOf(messageId))?.status).toBe('queued')
})

test('a message to somebody whose key was destroyed is not sent', async () => {
  const { messageId, userId } = await started()
  await platform.behind.administer('delete from person_keys where person_id = $1', [userId])
  await deliverMessage(company.context, messageId)
  expect(platform.sent).toEqual([])
  expect(await stateOf(messageId)).toEqual({ status: 'expired', sealed: null })
})

test('the code of the sandbox does not open a live company', async () => {
  const answer = await started()
  await expect(
    confirmLogIn(company.context, { ...answer, clientId: company.clientId, code: '000000' }),
  ).rejects.toMatchObject({ code: 'challenge.failed' })
})

test('a live company has no outbox', async () => {
  await started()
  expect(await readOutbox(company.context, { limit: 10 })).toEqual([])
})

test('while the gateway is down the log-in answers, and the message is tried again with the same code and id', async () => {
  const answer = await started()
  const { messageId } = answer
  expect(platform.sent).toEqual([])
  await expect(deliverMessage(withMailer(down), messageId)).rejects.toThrow('the gateway is down')
  await expect(deliverMessage(withMailer(down), messageId)).rejects.toThrow('the gateway is down')
  expect((await stateOf(messageId))?.status).toBe('queued')
  platform.clock.move(MINUTE_MS)
  await deliverMessage(company.context, messageId)
  await deliverMessage(company.context, messageId)
  expect(platform.sent).toEqual([expect.objectContaining({ to: answer.email, id: messageId })])
  expect(await stateOf(messageId)).toEqual({ status: 'sent', sealed: null })
  const code = /\b\d{6}\b/.exec(platform.sent[0]?.text ?? '')?.[0] ?? ''
  await expect(confirmLogIn(company.context, { ...answer, clientId: company.clientId, code })).resolves.toBeDefined()
})

test('a gateway that took the message and failed gets it again with the same code and id', async () => {
  const { messageId } = await started()
  const taken: unknown[] = []
  const forgetful: Mailer = {
    send: async (mail) => {
      taken.push(mail)
      if (taken.length === 1) throw new Error('no answer in time')
    },
  }
  await expect(deliverMessage(withMailer(forgetful), messageId)).rejects.toThrow('no answer in time')
  await deliverMessage(withMailer(forgetful), messageId)
  expect(taken).toHaveLength(2)
  expect(taken[1]).toEqual(taken[0])
})

test('a slow gateway holds no connection and no lock', async () => {
  const { messageId } = await started()
  const taken = Promise.withResolvers<void>()
  const waiting = Array.from({ length: 12 }, () => deliverMessage(withMailer({ send: () => taken.promise }), messageId))
  // More than the pool has connections wait for the gateway by now.
  const next = await started()
  expect(next.messageId).not.toBe(messageId)
  taken.resolve()
  await Promise.all(waiting)
  expect((await stateOf(messageId))?.status).toBe('sent')
})

test('a message and its job become visible together', async () => {
  const { messageId } = await started()
  const jobs = await platform.behind.administer<{ payload: { messageId: string } }>(
    'select payload from graphile_worker._private_jobs',
  )
  expect(jobs.map(({ payload }) => payload.messageId)).toContain(messageId)
})
