import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPdf } from '../open-pdf.ts'
import { PdfError } from '../pdf-error.ts'
import { RevisionWriter } from '../revision-writer.ts'
import { bytesSource } from '../source.ts'
import { buildForm } from '../testing/form-builder.ts'
import { kinds } from '../testing/pdf-builder.ts'
import { plainTypesetter, UNKNOWN } from '../testing/plain-typesetter.ts'
import { latin1, NULL } from '../values.ts'
import { acroForm } from './acro-form.ts'
import { type FieldValues, fillFields } from './fill-fields.ts'
import { flattenFields } from './flatten-fields.ts'
import { listFields } from './list-fields.ts'

const form = buildForm()

function filled(values: FieldValues, pdf = form): Buffer {
  const document = openPdf(bytesSource(pdf))
  const writer = new RevisionWriter(document)
  fillFields(document, writer, values, plainTypesetter)
  return Buffer.concat([pdf, writer.finish(Buffer.from('fill')).tail])
}

function flattened(pdf: Buffer, names?: readonly string[]): Buffer {
  const document = openPdf(bytesSource(pdf))
  const writer = new RevisionWriter(document)
  flattenFields(document, writer, plainTypesetter, names)
  return Buffer.concat([pdf, writer.finish(Buffer.from('flatten')).tail])
}

const fieldsOf = (pdf: Buffer) => listFields(openPdf(bytesSource(pdf)))
const valueIn = (pdf: Buffer, name: string) => fieldsOf(pdf).find((field) => field.name === name)?.value
const dictOf = (pdf: Buffer, number: number) => openPdf(bytesSource(pdf)).dict({ number, generation: 0 })

describe('not filled', () => {
  test.each<[string, string, FieldValues]>([
    ['a field that the form does not have', 'unknown', { nobody: 'x' }],
    ['a field whose name has a variable in it', 'unknown', { ['$' + '{name}']: 'x' }],
    ['a field that may only be read', 'read_only', { fixed: 'x' }],
    ['a field that a script computes', 'calculated', { sum: '5' }],
    ['a field in the order of computation', 'calculated', { total: '5' }],
    ['a signature field', 'signature', { Sig_A: 'Ana' }],
    ['a push button', 'button', { push: true }],
    ['a password', 'password', { secret: 'x' }],
    ['a file', 'file', { file: '/etc/passwd' }],
    ['text for a list of values', 'type', { name: ['a', 'b'] }],
    ['text by a check mark', 'type', { name: true }],
    ['a choice by a check mark', 'type', { city: true }],
    ['more characters than the field takes', 'too_long', { code: '1234567' }],
    ['more characters than the field above it allows', 'too_long', { 'group.inner': '123456' }],
    ['more text than any field takes', 'too_long', { notes: 'a'.repeat(20_001) }],
    ['two lines where there is one', 'lines', { name: 'a\nb' }],
    ['a state that a check box does not have', 'option', { agree: 'Maybe' }],
    ['a radio button without saying which', 'option', { kind: true }],
    ['an option that is none', 'option', { city: 'Quito' }],
    ['two options of one choice', 'option', { city: ['lim', 'bog'] }],
    ['lines typed into a choice', 'option', { free: 'a\nb' }],
    ['a character without a glyph', 'character', { name: `Ana ${UNKNOWN}` }],
    ['a second value that is wrong', 'unknown', { name: 'Ana', nobody: 'x' }],
  ])('%s', (_, reason, values) => {
    expect(() => filled(values)).toThrow(expect.objectContaining({ code: 'pdf.form' }))
    try {
      filled(values)
    } catch (error) {
      expect(error).toMatchObject({ details: { reason } })
      expect(JSON.stringify(error)).not.toContain('passwd')
    }
  })

  test('an XFA form', () => {
    const xfa = buildForm('table', { form: '/XFA[(form)61 0 R]' })
    expect(() => filled({ name: 'Ana' }, xfa)).toThrow(
      expect.objectContaining({ details: { field: '', reason: 'xfa' } }),
    )
    expect(() => flattened(xfa)).toThrow(expect.objectContaining({ details: { field: '', reason: 'xfa' } }))
  })
})

