import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { signed, signers } from '../../pades/testing/signing.ts'
import { buildPdf, objectsOf, writePdf } from '../../pdf/testing/pdf-builder.ts'
import { collect } from '../testing/collect.ts'
import { filesIn } from '../testing/files-in.ts'
import { commands } from './index.ts'

const directory = await makeTemporaryDirectory('chancery-fill')
afterAll(() => directory.remove())
const { path, put } = filesIn(directory.path)

/** The form of the builder with a check box and a list of several choices. */
function richForm(): Buffer {
  const objects = objectsOf({ form: true })
  const widget = '/Type/Annot/Subtype/Widget/P 10 0 R/F 4'
  objects.set(4, '<</Fields[5 0 R 6 0 R 7 0 R 40 0 R 41 0 R]/DA(/F1 0 Tf 0 g)>>')
  objects.set(40, `<<${widget}/Rect[50 500 62 512]/FT/Btn/T(agree)>>`)
  objects.set(
    41,
    `<<${widget}/Rect[50 400 200 480]/FT/Ch/Ff 2097152/T(colours)/Opt[(red)(green)(blue)]/DA(/F1 10 Tf 0 g)>>`,
  )
  return writePdf('table', objects)
}

const plain = buildPdf('table', { form: true })
const files = {
  plain: put('plain.pdf', plain),
  rich: put('rich.pdf', richForm()),
  signed: put('signed.pdf', await signed(plain, signers.ana, { field: { existing: 'Sig_A' } })),
  locked: put('locked.pdf', await signed(plain, signers.ana, { certify: 1 })),
  values: put('values.json', JSON.stringify({ city: 'Cusco', agree: true, colours: ['red', 'blue'] })),
  text: put('text.json', 'no JSON'),
}
const out = path('out.pdf')
const filled = (...words: string[]) => collect(commands, ['fill', ...words])

async function valuesOf(file: string): Promise<Record<string, unknown>> {
  const { stdout } = await collect(commands, ['fields', file, '--json'])
  const { fields } = JSON.parse(stdout)
  return Object.fromEntries(fields.map(({ name, value }: { name: string; value: unknown }) => [name, value]))
}

describe('leaves no file', () => {
  test.each([
    [[files.plain, '-o', out], /Nothing is to be done/],
    [[files.plain, '-o', out, '--set', 'city'], /--set is NAME=VALUE/],
    [[files.plain, '-o', out, '--set', '=Lima'], /--set is NAME=VALUE/],
    [[files.plain, '-o', out, '--values', files.text], /no JSON object/],
    [[files.plain, '-o', out, '--values', files.values, '--set', 'city=Lima'], /city is in --set and in --values/],
    [[files.plain, '--set', 'city=Lima'], /either --out OUT, or --in-place/],
  ])('for the wrong command line %j', async (words, sentence) => {
    const { exitCode, stderr } = await filled(...words)
    expect(exitCode).toBe(64)
    expect(stderr).toMatch(sentence)
    expect(existsSync(out)).toBe(false)
  })

  test.each([
    ['a field that is not there', files.plain, 'nobody=1', 'pdf.form', { field: 'nobody', reason: 'unknown' }],
    ['a signature field', files.plain, 'Sig_A=Ana', 'pdf.form', { reason: 'signature' }],
    ['an option that is none', files.rich, 'colours=pink', 'pdf.form', { reason: 'option' }],
    ['a certified document', files.locked, 'city=Cusco', 'pades.certified_no_changes', undefined],
  ])('for %s', async (_name, file, setting, code, details) => {
    const { exitCode, stdout } = await filled(file, '-o', out, '--set', setting, '--json')
    expect([exitCode, JSON.parse(stdout).error]).toMatchObject([1, { code, ...(details && { details }) }])
    expect(existsSync(out)).toBe(false)
  })

  test('when the pages of a signed document were to be changed', async () => {
    const { exitCode, stdout } = await filled(files.signed, '-o', out, '--flatten', '--json')
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([1, 'pades.signed'])
  })
})

describe('fills in', () => {
  test('what the command line sets: text with an equals sign, a box, several options', async () => {
    const settings = ['city=a=b', 'agree=true', 'colours=red', 'colours=green'].flatMap((one) => ['--set', one])
    const file = path('set.pdf')
    expect(await filled(files.rich, '-o', file, ...settings)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await valuesOf(file)).toMatchObject({ city: 'a=b', agree: 'Yes', colours: ['red', 'green'] })
    expect(readFileSync(file).subarray(0, richForm().length).equals(richForm())).toBe(true)
  })

  test('what a file says, and draws it into the pages', async () => {
    const [file, flat] = [path('values.pdf'), path('flat.pdf')]
    expect((await filled(files.rich, '-o', file, '--values', files.values)).exitCode).toBe(0)
    expect(await valuesOf(file)).toMatchObject({ city: 'Cusco', agree: 'Yes', colours: ['red', 'blue'] })
    expect((await filled(file, '-o', flat, '--flatten')).exitCode).toBe(0)
    expect(Object.keys(await valuesOf(flat))).toEqual(['Sig_A', 'Sig_B'])
  })

  test('a signed document that allows it', async () => {
    expect((await filled(files.signed, '-o', path('later.pdf'), '--set', 'city=Cusco')).exitCode).toBe(0)
  })
})

describe('fields', () => {
  test('tells what each field is, and where, for people', async () => {
    const { exitCode, stdout } = await collect(commands, ['fields', files.rich])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^NAME +KIND +PAGE +VALUE +RULES$/m)
    expect(stdout).toMatch(/^city +text +1 +Lima$/m)
    expect(stdout).toMatch(/^colours +choice .*one of red \| green \| blue$/m)
  })

  test('counts pages from 1 for programs too, and says when there is none', async () => {
    const { stdout } = await collect(commands, ['fields', files.plain, '--json'])
    expect(JSON.parse(stdout).fields[0].places).toEqual([{ page: 1, rectangle: [50, 600, 300, 620] }])
    const bare = put('bare.pdf', buildPdf('table'))
    expect((await collect(commands, ['fields', bare])).stdout).toBe('There is no field.\n')
  })
})
