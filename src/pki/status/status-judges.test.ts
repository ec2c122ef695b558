import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { startTrustServices } from '../../../test/support/trust-services.ts'
import { buildOcspRequest, gatherStatus, httpExchange, serialText } from '../index.ts'
import type { Holder } from '../testing/authority.ts'
import { subjectOf } from '../testing/status-answers.ts'

const HOUR_MS = 3_600_000
// OpenSSL judges by the clock of the machine.
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS)
const missing = spawnSync('openssl', ['version']).error === undefined ? '' : ' (skipped: there is no openssl)'
const exchange = httpExchange({ timeoutMs: 5000, attempts: 1 })

/** Runs openssl; gives its exit code and all that it says. */
async function openssl(...args: string[]): Promise<string> {
  const child = spawn('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, problems, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return `${out}${problems}exit ${code}`
}

describe.skipIf(missing !== '')(`OpenSSL agrees${missing}`, async () => {
  const services = await startTrustServices()
  const { issuing, root, ocsp } = services.authority
  const folder = await makeTemporaryDirectory('status-judges')
  afterAll(async () => {
    await services.stop()
    await folder.remove()
  })

  async function put(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(folder.path, name)
    await writeFile(path, content)
    return path
  }
  const pem = (holder: Holder) =>
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(holder.certificate).toString('base64')}\n-----END CERTIFICATE-----\n`
  const [good, revoked] = [services.person('Ana Ruiz'), services.person('Leo Paz')]
  services.revoke(revoked, hoursAgo(2), 'keyCompromise')
  const files = { trusted: '', issuer: '' }
  beforeAll(async () => {
    files.trusted = await put('trusted.pem', pem(root) + pem(issuing))
    files.issuer = await put('issuer.pem', pem(issuing))
  })
  const about = async (holder: Holder) => ['-issuer', files.issuer, '-cert', await put('asked.pem', pem(holder))]

  test.each([
    ['good', good, ': good'],
    ['revoked', revoked, ': revoked'],
  ] as const)('with our answer that a certificate is %s', async (_, holder, verdict) => {
    const subject = subjectOf(holder, issuing)
    const { der } = await gatherStatus(subject, { exchange, now: services.now, wanted: ['ocsp'] })
    const answer = await put('answer.der', der)
    const said = await openssl('ocsp', '-respin', answer, '-CAfile', files.trusted, ...(await about(holder)))
    expect(said).toContain('Response verify OK')
    expect(said).toContain(verdict)
    expect(said).toMatch(/exit 0$/)
  })

  test('that an answer of a stranger is none', async () => {
    services.behave('ocsp/issuing', 'wrongSigner')
    const url = `${services.url}/ocsp/issuing`
    const answer = await exchange({
      url,
      method: 'POST',
      body: buildOcspRequest(subjectOf(good, issuing)),
      accept: 'application/ocsp-response',
      maxBytes: 10_000,
    })
    services.behave('ocsp/issuing')
    const path = await put('strange.der', answer)
    const said = await openssl('ocsp', '-respin', path, '-CAfile', files.trusted, ...(await about(good)))
    expect(said).toContain('Response Verify Failure')
  })

  test('with our responder when it asks itself, with a nonce', async () => {
    const url = ['-url', `${services.url}/ocsp/issuing`, '-nonce', '-CAfile', files.trusted]
    const said = await openssl('ocsp', ...(await about(good)), ...url)
    expect(said).toContain('Response verify OK')
    expect(said).not.toContain('WARNING')
    expect(said).toContain(': good')
  })

  test('with our request', async () => {
    const path = await put('request.der', buildOcspRequest({ ...subjectOf(good, issuing), nonce: randomBytes(32) }))
    const said = await openssl('ocsp', '-reqin', path, '-req_text', '-noverify')
    expect(said).toContain(`Serial Number: ${serialText(subjectOf(good, issuing).certificate).toUpperCase()}`)
    expect(said).toContain('OCSP Nonce')
  })

  test('with our list', async () => {
    const { der } = await gatherStatus(subjectOf(revoked, issuing), { exchange, now: services.now, wanted: ['crl'] })
    const list = await put('list.crl', der)
    const said = await openssl('crl', '-in', list, '-inform', 'DER', '-CAfile', files.trusted, '-noout', '-text')
    expect(said).toContain('verify OK')
    expect(said).toContain('Key Compromise')
  })

  describe('when it answers itself', () => {
    let child: ChildProcess
    let url = ''
    beforeAll(async () => {
      const line = (holder: Holder, state: string) =>
        `${state}\t${serialText(subjectOf(holder, issuing).certificate).toUpperCase()}\tunknown\t/CN=Somebody\n`
      const date = hoursAgo(3)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)
      const index = `${line(good, 'V\t290101000000Z\t')}${line(revoked, `R\t290101000000Z\t${date},superseded`)}`
      const signer = [
        '-rsigner',
        await put('signer.pem', pem(ocsp.issuing)),
        '-rkey',
        await put('signer.key', ocsp.issuing.key.export({ type: 'pkcs8', format: 'pem' })),
      ]
      const args = [
        '-index',
        await put('index.txt', index),
        '-CA',
        files.issuer,
        ...signer,
        '-port',
        '0',
        '-nmin',
        '60',
      ]
      child = spawn('openssl', ['ocsp', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
      const port = await listeningPort(child)
      url = `http://127.0.0.1:${port}`
    })
    afterAll(async () => {
      child.kill()
      await once(child, 'exit')
    })

    const ask = (holder: Holder) => {
      const here: typeof exchange = (request) =>
        exchange({ ...request, url: request.url.replace(/^http:..[^/]+\/ocsp\/issuing/, url) })
      const subject = subjectOf(holder, issuing)
      return gatherStatus(subject, {
        exchange: here,
        now: services.now,
        nonce: () => randomBytes(32),
        wanted: ['ocsp'],
      })
    }

    test('we read that a certificate is good', async () => {
      expect(await ask(good)).toMatchObject({ status: 'good', nonceEchoed: true })
    })

    test('we read that a certificate is revoked', async () => {
      expect(await ask(revoked)).toMatchObject({ status: 'revoked', reason: 'superseded' })
    })

    test('we read that it knows nothing of a certificate', async () => {
      await expect(ask(services.person('Eva Sol'))).rejects.toMatchObject({
        code: 'pki.status_unavailable',
        details: { attempts: [expect.stringContaining('unknown_certificate')] },
      })
    })
  })
})

/** OpenSSL says `ACCEPT [::]:PORT PID=…` once it listens. */
async function listeningPort(child: ChildProcess): Promise<string> {
  if (!child.stdout || !child.stderr) throw new Error('the responder says nothing')
  const problems = text(child.stderr)
  for await (const line of createInterface(child.stdout)) {
    const [, port] = /^ACCEPT \S*:(\d+)/.exec(line) ?? []
    if (port !== undefined) return port
  }
  throw new Error(`the responder did not start: ${await problems}`)
}