test('whatever the entries of a field are, it is filled or refused by an error of this folder', () => {
  const keys = [
    'Rect',
    'MK',
    'BS',
    'DA',
    'Q',
    'MaxLen',
    'Opt',
    'Ff',
    'AP',
    'AS',
    'V',
    'Kids',
    'AA',
    'FT',
    'Subtype',
    'TI',
    'I',
  ]
  const values = [
    'null',
    '7',
    '-1',
    '1e9',
    '99999999999',
    '(text)',
    '/Tx',
    '/Ch',
    '/Btn',
    '/Widget',
    '[1 2 3 4]',
    '[9 9 1 1]',
    '[(a)[(b)(c)]7]',
  ]
  const more = [
    '<<>>',
    '<</W -4/BC[1 2]/BG[9 9 9 9]/R 45>>',
    '<</N 60 0 R>>',
    '<</N<</On 60 0 R>>>>',
    '20 0 R',
    '99 0 R',
    '[20 0 R]',
    '(/F1 1e9 Tf ) Tj 9 9 rg)',
  ]
  const entry = fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...values, ...more))
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 8 }),
      fc.constantFrom<FieldValues[string]>('a', 'On', true, ['b']),
      (entries, value) => {
        const body = [...new Map(entries)].map(([key, text]) => `/${key} ${text}`).join('')
        const pdf = buildForm('table', { fields: { 20: `<</T(name)${body}>>` } })
        try {
          flattened(filled({ name: value }, pdf))
        } catch (error) {
          expect(error).toBeInstanceOf(PdfError)
        }
      },
    ),
    { numRuns: 300 },
  )
})

describe.each(kinds)('in a document of the kind %s', (kind) => {
  test('every kind of field is filled, and only appended', () => {
    const before = buildForm(kind)
    const after = filled(
      {
        name: 'Ana $' + '{x} ) Tj',
        notes: 'one\r\ntwo',
        code: 'AB12',
        agree: true,
        news: 'On',
        city: 'Bogotá',
        free: 'typed',
        many: ['Tres', 'Uno'],
        kind: 'Second kind',
        twice: 'both',
        'group.inner': 'in',
        turned: 'up',
      },
      before,
    )
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    const values = Object.fromEntries(fieldsOf(after).map(({ name, value }) => [name, value]))
    expect(values).toMatchObject({
      name: 'Ana $' + '{x} ) Tj',
      notes: 'one\ntwo',
      code: 'AB12',
      agree: 'Yes',
      news: 'On',
      city: 'bog',
      free: 'typed',
      many: ['Uno', 'Tres'],
      kind: '1',
      twice: 'both',
      'group.inner': 'in',
      turned: 'up',
    })
  })
})

test('a value takes the place of the rich text that said something else', () => {
  expect(dictOf(form, 20)?.has('RV')).toBe(true)
  expect(dictOf(filled({ name: 'Ana' }), 20)?.has('RV')).toBe(false)
})

test('each widget of a field shows the value, and each button its own state', () => {
  const after = filled({ twice: 'both', kind: '0', news: true, agree: true })
  for (const number of [44, 45]) expect(dictOf(after, number)?.has('AP')).toBe(true)
  const stateOf = (number: number) => latin1(dictOf(after, number)?.get('AS') ?? NULL)
  expect([41, 42, 24, 23].map(stateOf)).toEqual(['/0', '/Off', '/On', '/Yes'])
  expect(latin1(dictOf(after, 23)?.get('AP') ?? NULL)).toMatch(/\/Off \d+ 0 R\/Yes|\/Off \d+ 0 R \/Yes/)
  const off = filled({ kind: false }, after)
  expect(latin1(dictOf(off, 41)?.get('AS') ?? NULL)).toBe('/Off')
  expect(valueIn(off, 'kind')).toBe('Off')
})

test('chosen places are told in ascending order', () => {
  expect(latin1(dictOf(filled({ many: ['Tres', 'Uno'] }), 27)?.get('I') ?? NULL)).toBe('[0 2]')
  expect(valueIn(filled({ many: [] }), 'many')).toBeUndefined()
})

