import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { appended, authority, overwritten, signed, signers } from '../../pades/testing/signing.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { newAuthority } from '../../pki/testing/authority.ts'
import { openFileSource } from '../file-source.ts'
import { certificateToPem } from '../pem.ts'
import { collect } from '../testing/collect.ts'
import { commands } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'chancery-validate-'))
afterAll(() => {
  if (dirname(folder) === tmpdir()) rmSync(folder, { recursive: true })
})

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

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

describe('does not say yes', () => {
  test.each([
    ['no signature', files.plain, root, 'NO_SIGNATURE'],
    ['a changed byte', files.tampered, root, 'TOTAL-FAILED'],
    ['a page that was replaced later', files.overlaid, root, 'TOTAL-FAILED'],
    ['a root that nobody trusts', files.once, other, 'INDETERMINATE'],
  ])('to %s', async (_name, file, anchor, indication) => {
    const { exitCode, stdout } = await collect(commands, ['validate', file, '--root', anchor, '--json'])
    expect([exitCode, JSON.parse(stdout).indication]).toEqual([1, indication])
  })

  test('where nothing is trusted, and tells what to do', async () => {
    const { exitCode, stdout } = await collect(commands, ['validate', files.once])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^INDETERMINATE\nNothing is trusted: name a root with --root/)
  })

  test.each([files.text, files.empty])('to %s, which is no PDF', async (file) => {
    const { exitCode, stdout } = await collect(commands, ['validate', file, '--root', root, '--json'])
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, 'pdf.not_a_pdf'])
  })

  test('to a root that is no certificate', async () => {
    const { exitCode, stderr } = await collect(commands, ['validate', files.once, '--root', files.text])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('text.pdf holds no certificate in PEM or DER')
  })
})

describe('says yes', () => {
  test.each([
    ['PEM', root],
    ['DER', put('root.cer', authority.root.certificate)],
    [
      'PEM among others',
      put(
        'both.pem',
        `${certificateToPem(newAuthority().root.certificate)}\nnote\n${certificateToPem(authority.root.certificate)}`,
      ),
    ],
  ])('to a signature under a root in %s', async (_name, anchor) => {
    const { exitCode, stdout } = await collect(commands, ['validate', files.once, '--root', anchor])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^TOTAL-PASSED\n/)
    expect(stdout).toMatch(/^ {2}not checked +revocation$/m)
  })

  test('to both of two signatures, and tells what came after the first', async () => {
    const { exitCode, stdout } = await collect(commands, ['validate', files.twice, '--root', root, '--json'])
    const { signatures } = JSON.parse(stdout)
    expect([exitCode, signatures.length]).toEqual([0, 2])
    expect(signatures[0]).toMatchObject({ coverage: 'whole_revision', changes: [[{ kind: 'signature' }]] })
    expect(signatures[1]).toMatchObject({ coverage: 'whole_document', changes: [] })
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
    expect(() => source.read(0, 100)).toThrow(/changed while it was read/)
    source.close()
  })
})
