import { objectsOf, writePdf } from '../../../pdf/testing/pdf-builder.ts'
import type { PrepareRequest } from '../../index.ts'
import { appended, signed, signers } from '../signing.ts'
import { type Attack, type Expected, formFailure, passed, undefinedChange } from './attack.ts'
import { afterAna, cityField, drawing, form, signedByAna } from './samples.ts'

const locked = formFailure('later.field_lock')
const forbidden = formFailure('later.certification')
const filled = { 5: cityField('(Cusco)', '/AP<</N 60 0 R>>'), 60: drawing('BT (Cusco) Tj ET') }
const fill = (request?: Partial<PrepareRequest>) => afterAna(filled, form, request)
const widget = '/Type/Annot/Subtype/Widget/Rect[9 9 20 20]/P 10 0 R/F 4'

/** A check box, a choice, and a push button, beside the other fields. */
const boxes = (checked = 'Off', choice = '(a)', button = '') => ({
  4: '<</Fields[5 0 R 6 0 R 7 0 R 20 0 R 21 0 R 22 0 R]/DA(/F1 0 Tf 0 g)/SigFlags 3>>',
  20: `<<${widget}/FT/Btn/T(agree)/V/${checked}/AS/${checked}/AP<</N<</Yes 23 0 R/Off 24 0 R>>>>>>`,
  21: `<<${widget}/FT/Ch/T(city2)/Opt[(a)(b)]/V${choice}>>`,
  22: `<<${widget}/FT/Btn/Ff 65536/T(push)${button}>>`,
  23: drawing('0 0 9 9 re f'),
  24: drawing('q Q'),
})

const boxed = (() => {
  const objects = objectsOf({ form: true })
  for (const [number, value] of Object.entries(boxes())) objects.set(Number(number), value)
  return writePdf('table', objects)
})()

const changedBox = (...values: Parameters<typeof boxes>) => {
  const { 4: _, 23: __, 24: ___, ...changed } = boxes(...values)
  return changed
}

async function filledBetween(request: Partial<PrepareRequest>): Promise<Buffer> {
  const first = await signedByAna()
  return appended(await signed(first, signers.juan, request), filled)
}

const rows: readonly (readonly [name: string, build: Attack['build'], expected: readonly Expected[]])[] = [
  ['filled in where nobody forbids it', fill(), [{ ...passed, changes: ['form_fill'] }]],
  ['filled in where a certification allows forms', fill({ certify: 2 }), [passed]],
  ['filled in where a certification allows annotations', fill({ certify: 3 }), [passed]],
  ['filled in where a certification allows nothing', fill({ certify: 1 }), [forbidden]],
  ['filled in where all fields are locked', fill({ lock: { action: 'All', fields: [] } }), [locked]],
  ['filled in where this field is locked', fill({ lock: { action: 'Include', fields: ['city'] } }), [locked]],
  ['filled in where another field is locked', fill({ lock: { action: 'Include', fields: ['town'] } }), [passed]],
  ['filled in where all others are locked', fill({ lock: { action: 'Exclude', fields: ['city'] } }), [passed]],
  ['filled in where all but another are locked', fill({ lock: { action: 'Exclude', fields: ['town'] } }), [locked]],
  [
    'filled in where a lock forbids all changes',
    fill({ lock: { action: 'Include', fields: ['town'], permissions: 1 } }),
    [forbidden],
  ],
  [
    'filled in after a second signature locked it',
    () => filledBetween({ lock: { action: 'All', fields: [] } }),
    [locked, locked],
  ],
  ['filled in after a second signature that locks nothing', () => filledBetween({}), [passed, passed]],
  [
    'a check box ticked, a choice made',
    afterAna(changedBox('Yes', '(b)'), boxed),
    [{ ...passed, changes: ['form_fill', 'form_fill'] }],
  ],
  [
    'a push button with another face',
    afterAna({ 22: boxes('Off', '(a)', '/AP<</N 23 0 R>>')[22] }, boxed),
    [undefinedChange],
  ],
  ['a choice with other options', afterAna({ 21: boxes()[21].replace('(b)', '(c)') }, boxed), [undefinedChange]],
  [
    'a value, with another look of the text',
    afterAna({ 5: cityField('(Cusco)').replace('/F1 10 Tf', '/F1 99 Tf') }),
    [undefinedChange],
  ],
  ['a value, with another limit', afterAna({ 5: cityField('(Cusco)', '/MaxLen 99') }), [undefinedChange]],
  ['a value, and a field that is read-only now', afterAna({ 5: cityField('(Cusco)', '/Ff 1') }), [undefinedChange]],
  ['a field made hidden', afterAna({ 5: cityField('(Lima)').replace('/F 4', '/F 6') }), [undefinedChange]],
  [
    'an appearance that takes in an action',
    afterAna({ ...filled, 5: cityField('(Cusco)', '/AP<</N 60 0 R>>/A<</S/JavaScript/JS(x)>>') }),
    [undefinedChange],
  ],
]

/** Forms filled in after a signature. */
export const forms: readonly Attack[] = rows.map(([name, build, expected]) => ({ name, build, expected }))
