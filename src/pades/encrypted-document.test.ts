import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../test/support/temporary-directory.ts'
import { bytesSource, formFields, openPdf, type PdfDocument, PdfError, readString, readText } from '../pdf/index.ts'
import { buildEncrypted, type VariantName, variantNames } from '../pdf/testing/encrypted-builder.ts'
import { buildPdf, kinds } from '../pdf/testing/pdf-builder.ts'
import { NOW } from '../pki/testing/authority.ts'
import { finish, type PrepareRequest, prepare, type Signer, sign, validate } from './index.ts'
import { signers, trust } from './testing/signing.ts'

const has = (tool: string, flag: string) => spawnSync(tool, [flag]).error === undefined
const hasQpdf = has('qpdf', '--version')
const hasPdfsig = has('pdfsig', '-v')

let folder: TemporaryDirectory
beforeAll(async () => {
  folder = await makeTemporaryDirectory('pades-encrypted')
})
afterAll(() => folder.remove())

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder.path, name)
  writeFileSync(path, bytes)
  return path
}

const open = (bytes: Uint8Array, password?: string): PdfDocument => openPdf(bytesSource(bytes), { password })

async function signedWith(password: string, pdf: Buffer, signer: Signer, request: Partial<PrepareRequest> = {}) {
  const prepared = await prepare(open(pdf, password), { signer: signer.identity, signedAt: NOW, ...request })
  return Buffer.concat([pdf, finish(await sign(prepared, signer))])
}

const REASON = 'Acepto las condiciones ñ €'

/** In a field that is there, then in a new and visible one, by user and owner. */
async function signedTwice(pdf: Buffer, user: string, owner: string): Promise<Buffer> {
  const first = await signedWith(user, pdf, signers.ana, { field: { existing: 'Sig_A' }, reason: REASON })
  return signedWith(owner, first, signers.juan, {
    field: { name: 'Segunda', page: 1, rectangle: [60, 200, 300, 260] },
    appearance: { lines: ['Juan José Pérez López'] },
    location: 'Lima',
    name: 'Juan José',
  })
}

/** Name, reason, location of each signature, as they are read with the password. */
function textsOf(pdf: Buffer, password?: string): unknown {
  const document = open(pdf, password)
  return formFields(document).flatMap(({ name, value }) => {
    const dict = document.dict(value)
    if (!dict?.has('ByteRange')) return []
    const text = (key: string) => {
      const string = readString(dict.get(key) ?? new Uint8Array())
      return string && readText(string)
    }
    return [[name, text('Reason'), text('Location'), text('Name'), text('M')?.slice(0, 4)]]
  })
}

const TEXTS = [
  ['Sig_A', REASON, undefined, undefined, 'D:20'],
  ['Segunda', undefined, 'Lima', 'Juan José', 'D:20'],
]

function pdfsig(path: string, password: string): string {
  return execFileSync('pdfsig', ['-nocert', '-upw', password, path], { encoding: 'utf8' })
}

function valid(said: string): number {
  return said.match(/Signature Validation: Signature is Valid/g)?.length ?? 0
}

describe('a signature is refused', () => {
  test.each<[string, VariantName, number, Partial<PrepareRequest>]>([
    ['in any field, by an author who allows nothing', 'AES-256', -3904, { field: { existing: 'Sig_A' } }],
    ['in a new field, by an author who allows to fill forms', 'AES-256', -3904 | 256, {}],
    ['in a new field, by an author who allows to annotate', 'RC4-128', -3904 | 32, {}],
  ])('%s', async (_, name, permissions, request) => {
    const pdf = buildEncrypted('table', name, { permissions })
    const caught: unknown = await signedWith('', pdf, signers.ana, request).catch((error: unknown) => error)
    expect(caught).toBeInstanceOf(PdfError)
    expect(caught).toMatchObject({ code: 'pdf.permission' })
    const byOwner = await signedWith('owner', pdf, signers.ana, request)
    expect((await validate(bytesSource(byOwner), trust)).indication).toBe('TOTAL-PASSED')
  })

  test('when a byte of an encrypted string is another', async () => {
    const pdf = await signedWith('', buildEncrypted('table', 'RC4-128'), signers.ana, { location: 'Lima' })
    const at = pdf.indexOf('/Location<', 0, 'latin1') + '/Location<'.length
    pdf.write(pdf.toString('latin1', at, at + 1) === '0' ? '1' : '0', at, 'latin1')
    expect((await validate(open(pdf), trust)).indication).toBe('TOTAL-FAILED')
  })
})

