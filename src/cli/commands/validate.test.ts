import { truncateSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { appended, authority, overwritten, signed, signers } from '../../pades/testing/signing.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { NOW, newAuthority } from '../../pki/testing/authority.ts'
import { openFileSource } from '../file-source.ts'
import { certificateToPem } from '../pem.ts'
import { collect } from '../testing/collect.ts'
import { filesIn } from '../testing/files-in.ts'
import { commands } from './index.ts'

const directory = await makeTemporaryDirectory('chancery-validate')
afterAll(() => directory.remove())
const { put } = filesIn(directory.path)

const plain = buildPdf('table', { form: true })
const once = await signed(plain, signers.ana, { field: { existing: 'Sig_A' } })
const twice = await signed(once, signers.eva)
const root = put('root.pem', certificateToPem(authority.root.certificate))
const other = put('other.pem', certificateToPem(newAuthority().root.certificate))

const files = {
  plain: put('plain.pdf', plain),
  once: put('once.pdf', once),
  twice: put('twice.pdf', twice),
  tampered: put('tampered.pdf', overwritten(once, '(Page 1)', '(Page 7)')),
  overlaid: put('overlaid.pdf', appended(once, { 11: '<</Length 0>>stream\n\nendstream' })),
  text: put('text.pdf', 'no PDF at all'),
  empty: put('empty.pdf', ''),
}

const AT_THAT_TIME = ['--revocation', 'none', '--time', NOW.toISOString()]
const validated = (...words: string[]) => collect(commands, ['validate', ...words])

describe('does not say yes', () => {
  test.each([
    ['no signature', files.plain, root, 2, 'NO_SIGNATURE'],
    ['a changed byte', files.tampered, root, 1, 'TOTAL-FAILED'],
    ['a page that was replaced later', files.overlaid, root, 1, 'TOTAL-FAILED'],
    ['a root that nobody trusts', files.once, other, 2, 'INDETERMINATE'],
  ])('to %s', async (_name, file, anchor, code, indication) => {
    const { exitCode, stdout } = await validated(file, '--trust', anchor, '--json', ...AT_THAT_TIME)
    expect([exitCode, JSON.parse(stdout).indication]).toEqual([code, indication])
  })

  test('where nothing is known about revocation', async () => {
    const { exitCode, stdout } = await validated(files.once, '--trust', root, '--json', '--time', NOW.toISOString())
    expect([exitCode, JSON.parse(stdout).signatures[0].subIndication]).toEqual([2, 'TRY_LATER'])
  })

  test('where nothing is trusted, and tells what to do', async () => {
    const { exitCode, stdout } = await validated(files.once)
    expect(exitCode).toBe(2)
    expect(stdout).toMatch(/^INDETERMINATE\nNothing is trusted: name a root with --trust/)
  })

  test('after the certificate expired, unless the moment of signing is asked for', async () => {
    const words = [files.once, '--trust', root, '--revocation', 'none', '--time']
    expect((await validated(...words, '2039-01-01')).exitCode).toBe(2)
    expect((await validated(...words, '2026-11-20T13:00:00+01:00')).exitCode).toBe(0)
  })

  test.each([files.text, files.empty])('to %s, which is no PDF', async (file) => {
    const { exitCode, stdout } = await validated(file, '--trust', root, '--json')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, 'pdf.not_a_pdf'])
  })
})

describe('a command line that cannot be followed ends with 64', () => {
  test.each([
    [[], /FILE is missing/],
    [['/nowhere/a.pdf'], /There is no file/],
    [['/'], /is not a file/],
    [[files.once, '--trust', files.text], /text.pdf holds no certificate in PEM or DER/],
    [[files.once, '--trust', '/nowhere/root.pem'], /There is no file/],
    [[files.once, '--time', 'yesterday'], /--time is a moment such as/],
    [[files.once, '--time', '2026-02-31T00:00:00'], /--time is a moment such as/],
    [[files.once, '--revocation', 'maybe'], /--revocation is one of: require, none/],
    [[files.once, '--xml', '--text'], /exclude each other/],
    [[files.once, '--password-file', '/nowhere/secret'], /There is no file/],
    [[files.once, '--password-file', files.empty], /holds no password/],
  ])('%j', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await validated(...words)
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
    expect(stderr).toMatch(sentence)
  })
})

describe('says yes', () => {
  test.each([
    ['PEM', '--trust', root],
    ['PEM, by its other name', '--root', root],
    ['DER', '--trust', put('root.cer', authority.root.certificate)],
    [
      'PEM among others',
      '--trust',
      put(
        'both.pem',
        `${certificateToPem(newAuthority().root.certificate)}\nnote\n${certificateToPem(authority.root.certificate)}`,
      ),
    ],
  ])('to a signature under a root in %s', async (_name, option, anchor) => {
    const { exitCode, stdout } = await validated(files.once, option, anchor, ...AT_THAT_TIME)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^TOTAL-PASSED\n/)
    expect(stdout).toMatch(/^ {2}Not checked: revocation$/m)
  })

  test('to both of two signatures, and tells what came after the first', async () => {
    const { exitCode, stdout } = await validated(files.twice, '--trust', root, '--json', ...AT_THAT_TIME)
    const { signatures } = JSON.parse(stdout)
    expect([exitCode, signatures.length]).toEqual([0, 2])
    expect(signatures[0]).toMatchObject({ coverage: 'whole_revision', changes: [[{ kind: 'signature' }]] })
    expect(signatures[1]).toMatchObject({ coverage: 'whole_document', changes: [] })
  })

  test('in the form of ETSI TS 119 102-2, with the name of the file', async () => {
    const { exitCode, stdout } = await validated(files.once, '--trust', root, '--xml', ...AT_THAT_TIME)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^<\?xml .*<ValidationReport xmlns="http:\/\/uri\.etsi\.org\/19102\/v1\.4\.1#"/s)
    expect(stdout).toContain('urn:etsi:019102:mainindication:total-passed')
    expect(stdout).toContain('once.pdf')
  })
})

describe('a document on the disk', () => {
  test('is read at its end and beyond as one in memory is', () => {
    const source = openFileSource(files.text)
    expect(Buffer.from(source.read(3, 3)).toString()).toBe('PDF')
    expect(Buffer.from(source.read(10, 2048)).toString()).toBe('all')
    expect(source.read(5000, 10)).toHaveLength(0)
    source.close()
  })

  test('that becomes shorter is refused, not filled up with zeros', () => {
    const path = put('shrinking.pdf', 'x'.repeat(100))
    const source = openFileSource(path)
    truncateSync(path, 10)
    expect(() => source.read(0, 100)).toThrow(/became shorter/)
    source.close()
  })
})