test('an appearance is turned with its widget and has its frame', () => {
  const after = filled({ turned: 'up' })
  const document = openPdf(bytesSource(after))
  const shown = document.dict(document.dict(document.dict({ number: 34, generation: 0 })?.get('AP'))?.get('N'))
  expect(latin1(shown?.get('BBox') ?? NULL)).toBe('[0 0 120 25]')
  expect(latin1(shown?.get('Matrix') ?? NULL)).toBe('[0 1 -1 0 25 0]')
})

test('viewers are no longer asked to draw values anew, as all are drawn', () => {
  const asking = buildForm('table', { form: '/NeedAppearances true' })
  const after = filled({ code: 'A' }, asking)
  expect(acroForm(openPdf(bytesSource(after)))?.has('NeedAppearances')).toBe(false)
  for (const number of [20, 25, 27, 28]) expect(dictOf(after, number)?.has('AP')).toBe(true)
})

test('one font serves all fields of a revision', () => {
  const after = filled({ name: 'Ana', notes: 'Eva', city: 'lim', twice: 'Leo' }).subarray(form.length)
  expect(after.toString('latin1').match(/\/Subtype\/Type0/g)).toHaveLength(1)
})

test('fields are listed with what a person must know to fill them', () => {
  const fields = new Map(fieldsOf(form).map((field) => [field.name, field]))
  expect([...fields.values()].map(({ kind }) => kind)).toEqual([
    ...['signature', 'signature', 'text', 'text', 'text', 'checkbox', 'checkbox', 'combo', 'combo', 'choice', 'text'],
    ...['text', 'text', 'text', 'text', 'button', 'text', 'radio', 'text', 'text'],
  ])
  expect(fields.get('notes')).toMatchObject({ multiline: true, comb: false, readOnly: false })
  expect(fields.get('code')).toMatchObject({ maxLength: 6, comb: true })
  expect(fields.get('fixed')).toMatchObject({ readOnly: true, value: 'fixed' })
  expect(fields.get('sum')?.calculated && fields.get('total')?.calculated).toBe(true)
  expect(fields.get('group.inner')).toMatchObject({ maxLength: 5, tooltip: 'An inner field' })
  expect(fields.get('city')?.options).toEqual([
    { value: 'lim', label: 'Lima' },
    { value: 'bog', label: 'Bogotá' },
  ])
  expect(fields.get('kind')?.options.map(({ value }) => value)).toEqual(['0', '1'])
  expect(fields.get('twice')?.places).toEqual([
    { page: 0, rectangle: [50, 230, 150, 250] },
    { page: 0, rectangle: [160, 230, 260, 250] },
  ])
})

describe('flattening', () => {
  test('refuses signature fields and unknown names', () => {
    for (const [name, reason] of [
      ['Sig_A', 'signature'],
      ['nobody', 'unknown'],
    ] as const)
      expect(() => flattened(form, [name])).toThrow(expect.objectContaining({ details: { field: name, reason } }))
  })

  test('leaves the signature fields alone and takes all others out of the form and off the page', () => {
    const after = flattened(filled({ name: 'Ana', kind: '1', agree: true }))
    expect(fieldsOf(after).map(({ name }) => name)).toEqual(['Sig_A', 'Sig_B'])
    const page = dictOf(after, 10)
    expect(openPdf(bytesSource(after)).array(page?.get('Annots'))).toHaveLength(2)
    expect(openPdf(bytesSource(after)).array(acroForm(openPdf(bytesSource(after)))?.get('CO'))).toEqual([])
    expect(latin1(page?.get('Contents') ?? NULL)).toMatch(/^\[\d+ 0 R\n11 0 R\n\d+ 0 R\n\d+ 0 R\n\]$/)
  })

  test('of some fields keeps the others and their parents', () => {
    const after = flattened(filled({ 'group.inner': 'in', name: 'Ana' }), ['group.inner'])
    const names = fieldsOf(after).map(({ name }) => name)
    expect(names).toContain('name')
    expect(names).not.toContain('group.inner')
    expect(names).not.toContain('group')
  })

  test('does not change the resources that another page may share', () => {
    const after = flattened(filled({ name: 'Ana' }))
    const [first, second] = [dictOf(after, 10), dictOf(after, 12)]
    expect(latin1(first?.get('Resources') ?? NULL)).toContain('/XObject')
    expect(latin1(second?.get('Resources') ?? NULL)).not.toContain('/XObject')
  })
})
