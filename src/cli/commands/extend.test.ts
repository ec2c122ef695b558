import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { startTrustServices } from '../../../test/support/trust-services.ts'
import { signDocument } from '../../pades/index.ts'
import { overwritten } from '../../pades/testing/signing.ts'
import { bytesSource } from '../../pdf/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { newAuthority, signerOf } from '../../pki/testing/authority.ts'
import { certificateToPem } from '../pem.ts'
import { collect } from '../testing/collect.ts'
import { filesIn } from '../testing/files-in.ts'
import { commands } from './index.ts'

const directory = await makeTemporaryDirectory('chancery-extend')
afterAll(() => directory.remove())
const { path, put } = filesIn(directory.path)
const services = await startTrustServices()
afterAll(() => services.stop())

const plain = buildPdf('table', { form: true })
const signer = signerOf(services.person('Ana Ruiz'), services.authority)
const tail = await signDocument(bytesSource(plain), { signer, signedAt: new Date() })
const signed = Buffer.concat([plain, tail])

const stranger = newAuthority()
const strange = signerOf(stranger.person('Eva Soto'), stranger)
const withStranger = Buffer.concat([
  signed,
  await signDocument(bytesSource(signed), { signer: strange, signedAt: new Date() }),
])

const files = {
  plain: put('plain.pdf', plain),
  signed: put('signed.pdf', signed),
  withStranger: put('with-stranger.pdf', withStranger),
  tampered: put('tampered.pdf', overwritten(signed, '(Page 1)', '(Page 7)')),
  taken: put('taken.pdf', 'somebody else wrote this'),
  root: put('root.pem', certificateToPem(services.authority.root.certificate)),
  other: put('other.pem', certificateToPem(newAuthority().root.certificate)),
}

const out = path('out.pdf')
const extended = (...words: string[]) => collect(commands, ['extend', ...words])
const asked = ['--tsa', services.tsa.url, '--trust', files.root]

describe('leaves no file', () => {
  test.each([
    ['without a level', [files.signed, '-o', out, ...asked], /--level is missing/],
    ['at a level that every signature has', [files.signed, '-o', out, '--level', 'B-B', ...asked], /--level is one of/],
    ['without anybody who gives time-stamps', [files.signed, '-o', out, '--level', 'B-T'], /--tsa is missing/],
    [
      'without anybody to trust',
      [files.signed, '-o', out, '--level', 'B-LTA', '--tsa', services.tsa.url],
      /--trust is missing/,
    ],
  ])('%s, which is a wrong command line', async (_name, words, sentence) => {
    const { exitCode, stderr } = await extended(...words)
    expect(exitCode).toBe(64)
    expect(stderr).toMatch(sentence)
    expect(existsSync(out)).toBe(false)
  })

  test.each([
    ['a document without a signature', [files.plain, '-o', out, ...asked], 'pades.unsigned'],
    ['a document whose signature is broken', [files.tampered, '-o', out, ...asked], 'extend.broken'],
    ['a signature of a stranger', [files.withStranger, '-o', out, ...asked], 'pades.no_chain'],
    ['a signature that is not there', [files.signed, '-o', out, '--field', 'X', ...asked], 'pades.field_unknown'],
    ['an output that exists', [files.signed, '-o', files.taken, ...asked], 'output.exists'],
    [
      'time-stamps of a stranger',
      [files.signed, '-o', out, '--tsa', services.tsa.url, '--trust', files.other],
      'pki.timestamp_unavailable',
    ],
  ])('for %s, which is refused', async (_name, words, code) => {
    const { exitCode, stdout } = await extended(...words, '--level', 'B-LTA', '--json')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, code])
    expect(existsSync(out)).toBe(false)
  })

  test('where nobody answers for the signer', async () => {
    services.behave('ocsp/issuing', 'down')
    services.behave('crl/issuing', 'down')
    const { exitCode, stdout } = await extended(files.signed, '-o', out, '--level', 'B-LT', '--json', ...asked)
    services.behave('ocsp/issuing')
    services.behave('crl/issuing')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, 'pki.status_unavailable'])
    expect(existsSync(out)).toBe(false)
  })
})

describe('extends', () => {
  test.each(['B-T', 'B-LT', 'B-LTA'])('to %s, and the result validates offline from B-LT on', async (level) => {
    const file = path(`${level}.pdf`)
    const { exitCode, stdout } = await extended(files.signed, '-o', file, '--level', level, '--json', ...asked)
    expect([exitCode, JSON.parse(stdout).signatures]).toMatchObject([0, [{ level: `PAdES-${level}` }]])
    expect(readFileSync(file).subarray(0, signed.length).equals(signed)).toBe(true)
    const judged = await collect(commands, ['validate', file, '--trust', files.root, '--json'])
    expect(judged.exitCode).toBe(level === 'B-T' ? 2 : 0)
  })

  test('the signatures that are named, beside that of a stranger', async () => {
    const words = [files.withStranger, '-o', path('named.pdf'), '--level', 'B-LTA', '--field', 'Signature1', '--json']
    const { exitCode, stdout } = await extended(...words, ...asked)
    expect([exitCode, JSON.parse(stdout).signatures]).toMatchObject([
      0,
      [{ field: 'Signature1', level: 'PAdES-B-LTA' }],
    ])
  })

  test('nothing where nothing is missing: the copy is the original', async () => {
    const [once, again] = [path('once.pdf'), path('again.pdf')]
    await extended(files.signed, '-o', once, '--level', 'B-T', ...asked)
    const { exitCode, stdout } = await extended(once, '-o', again, '--level', 'B-T', ...asked)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Nothing was missing')
    expect(readFileSync(again).equals(readFileSync(once))).toBe(true)
  })

  test('what lacks only answers about revocation validates when they are asked for', async () => {
    const words = ['validate', path('B-T.pdf'), '--trust', files.root, '--online']
    expect((await collect(commands, words)).exitCode).toBe(0)
  })
})
