import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { openPdf } from '../open-pdf.ts'
import { RevisionWriter } from '../revision-writer.ts'
import { bytesSource } from '../source.ts'
import { readString } from '../string-value.ts'
import { buildEncrypted, variantNames } from '../testing/encrypted-builder.ts'
import { buildPdf, kinds } from '../testing/pdf-builder.ts'
import { latin1, NULL, readRef } from '../values.ts'

const has = (tool: string, flag: string) => spawnSync(tool, [flag]).error === undefined
const hasQpdf = has('qpdf', '--version')
const hasPdftotext = has('pdftotext', '-v')

let folder: TemporaryDirectory
beforeAll(async () => {
  folder = await makeTemporaryDirectory('pdf-encryption-judges')
})
afterAll(() => folder.remove())

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder.path, name)
  writeFileSync(path, bytes)
  return path
}

const at = (number: number) => ({ number, generation: 0 })

/** The field by its name and the page by its place, whatever numbers they were given. */
function placesIn(bytes: Uint8Array, password?: string) {
  const document = openPdf(bytesSource(bytes), { password })
  for (let number = 1; number < document.firstFreeNumber; number++) {
    const dict = document.dict(at(number))
    const name = readString(dict?.get('T') ?? NULL)?.toString()
    if (name === 'city') return { document, field: at(number), value: readString(dict?.get('V') ?? NULL)?.toString() }
  }
  throw new Error('the field is not there')
}

/** Adds a revision with a string that was read, a string that is new, and a stream. */
function revised(bytes: Buffer, password: string): Buffer {
  const { document, field, value } = placesIn(bytes, password)
  const writer = new RevisionWriter(document)
  const text = latin1(writer.current(field) ?? NULL).replace(/\/V\s*[<(][^>)]*[>)]/, `/V(${value} y Cusco)/TU(Ciudad)`)
  writer.put(field, text)
  writer.putStream(writer.allocate(), new Map(), Buffer.from('BT ET'))
  return Buffer.concat([bytes, writer.finish(Buffer.from(password)).tail])
}

function check(path: string, password: string): string {
  const { status, stdout, stderr } = spawnSync('qpdf', ['--check', `--password=${password}`, path], {
    encoding: 'utf8',
  })
  return `${status} ${/WARNING.*/.exec(stdout + stderr)?.[0] ?? 'clean'}`
}

/** What qpdf makes of the field when it takes the encryption off. */
function decryptedValue(path: string, password: string): string | undefined {
  const out = join(folder.path, 'decrypted.pdf')
  execFileSync('qpdf', [`--password=${password}`, '--decrypt', path, out])
  return placesIn(readFileSync(out)).value
}

function shownText(path: string, password: string): string {
  return execFileSync('pdftotext', [password === 'chief' ? '-opw' : '-upw', password, path, '-'], { encoding: 'utf8' })
}

describe.skipIf(!hasQpdf)('a document of our own builder', () => {
  test.each(kinds.flatMap((kind) => variantNames.map((name) => [name, kind] as const)))(
    '%s of the kind %s is clean for qpdf, before and after a revision',
    (name, kind) => {
      const bytes = buildEncrypted(kind, name, { user: 'secret', owner: 'chief' })
      expect(check(put('in.pdf', bytes), 'secret')).toBe('0 clean')
      const path = put('out.pdf', revised(bytes, 'secret'))
      for (const password of ['secret', 'chief']) expect(check(path, password)).toBe('0 clean')
      expect(decryptedValue(path, 'secret')).toBe('Lima y Cusco')
    },
  )
})

