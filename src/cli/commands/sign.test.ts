import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { startTrustServices } from '../../../test/support/trust-services.ts'
import { bytesSource, formFields, listFields, openPdf, writeText } from '../../pdf/index.ts'
import { damages } from '../../pdf/testing/damage.ts'
import { buildEncrypted } from '../../pdf/testing/encrypted-builder.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import type { Holder } from '../../pki/testing/authority.ts'
import { certificateToPem } from '../pem.ts'
import { collect } from '../testing/collect.ts'
import { filesIn } from '../testing/files-in.ts'
import { commands } from './index.ts'

const directory = await makeTemporaryDirectory('chancery-sign')
afterAll(() => directory.remove())
const { path, put, names } = filesIn(directory.path)
const services = await startTrustServices()
afterAll(() => services.stop())

const signed = (...words: string[]) => collect(commands, ['sign', ...words])

function keyFile(name: string, { key }: Holder, passphrase?: string): string {
  const locked = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return put(name, key.export({ type: 'pkcs8', format: 'pem', ...locked }) as string)
}

const plain = buildPdf('table', { form: true })
const ana = services.person('Ana Ruiz')
const juan = services.person('Juan Pérez', 'RSA-2048')
const late = services.person('Eva Soto', 'P-256', { notAfter: new Date('2026-02-01T00:00:00Z') })
const [issuing = new Uint8Array()] = services.chain

const files = {
  plain: put('plain.pdf', plain),
  locked: put('locked.pdf', buildEncrypted('table', 'AES-256', { user: 'open sesame' })),
  damaged: put('damaged.pdf', damages['startxref is missing'](plain)),
  taken: put('taken.pdf', 'somebody else wrote this'),
  text: put('text.pdf', 'no PDF at all'),
  password: put('password', 'open sesame\n'),
  wrong: put('wrong', 'guess\n'),
  root: put('root.pem', certificateToPem(services.authority.root.certificate)),
  chain: put('chain.pem', certificateToPem(issuing)),
  key: keyFile('ana.key', ana),
  lockedKey: keyFile('ana-locked.key', ana, 'open sesame'),
  cert: put('ana.pem', certificateToPem(ana.certificate)),
  juanKey: keyFile('juan.key', juan),
  juanCert: put('juan.pem', certificateToPem(juan.certificate)),
  lateKey: keyFile('late.key', late),
  lateCert: put('late.pem', certificateToPem(late.certificate)),
}

const byAna = ['--key', files.key, '--cert', files.cert, '--chain', files.chain]
const out = path('out.pdf')

describe('a command line that cannot be followed ends with 64 and leaves no file', () => {
  test.each([
    [[], /IN is missing/],
    [[files.plain], /either --out OUT, or --in-place/],
    [[files.plain, '-o', out, '--in-place'], /either --out OUT, or --in-place/],
    [[files.plain, '-o', '-'], /not written to the standard output/],
    [[files.plain, '-o', path('nowhere/out.pdf')], /There is no folder/],
    [['/nowhere/a.pdf', '-o', out], /There is no file/],
    [[files.plain, '-o', out, '--level', 'B-X'], /--level is one of: B-B, B-T, B-LT, B-LTA/],
    [[files.plain, '-o', out, '--certify', '4'], /--certify is one of: 1, 2, 3/],
    [[files.plain, '-o', out, '--lock', 'some'], /--lock is all, or include:NAME/],
    [[files.plain, '-o', out, '--lock', 'include:a', '--lock', 'exclude:b'], /--lock is all, or include:NAME/],
    [[files.plain, '-o', out, '--rect', '1,2,3'], /--rect/],
    [[files.plain, '-o', out, '--rect', '1,2,3,x', '--appearance', 'Ana'], /--rect has four numbers/],
    [[files.plain, '-o', out, '--rect', '1,2,30,40'], /add --appearance/],
    [[files.plain, '-o', out, '--appearance', 'Ana'], /--appearance needs a place/],
    [[files.plain, '-o', out, '--page', '0'], /--page is a whole number/],
    [[files.plain, '-o', out, '--field', 'Sig_A', '--page', '1'], /--field names a field that is there/],
    [[files.plain, '-o', out, '--field', 'Sig_A', '--appearance', `@${files.text}`], /no PNG, no JPEG and no JSON/],
    [[files.plain, '-o', out, '--algorithm', 'md5'], /--algorithm is one of/],
    [[files.plain, '-o', out, '--key', files.key], /--key and --cert belong together/],
    [[files.plain, '-o', out, '--chain', files.chain], /belong to a --key/],
    [[files.plain, '-o', out, '--demo-root', path('root'), ...byAna], /--demo-root is for the demo signer/],
    [[files.plain, '-o', out, '--key', files.text, '--cert', files.cert], /holds no private key/],
    [[files.plain, '-o', out, '--key', files.lockedKey, '--cert', files.cert], /is locked/],
    [
      [files.plain, '-o', out, '--key', files.lockedKey, '--cert', files.cert, '--passphrase-file', files.wrong],
      /does not open with this passphrase/,
    ],
    [[files.plain, '-o', out, '--level', 'B-T', ...byAna], /--tsa is missing/],
    [[files.plain, '-o', out, '--level', 'B-LT', '--tsa', services.tsa.url, ...byAna], /--trust is missing/],
    [[files.plain, '-o', out, '--level', 'B-T', '--tsa', 'ftp://a', ...byAna], /--tsa is an address/],
  ])('%j', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await signed(...words)
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(existsSync(out)).toBe(false)
  })
})

