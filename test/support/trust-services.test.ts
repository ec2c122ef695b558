import { createHash, randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import {
  findPath,
  gatherStatus,
  httpExchange,
  readCertificate,
  requestTimestamp,
  signBytes,
} from '../../src/pki/index.ts'
import { startTrustServices } from './trust-services.ts'
import { spawnTrustServices } from './trust-services-process.ts'

const services = await startTrustServices({ clock: () => new Date('2026-11-20T12:00:00Z') })
afterAll(() => services.stop())
const exchange = httpExchange({ timeoutMs: 2000, attempts: 1 })
const now = services.now
const imprint = { digest: 'sha256', hash: createHash('sha256').update('a document').digest() } as const
const stamp = (...urls: string[]) =>
  requestTimestamp(
    urls.map((url) => ({ url })),
    imprint,
    { exchange, now, nonce: () => randomBytes(8) },
  )

describe('a time-stamp of the test services is refused', () => {
  test.each(['down', 'error', 'malformed', 'tryLater', 'stale', 'wrongNonce', 'wrongImprint'] as const)(
    'when the authority is %s, and taken from the second one',
    async (behaviour) => {
      services.behave('tsa', behaviour)
      await expect(stamp(services.tsa.url)).rejects.toMatchObject({ code: 'pki.timestamp_unavailable' })
      const token = await stamp(services.tsa.url, services.tsa2.url)
      services.behave('tsa')
      expect(token.info.time).toEqual(now())
    },
  )
})

describe('the test services', () => {
  test('issue to everybody so that there is a path to the root', () => {
    const { authority } = services
    const holders = [services.person('Ana Ruiz', 'RSA-2048'), authority.tsa, authority.tsa2, authority.ocsp.issuing]
    const [issuing, root] = services.chain.map(readCertificate)
    if (!issuing || !root) throw new Error('the chain is too short')
    for (const { certificate } of holders) {
      const path = findPath(readCertificate(certificate), { anchors: [root], intermediates: [issuing], time: now() })
      expect(path).toMatchObject({ ok: true })
    }
  })

  test('count what they are asked and answer nobody else', async () => {
    services.forgetRequests()
    await stamp(services.tsa.url)
    expect(services.requests).toMatchObject({ tsa: 1, tsa2: 0 })
    expect(await fetch(`${services.url}/nowhere`)).toMatchObject({ status: 404 })
  })

  test('run as a process, with the keys of those who sign', async () => {
    await using apart = await spawnTrustServices([{ name: 'Ana Ruiz' }, { name: 'Leo Paz', kind: 'RSA-2048' }])
    const [ana, leo] = apart.people
    const [issuer] = apart.chain
    if (!ana || !leo || !issuer) throw new Error('somebody is missing')
    const subject = { certificate: readCertificate(ana.certificate), issuer: readCertificate(issuer) }
    expect(await gatherStatus(subject, { exchange, now: () => new Date() })).toMatchObject({ status: 'good' })
    expect(signBytes(leo.algorithm, leo.key, Buffer.from('data'))).toHaveLength(256)
  })
})