const ENCRYPTIONS = {
  'RC4-40': ['40'],
  'RC4-128': ['128', '--use-aes=n'],
  'RC4-128 by a crypt filter': ['128', '--use-aes=n', '--force-V4'],
  'AES-128': ['128', '--use-aes=y'],
  'AES-128 with plain metadata': ['128', '--use-aes=y', '--cleartext-metadata'],
  'AES-256 of revision 5': ['256', '--force-R5'],
  'AES-256': ['256'],
  'AES-256 with plain metadata': ['256', '--cleartext-metadata'],
}
const SHAPES = {
  classic: ['--object-streams=disable'],
  'with object streams': ['--object-streams=generate'],
  linearised: ['--linearize', '--object-streams=disable'],
  'linearised, with object streams': ['--linearize', '--object-streams=generate'],
}
const made = Object.entries(ENCRYPTIONS).flatMap(([name, encryption]) =>
  Object.entries(SHAPES).map(([shape, flags]) => [name, shape, encryption, flags] as const),
)

describe.skipIf(!hasQpdf)('a document that qpdf encrypted', () => {
  test.each(made)('%s, %s: is read, and its revision by qpdf and pdftotext', (_name, _shape, encryption, flags) => {
    const out = join(folder.path, 'encrypted.pdf')
    const source = put('plain.pdf', buildPdf('table', { form: true }))
    execFileSync('qpdf', [
      '--allow-weak-crypto',
      source,
      ...flags,
      '--encrypt',
      'secret',
      'chief',
      ...encryption,
      '--',
      out,
    ])
    const bytes = readFileSync(out)
    for (const [password, role] of [
      ['secret', 'user'],
      ['chief', 'owner'],
    ] as const) {
      const { document, value } = placesIn(bytes, password)
      expect([document.encryption?.authenticatedAs, value]).toEqual([role, 'Lima'])
      const path = put('revised.pdf', revised(bytes, password))
      for (const other of ['secret', 'chief']) {
        expect(check(path, other)).toBe('0 clean')
        expect(decryptedValue(path, other)).toBe('Lima y Cusco')
      }
      expect(placesIn(readFileSync(path), 'secret').value).toBe('Lima y Cusco')
    }
  })

  test.skipIf(!hasPdftotext).each(Object.entries(ENCRYPTIONS))(
    '%s: its revision is shown by pdftotext',
    (_, encryption) => {
      const out = join(folder.path, 'encrypted.pdf')
      const source = put('plain.pdf', buildPdf('table', { form: true }))
      execFileSync('qpdf', ['--allow-weak-crypto', source, '--encrypt', 'secret', 'chief', ...encryption, '--', out])
      const { document } = placesIn(readFileSync(out), 'secret')
      const page = document.dict(document.array(document.dict(document.catalog.get('Pages'))?.get('Kids'))?.[0])
      const writer = new RevisionWriter(document)
      const contents = readRef(page?.get('Contents') ?? NULL) ?? at(0)
      writer.putStream(contents, new Map(), Buffer.from('BT /F1 24 Tf 60 700 Td (Otra hoja) Tj ET'))
      const path = put('shown.pdf', Buffer.concat([readFileSync(out), writer.finish(Buffer.from('seed')).tail]))
      for (const password of ['secret', 'chief']) expect(shownText(path, password)).toMatch(/Otra hoja.*Page 2/s)
    },
  )

  test('with a password beyond ASCII is read', () => {
    const out = join(folder.path, 'unicode.pdf')
    const source = put('plain.pdf', buildPdf('table', { form: true }))
    execFileSync('qpdf', [source, '--encrypt', 'contraseña', 'señor€', '256', '--', out])
    for (const password of ['contraseña', 'contrasen\u0303a', 'señor€'])
      expect(placesIn(readFileSync(out), password).value).toBe('Lima')
  })

  test('that forbids changes says so', () => {
    const out = join(folder.path, 'restricted.pdf')
    const source = put('plain.pdf', buildPdf('table', { form: true }))
    const flags = ['--modify=none', '--extract=n', '--print=low']
    execFileSync('qpdf', [source, '--encrypt', '', 'chief', '256', ...flags, '--', out])
    expect(openPdf(bytesSource(readFileSync(out))).encryption?.permissions).toEqual({
      ...{ print: true, modify: false, copy: false, annotate: false },
      ...{ fillForms: false, extract: true, assemble: false, printHighQuality: false },
    })
  })
})
