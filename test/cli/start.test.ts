import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts'
import { chancery, type Running, startChancery } from './chancery.ts'

type Started = {
  address: string
  dataDirectory: string
  firstTenant?: { tenantId: string; clientId: string; clientSecret: string }
}

let directory: TemporaryDirectory
let server: Running
let started: Started
let settings: Record<string, string>

/** The document that a started server prints, as soon as it is whole. */
async function documentOf(running: Running): Promise<Started> {
  const until = Date.now() + 20_000
  while (Date.now() < until) {
    if (running.stdout().endsWith('\n}\n')) return JSON.parse(running.stdout())
    if (running.child.exitCode !== null) break
    await sleep(20)
  }
  throw new Error(`the server did not start: ${(await running.ended).stderr}`)
}

beforeAll(async () => {
  directory = await makeTemporaryDirectory('chancery-cli')
  settings = { CHANCERY_DATA: join(directory.path, 'data'), CHANCERY_PORT: '0' }
  server = startChancery(['start', '--json'], settings)
  started = await documentOf(server)
})

afterAll(async () => {
  server.child.kill('SIGKILL')
  await server.ended
  await directory.remove()
})

/** The answer to a call that needs the token of the first company. */
async function tokenStatus(clientSecret: string): Promise<number> {
  const credentials = Buffer.from(`${started.firstTenant?.clientId}:${clientSecret}`).toString('base64')
  const { status } = await fetch(`${started.address}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  return status
}

describe('beside a running server', () => {
  test('a second server on the same data is refused with a sentence', async () => {
    const { exitCode, stdout } = await chancery(['start', '--json'], settings)
    expect(exitCode).toBe(3)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'database.server_running', message: expect.stringMatching(/^Another server already uses/) },
    })
  })

  test('a taken port is refused with a sentence', async () => {
    const port = new URL(started.address).port
    const elsewhere = { CHANCERY_DATA: join(directory.path, 'elsewhere'), CHANCERY_PORT: port }
    const { exitCode, stderr } = await chancery(['start'], elsewhere)
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/^chancery: The port is taken .* set CHANCERY_PORT\.$/m)
  })

  test('the first company got credentials that work, and a new secret ends the old one', async () => {
    const { clientId = '', clientSecret = '' } = started.firstTenant ?? {}
    expect(await tokenStatus(clientSecret)).toBe(200)
    const { exitCode, stdout } = await chancery(['client', 'rotate-secret', clientId, '--json'], settings)
    expect(exitCode).toBe(0)
    expect(await tokenStatus(clientSecret)).toBe(401)
    expect(await tokenStatus(JSON.parse(stdout).clientSecret)).toBe(200)
  })

  test('a company can be made and is listed', async () => {
    const made = await chancery(['tenant', 'create', '--name', 'Acme', '--mode', 'live', '--json'], settings)
    expect(made.exitCode).toBe(0)
    const { stdout } = await chancery(['tenant', 'list', '--json'], settings)
    expect(JSON.parse(stdout).tenants).toMatchObject([
      { id: started.firstTenant?.tenantId, mode: 'sandbox' },
      { id: JSON.parse(made.stdout).tenant.id, name: 'Acme', mode: 'live' },
    ])
  })

  test('doctor names a master key that others can read, and is content with one that they cannot', async () => {
    const key = join(started.dataDirectory, 'master.key')
    await chmod(key, 0o644)
    const sick = await chancery(['doctor'], settings)
    await chmod(key, 0o600)
    expect(sick.exitCode).toBe(1)
    expect(sick.stdout).toMatch(/^fail {2}master key .*chmod 600/m)
    const { exitCode, stdout } = await chancery(['doctor', '--json'], settings)
    expect(JSON.parse(stdout).findings.filter(({ result }: { result: string }) => result === 'fail')).toEqual([])
    expect(exitCode).toBe(0)
  })
})

test('SIGTERM ends the server cleanly, and its database with it', async () => {
  server.child.kill('SIGTERM')
  const { exitCode } = await server.ended
  expect(exitCode).toBe(0)
  const cluster = await readdir(join(started.dataDirectory, 'postgres', 'data'))
  expect(cluster).not.toContain('postmaster.pid')
})