describe.each(kinds)('two signatures in an encrypted document of the kind %s', (kind) => {
  test.each(variantNames)('%s', async (name) => {
    const before = buildEncrypted(kind, name, { user: 'secret', owner: 'chief' })
    const pdf = await signedTwice(before, 'secret', 'chief')
    expect(pdf.subarray(0, before.length).equals(before)).toBe(true)
    expect(pdf.toString('latin1', before.length)).not.toMatch(/Juan|Lima|Segunda|D:20/)
    expect(textsOf(pdf, 'secret')).toEqual(TEXTS)
    const report = await validate(open(pdf, 'secret'), trust)
    expect([report.indication, report.signatures.length]).toEqual(['TOTAL-PASSED', 2])
  })

  test.skipIf(!hasPdfsig).each(variantNames)('%s: are valid for pdfsig', async (name) => {
    const before = buildEncrypted(kind, name, { user: 'secret', owner: 'chief' })
    const path = put('signed.pdf', await signedTwice(before, 'secret', 'chief'))
    expect(valid(pdfsig(path, 'secret'))).toBe(2)
  })

  test.skipIf(!hasQpdf).each(variantNames)(
    '%s: leave the file clean for qpdf, which reads their texts',
    async (name) => {
      const before = buildEncrypted(kind, name, { user: 'secret', owner: 'chief' })
      const path = put('signed.pdf', await signedTwice(before, 'secret', 'chief'))
      const { status, stdout } = spawnSync('qpdf', ['--check', '--password=chief', path], { encoding: 'utf8' })
      expect([status, stdout.includes('WARNING')]).toEqual([0, false])
      execFileSync('qpdf', ['--password=secret', '--decrypt', path, join(folder.path, 'plain.pdf')])
      expect(textsOf(readFileSync(join(folder.path, 'plain.pdf')))).toEqual(TEXTS)
    },
  )
})

describe.skipIf(!hasQpdf || !hasPdfsig)('a document that qpdf encrypted', () => {
  const encryptions = [
    ['40'],
    ['128', '--use-aes=n'],
    ['128', '--use-aes=n', '--force-V4'],
    ['128', '--use-aes=y'],
    ['128', '--use-aes=y', '--cleartext-metadata'],
    ['256', '--force-R5'],
    ['256'],
    ['256', '--cleartext-metadata'],
  ]
  const shapes = [[], ['--object-streams=generate'], ['--linearize', '--object-streams=generate']]
  test.each(
    encryptions.flatMap((encryption) =>
      shapes.map((shape) => [encryption.join(' '), shape.join(' '), encryption, shape] as const),
    ),
  )('%s %s holds two signatures', async (_encryption, _shape, encryption, shape) => {
    const out = join(folder.path, 'qpdf.pdf')
    const source = put('in.pdf', buildPdf('table', { form: true }))
    execFileSync('qpdf', ['--allow-weak-crypto', source, ...shape, '--encrypt', '', 'chief', ...encryption, '--', out])
    const path = put('out.pdf', await signedTwice(readFileSync(out), '', 'chief'))
    expect(valid(pdfsig(path, ''))).toBe(2)
    expect(textsOf(readFileSync(path))).toEqual(TEXTS)
    expect((await validate(bytesSource(readFileSync(path)), trust)).indication).toBe('TOTAL-PASSED')
    expect(spawnSync('qpdf', ['--check', path]).status).toBe(0)
  })
})
