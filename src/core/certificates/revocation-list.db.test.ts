import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { becomeHolder, type Company, type Holder, openCompany } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { OID, readCertificate, readCrlDistributionPoints } from '../../pki/index.ts'
import { DAY_MS, MINUTE_MS } from '../../std/time.ts'
import { revokeOwnCertificate } from './own-certificates.ts'
import { currentRevocationList } from './revocation-list.ts'

/** What OpenSSL says, on either channel. */
const openssl = (...args: string[]): string => {
  const { stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  return stdout + stderr
}
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

let platform: CorePlatform
let company: Company

beforeAll(async () => {
  platform = await openCorePlatform()
  company = await openCompany(platform)
})
afterAll(() => platform.close())

let people = 0
const holder = (): Promise<Holder> => becomeHolder(company, `anna+list${people++}@example.com`)

async function revokeOne(): Promise<Holder> {
  const one = await holder()
  await revokeOwnCertificate(one.context, one.certificate.id, 'keyCompromise')
  return one
}

test('the list is the same until somebody is revoked, and then has a greater number', async () => {
  const first = await currentRevocationList(platform)
  platform.clock.move(MINUTE_MS)
  expect((await currentRevocationList(platform)).number).toBe(first.number)
  await revokeOne()
  expect((await currentRevocationList(platform)).number).toBe(first.number + 1)
})

test('a list is replaced before it ends', async () => {
  const first = await currentRevocationList(platform)
  platform.clock.move(DAY_MS / 2)
  const next = await currentRevocationList(platform)
  expect(next.number).toBe(first.number + 1)
  expect(next.nextUpdate.getTime()).toBeGreaterThan(first.nextUpdate.getTime())
})

test('of many servers that make the next list at once, one publishes it', async () => {
  const { number } = await currentRevocationList(platform)
  await revokeOne()
  const lists = await Promise.all(Array.from({ length: 40 }, () => currentRevocationList(platform)))
  expect(new Set(lists.map((list) => list.number))).toEqual(new Set([number + 1]))
  expect(new Set(lists.map((list) => list.der.toString('hex'))).size).toBe(1)
})

test('certificates say where the list is', async () => {
  const { certificate } = await holder()
  const points = readCertificate(certificate.der ?? Buffer.alloc(0)).extensions.get(OID.cRLDistributionPoints)
  expect(points && readCrlDistributionPoints(points.value)).toEqual(['http://sign.example.com/pki/issuing.crl'])
})

test.skipIf(!hasOpenssl)('OpenSSL reads the list, believes its signature, and finds who is revoked', async () => {
  const good = await holder()
  const revoked = await revokeOne()
  const directory = await makeTemporaryDirectory('chancery-crl')
  const path = (name: string): string => join(directory.path, name)
  const { authority } = platform
  const { der } = await currentRevocationList(platform)
  await writeFile(path('list.der'), der)
  for (const [name, bytes] of [
    ['root', authority.rootCertificate],
    ['issuing', authority.issuingCertificate],
    ['good', good.certificate.der],
    ['revoked', revoked.certificate.der],
  ] as const) {
    await writeFile(path(`${name}.pem`), pem('CERTIFICATE', bytes ?? Buffer.alloc(0)))
  }
  await writeFile(path('list.pem'), pem('X509 CRL', der))
  const list = path('list.pem')
  const text = openssl('crl', '-in', list, '-noout', '-text', '-CAfile', path('issuing.pem'), '-verify')
  expect(text).toContain('verify OK')
  expect(text).toContain('Key Compromise')
  const at = String(Math.floor(platform.clock.now().getTime() / 1000))
  const trust = ['-crl_check', '-attime', at, '-CAfile', path('root.pem'), '-untrusted', path('issuing.pem')]
  const verify = (name: string): string => openssl('verify', ...trust, '-CRLfile', list, path(`${name}.pem`))
  expect(verify('good')).toContain('OK')
  expect(verify('revoked')).toContain('certificate revoked')
  await directory.remove()
})

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