describe('is refused, ends with 1 and leaves no file', () => {
  const toB = (file: string, ...words: string[]) => [file, '-o', out, ...words]
  test.each([
    ['a file that is no PDF', toB(files.text), 'pdf.not_a_pdf'],
    ['a damaged file, unless it may be mended', toB(files.damaged), 'pdf.damaged'],
    ['a locked file without its password', toB(files.locked), 'pdf.password_needed'],
    ['a wrong password', toB(files.locked, '--password-file', files.wrong), 'pdf.password_needed'],
    ['a place for the demo root that is taken', toB(files.plain, '--demo-root', files.taken), 'output.exists'],
    ['a field that is not there', toB(files.plain, '--field', 'Sig_Z'), 'pades.field_unknown'],
    ['a name that is taken', toB(files.plain, '--new-field', 'city'), 'pades.field_taken'],
    ['a page that is not there', toB(files.plain, '--page', '9'), 'pdf.not_found'],
    [
      'a key that is not the one of the certificate',
      toB(files.plain, '--key', files.juanKey, '--cert', files.cert, '--algorithm', 'ecdsa-sha256'),
      'pades.wrong_signature',
    ],
    ['an algorithm that is not for the key', toB(files.plain, ...byAna, '--algorithm', 'rsa-sha256'), 'pki.algorithm'],
    [
      'a certificate that expired',
      toB(files.plain, '--key', files.lateKey, '--cert', files.lateCert),
      'sign.certificate_not_valid',
    ],
  ])('%s', async (_name, words, code) => {
    const { exitCode, stdout } = await signed(...words, '--json')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, code])
    expect(names().filter((name) => name.startsWith('out'))).toEqual([])
  })

  test('an output that exists, which stays as it is unless --force is given', async () => {
    const { exitCode, stderr } = await signed(files.plain, '-o', files.taken)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('taken.pdf exists')
    expect(readFileSync(files.taken, 'utf8')).toBe('somebody else wrote this')
    expect((await signed(files.plain, '-o', files.taken, '--force')).exitCode).toBe(0)
    expect(readFileSync(files.taken).subarray(0, plain.length).equals(plain)).toBe(true)
  })

  test('a time-stamp authority that is down, naming what each attempt met', async () => {
    services.behave('tsa', 'down')
    const words = ['--level', 'B-T', '--tsa', services.tsa.url, ...byAna]
    const { exitCode, stderr } = await signed(files.plain, '-o', out, ...words)
    services.behave('tsa')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/no authority gave a time-stamp .*\n {2}attempts: 127\.0\.0\.1:\d+: /)
    expect(existsSync(out)).toBe(false)
  })

  test('a level that is not reached, as nobody answers for the certificate', async () => {
    services.behave('ocsp/issuing', 'unknown')
    services.behave('crl/issuing', 'error')
    const words = ['--level', 'B-LT', '--tsa', services.tsa.url, '--trust', files.root, ...byAna]
    const { exitCode, stdout } = await signed(files.plain, '-o', out, ...words, '--json')
    services.behave('ocsp/issuing')
    services.behave('crl/issuing')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, 'pki.status_unavailable'])
    expect(existsSync(out)).toBe(false)
  })
})

const FINE = { exitCode: 0, stderr: '' }

