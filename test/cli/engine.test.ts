import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { certificateToPem } from '../../src/cli/pem.ts'
import { buildEncrypted } from '../../src/pdf/testing/encrypted-builder.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts'
import { startTrustServices, type TrustServices } from '../support/trust-services.ts'
import { chancery, type Ended } from './chancery.ts'

/** A process takes a second or two to start, on a busy machine several. */
const MANY_PROCESSES_MS = 90_000
vi.setConfig({ testTimeout: MANY_PROCESSES_MS })

let directory: TemporaryDirectory
let services: TrustServices
let asked: readonly string[]
let byAna: readonly string[]
/** How the steps from a form to an archive ended. */
const journey: Ended[] = []
let demo: Ended
let unlocked: Ended

const plain = buildPdf('table', { form: true })
const file = (name: string): string => join(directory.path, name)
/** No installation: what the commands do with documents needs none. */
const run = (...words: string[]): Promise<Ended> => chancery(words, { CHANCERY_DATA: file('nowhere') })
const has = (tool: string, flag: string): boolean => spawnSync(tool, [flag]).error === undefined

function put(name: string, content: Uint8Array | string): string {
  writeFileSync(file(name), content)
  return file(name)
}

beforeAll(async () => {
  directory = await makeTemporaryDirectory('chancery-engine')
  services = await startTrustServices()
  const ana = services.person('Ana Ruiz')
  const key = put('ana.key', ana.key.export({ type: 'pkcs8', format: 'pem' }))
  const certificate = put('ana.pem', [ana.certificate, ...services.chain].map(certificateToPem).join(''))
  byAna = ['--key', key, '--cert', certificate]
  asked = ['--tsa', services.tsa.url, '--trust', put('root.pem', certificateToPem(services.authority.root.certificate))]
  put('plain.pdf', plain)
  put('locked.pdf', buildEncrypted('table', 'AES-256', { user: 'sésamo' }))
  put('password', 'sésamo\n')
  await makeFiles()
}, MANY_PROCESSES_MS)

async function makeFiles(): Promise<void> {
  const [filled, signed, archived] = [file('filled.pdf'), file('signed.pdf'), file('archived.pdf')]
  const steps = [
    ['fill', file('plain.pdf'), '-o', filled, '--set', 'city=Łódź'],
    ['sign', filled, '-o', signed, '--field', 'Sig_A', '--appearance', 'Ana Ruiz', '--certify', '2', ...byAna],
    ['extend', signed, '-o', archived, '--level', 'B-LTA', ...asked],
  ]
  for (const step of steps) journey.push(await run(...step))
  const root = ['--level', 'B-LTA', '--demo-root', file('demo-root.pem')]
  demo = await run('sign', file('plain.pdf'), '-o', file('demo.pdf'), ...root)
  const opened = ['-o', file('unlocked.pdf'), '--password-file', file('password'), ...byAna]
  unlocked = await run('sign', file('locked.pdf'), ...opened)
}

afterAll(async () => {
  await services.stop()
  await directory.remove()
})

describe('is refused by the program', () => {
  test('when the time-stamp authority is down: 1, a reason, and no file', async () => {
    services.behave('tsa', 'down')
    const ended = await run('sign', file('plain.pdf'), '-o', file('never.pdf'), '--level', 'B-T', ...byAna, ...asked)
    services.behave('tsa')
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^chancery: no authority gave a time-stamp/)
    expect(readdirSync(directory.path).filter((name) => name.startsWith('never'))).toEqual([])
  })

  test('when the command line is wrong: 64 and how to use it', async () => {
    const ended = await run('sign', file('plain.pdf'), '-o', file('never.pdf'), '--level', 'B-9')
    expect(ended).toMatchObject({ exitCode: 64, stdout: '' })
    expect(ended.stderr).toContain('Usage: chancery sign IN ')
  })

  test('when there is nothing to judge: 2', async () => {
    const { exitCode, stdout } = await run('validate', file('plain.pdf'))
    expect([exitCode, stdout.split('\n')[0]]).toEqual([2, 'NO_SIGNATURE'])
    expect(existsSync(file('nowhere'))).toBe(false)
  })
})

describe('from a form to an archive', () => {
  test('the form is filled, signed and extended', () => {
    for (const step of journey) expect(step).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readFileSync(file('archived.pdf')).subarray(0, plain.length).equals(plain)).toBe(true)
  })

  test('what comes out validates without a network', async () => {
    services.forgetRequests()
    const { exitCode, stdout } = await run('validate', file('archived.pdf'), ...asked.slice(2), '--json')
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { indication: 'TOTAL-PASSED', signatures: [{ field: 'Sig_A', format: 'PAdES-B-LTA' }] },
    ])
    expect(Object.values(services.requests).every((count) => count === 0)).toBe(true)
  })
})

test('a demo signature at B-LTA takes neither keys nor a network, says what it is, and is trusted by nobody', async () => {
  expect(demo).toMatchObject({ exitCode: 0, stderr: '' })
  expect(demo.stdout).toContain('This is a demo signature')
  expect((await run('validate', file('demo.pdf'), '--trust', file('demo-root.pem'))).exitCode).toBe(0)
  expect((await run('validate', file('demo.pdf'))).exitCode).toBe(2)
})

test('an encrypted document is signed and judged with its password', async () => {
  expect(unlocked).toMatchObject({ exitCode: 0, stderr: '' })
  const words = ['validate', file('unlocked.pdf'), ...asked.slice(2), '--revocation', 'none']
  expect((await run(...words)).exitCode).toBe(1)
  expect((await run(...words, '--password-file', file('password'))).exitCode).toBe(0)
})

describe('others agree', () => {
  test.skipIf(!has('pdfsig', '-v'))('pdfsig: the signatures are valid', () => {
    for (const name of ['signed.pdf', 'archived.pdf', 'demo.pdf']) {
      const { stdout } = spawnSync('pdfsig', ['-nocert', file(name)], { encoding: 'utf8' })
      expect(stdout).toContain('Signature Validation: Signature is Valid.')
      expect(stdout).not.toContain('Invalid')
    }
  })

  test.skipIf(!has('qpdf', '--version'))('qpdf finds nothing wrong', () => {
    for (const name of ['filled.pdf', 'signed.pdf', 'archived.pdf', 'demo.pdf'])
      expect(spawnSync('qpdf', ['--check', file(name)]).status).toBe(0)
    expect(spawnSync('qpdf', ['--password=sésamo', '--check', file('unlocked.pdf')]).status).toBe(0)
  })
})
