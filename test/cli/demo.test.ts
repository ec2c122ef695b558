import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts'
import { chancery, type Ended } from './chancery.ts'

const DEMO_MS = 60_000

let directory: TemporaryDirectory
let ended: Ended
/** What lay beside the demo's folder when it had ended. */
let left: readonly string[]

beforeAll(async () => {
  directory = await makeTemporaryDirectory('chancery-demo-test')
  // A wrong setting of another installation must not reach the demo; its own temporary files are counted below.
  ended = await chancery(['demo', '--json', '--out', file('demo')], {
    DATABASE_URL: 'postgres://nowhere',
    TMPDIR: file(''),
  })
  left = readdirSync(directory.path)
}, DEMO_MS)

afterAll(() => directory.remove())

const file = (...names: string[]): string => join(directory.path, ...names)
const has = (tool: string, flag: string): boolean => spawnSync(tool, [flag]).error === undefined

function put(name: string, bytes: Buffer): string {
  writeFileSync(file(name), bytes)
  return file(name)
}

function tool(name: string, ...args: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' })
  return { status, said: stdout + stderr }
}

test('the demo ends well: every check holds', () => {
  const summary = JSON.parse(ended.stdout)
  const failed = summary.checks.filter(({ result }: { result: string }) => result === 'failed')
  expect({ exitCode: ended.exitCode, failed, stderr: ended.stderr }).toEqual({ exitCode: 0, failed: [], stderr: '' })
  expect(JSON.parse(readFileSync(file('demo', 'summary.json'), 'utf8'))).toEqual(summary)
})

test('it leaves its files and nothing else', () => {
  const names = ['certificate.pem', 'issuing.pem', 'root.pem', 'signed-twice.pdf', 'signed.pdf', 'summary.json']
  expect(readdirSync(file('demo')).sort()).toEqual(names)
  expect(left).toEqual(['demo'])
})

test('the person’s certificate leads to the root', () => {
  const [person, issuing, root] = ['certificate.pem', 'issuing.pem', 'root.pem'].map(
    (name) => new X509Certificate(readFileSync(file('demo', name))),
  )
  expect(person?.subject).toContain('CN=Juan José Pérez López')
  expect(issuing && person?.checkIssued(issuing) && person.verify(issuing.publicKey)).toBe(true)
  expect(root && issuing?.checkIssued(root) && issuing.verify(root.publicKey)).toBe(true)
})

test('validate agrees, with the root that the demo left', async () => {
  const trust = ['--trust', file('demo', 'root.pem'), '--revocation', 'none']
  const validated = await chancery(['validate', file('demo', 'signed-twice.pdf'), ...trust])
  expect(validated.exitCode).toBe(0)
})

test.skipIf(!has('pdfsig', '-v'))('pdfsig: the signature is valid and covers the whole document', () => {
  const { said } = tool('pdfsig', '-nocert', file('demo', 'signed.pdf'))
  expect(said).toContain('Signature Validation: Signature is Valid.')
  expect(said).toContain('Total document signed')
})

test.skipIf(!has('qpdf', '--version'))('qpdf finds nothing wrong', () => {
  for (const name of ['signed.pdf', 'signed-twice.pdf'])
    expect(tool('qpdf', '--check', file('demo', name))).toMatchObject({ status: 0 })
})

test.skipIf(!has('openssl', 'version'))('openssl verifies the container that stands in the file', () => {
  const pdf = readFileSync(file('demo', 'signed.pdf'))
  const [, end = 0, start = 0] = /\/ByteRange\s*\[0 (\d+) (\d+) /.exec(pdf.toString('latin1'))?.map(Number) ?? []
  const padded = Buffer.from(pdf.subarray(end + 1, start - 1).toString('latin1'), 'hex')
  const container = put('container.der', padded.subarray(0, padded.readUInt16BE(2) + 4))
  const content = put('content', Buffer.concat([pdf.subarray(0, end), pdf.subarray(start)]))
  const input = ['-binary', '-inform', 'DER', '-in', container, '-content', content, '-out', '/dev/null']
  const verified = tool('openssl', 'cms', '-verify', ...input, '-purpose', 'any', '-CAfile', file('demo', 'root.pem'))
  expect(verified).toMatchObject({ status: 0 })
})