describe('signs', () => {
  test.each(['B-B', 'B-T', 'B-LT', 'B-LTA'])('with a key of one’s own at %s', async (level) => {
    const file = path(`own-${level}.pdf`)
    const asked = level === 'B-B' ? [] : ['--tsa', services.tsa.url, '--trust', files.root]
    const { exitCode, stdout } = await signed(files.plain, '-o', file, '--level', level, '--json', ...asked, ...byAna)
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { level: `PAdES-${level}`, isDemo: false }])
    expect(readFileSync(file).subarray(0, plain.length).equals(plain)).toBe(true)
  })

  test.each(['B-B', 'B-LTA'])('as a demo at %s without asking anybody, and says that it is one', async (level) => {
    services.forgetRequests()
    const [file, root] = [path(`demo-${level}.pdf`), path(`demo-${level}.pem`)]
    const { stdout, ...ended } = await signed(files.plain, '-o', file, '--level', level, '--demo-root', root)
    expect(ended).toEqual(FINE)
    expect(stdout).toContain(`PAdES-${level}`)
    expect(stdout).toMatch(/demo signature: .* not a qualified one, and nobody trusts it/)
    expect(new X509Certificate(readFileSync(root)).subject).toContain('demo authority (not qualified)')
    expect(Object.values(services.requests).every((count) => count === 0)).toBe(true)
    const words = [file, '--trust', root, '--json', ...(level === 'B-B' ? ['--revocation', 'none'] : [])]
    const judged = await collect(commands, ['validate', ...words])
    expect([judged.exitCode, JSON.parse(judged.stdout).indication]).toEqual([0, 'TOTAL-PASSED'])
  })

  test('as a demo with the time-stamp of an authority that was named, if that one is trusted', async () => {
    const words = [files.plain, '-o', path('demo-tsa.pdf'), '--level', 'B-LT', '--tsa', services.tsa.url]
    const { exitCode, stdout } = await signed(...words, '--json')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, 'pki.timestamp_unavailable'])
    expect(await signed(...words, '--trust', files.root)).toMatchObject(FINE)
  })

  test('with a time-stamp of whoever it is when nobody is to be trusted, and says so', async () => {
    const words = [files.plain, '-o', path('stranger.pdf'), '--level', 'B-T', '--tsa', services.tsa.url, ...byAna]
    const { stdout, ...ended } = await signed(...words)
    expect(ended).toEqual(FINE)
    expect(stdout).toContain('Without --trust nobody looked')
  })

  test('with a locked key, another algorithm and the words that were given', async () => {
    const secret = ['--key', files.lockedKey, '--cert', files.cert, '--passphrase-file', files.password]
    const words = [files.plain, '-o', path('locked-key.pdf'), ...secret, '--reason', 'I agree']
    expect(await signed(...words)).toMatchObject(FINE)
    const rsa = ['--key', files.juanKey, '--cert', files.juanCert, '--algorithm', 'rsa-pss-sha256']
    expect(await signed(files.plain, '-o', path('pss.pdf'), ...rsa)).toMatchObject(FINE)
    expect(readFileSync(path('locked-key.pdf'), 'latin1')).toContain(writeText('I agree'))
  })

  test('an encrypted document with its password, and a damaged one that may be mended', async () => {
    const words = ['-o', path('opened.pdf'), '--password-file', files.password]
    expect(await signed(files.locked, ...words)).toMatchObject(FINE)
    const { exitCode, stderr } = await signed(files.damaged, '-o', path('mended.pdf'), '--repair')
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^mended: /)
  })

  test('into the file itself', async () => {
    const file = put('in-place.pdf', plain)
    expect(await signed(file, '--in-place')).toMatchObject(FINE)
    expect(readFileSync(file).length).toBeGreaterThan(plain.length)
  })

  test('visibly, with text and strokes, in a new field of a page', async () => {
    const strokes = put(
      'strokes.json',
      JSON.stringify([
        [
          { x: 0, y: 0 },
          { x: 10, y: 5, pressure: 0.8 },
        ],
      ]),
    )
    const file = path('visible.pdf')
    const place = ['--new-field', 'Here', '--page', '2', '--rect', '50,50,250,110']
    const shown = ['--appearance', 'Ана Руис', '--appearance', '@@ana', '--appearance', `@${strokes}`]
    expect(await signed(files.plain, '-o', file, ...place, ...shown)).toMatchObject(FINE)
    const fields = listFields(openPdf(bytesSource(readFileSync(file))))
    expect(fields.find(({ name }) => name === 'Here')?.places).toEqual([{ page: 1, rectangle: [50, 50, 250, 110] }])
  })

  test('in a field that is there, certifying and locking', async () => {
    const file = path('certified.pdf')
    const terms = ['--field', 'Sig_A', '--certify', '2', '--lock', 'include:city']
    expect(await signed(files.plain, '-o', file, ...terms)).toMatchObject(FINE)
    const field = formFields(openPdf(bytesSource(readFileSync(file)))).find(({ name }) => name === 'Sig_A')
    expect(field?.value).toBeDefined()
    const filled = await collect(commands, ['fill', file, '-o', out, '--set', 'city=Cusco', '--json'])
    expect([filled.exitCode, JSON.parse(filled.stdout).error]).toMatchObject([1, { code: 'pades.field_locked' }])
  })
})
