import { appended, signed, signers } from '../signing.ts'
import { type Attack, type Expected, formFailure, passed, undefinedChange } from './attack.ts'
import { freed, withRawRevision } from './raw-revision.ts'
import {
  afterAna,
  catalog,
  cityField,
  drawing,
  firstPage,
  formWith,
  freeNumber,
  OTHER_TEXT,
  signedByAna,
} from './samples.ts'

const WIDGET = '/Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 500 800]/P 10 0 R'

/** Objects put behind a signature, of which nothing is a change that a rule knows. */
const objects: readonly (readonly [name: string, Readonly<Record<number, string>>])[] = [
  ['other content of a page', { 11: OTHER_TEXT }],
  ['a page that is turned', { 10: firstPage({ entries: '/Rotate 90' }) }],
  ['a page with more content', { 10: firstPage({ contents: '[11 0 R 40 0 R]' }), 40: OTHER_TEXT }],
  ['a page with an action', { 10: firstPage({ entries: '/AA<</O<</S/JavaScript/JS(x)>>>>' }) }],
  ['another page tree', { 2: '<</Type/Pages/Kids[12 0 R]/Count 1>>' }],
  ['a page put before the others', { 2: '<</Type/Pages/Kids[40 0 R 10 0 R 12 0 R]/Count 3>>', 40: firstPage() }],
  ['another font', { 3: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>' }],
  ['a catalog with an action', { 1: catalog('/OpenAction<</S/JavaScript/JS(x)>>') }],
  ['a catalog with layers', { 1: catalog('/OCProperties<</OCGs[]/D<<>>>>') }],
  ['a catalog with a new certification', { 1: catalog('/Perms<</DocMDP 14 0 R>>') }],
  ['a catalog with another version', { 1: catalog('/Version/1.4') }],
  ['another form in the catalog', { 1: '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>' }],
  ['a form that is an XFA form too', { 4: formWith('', '/SigFlags 3/XFA(x)') }],
  ['a form that asks viewers to draw its values', { 4: formWith('', '/SigFlags 3/NeedAppearances true') }],
  ['a form with another order of calculation', { 4: formWith('', '/SigFlags 3/CO[5 0 R]') }],
  [
    'a form that brings the font of its texts',
    { 4: formWith('', '/SigFlags 3/DR<</Font<</F1 40 0 R>>>>'), 40: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>' },
  ],
  ['a field taken out of the form', { 4: formWith().replace('5 0 R ', '') }],
  ['another type of a field', { 7: '<</FT/Tx/T(Sig_B)/Kids[8 0 R]>>' }],
  ['another name of a field', { 5: cityField('(Lima)').replace('(city)', '(town)') }],
  ['another look of a field', { 5: cityField('(Lima)').replace('/F1 10 Tf', '/F1 1 Tf') }],
  ['a moved text field', { 5: cityField('(Lima)').replace('50 600', '50 500') }],
  ['a text field with an action', { 5: cityField('(Lima)', '/AA<</K<</S/JavaScript/JS(x)>>>>') }],
  ['a moved signature', { 8: '<</Type/Annot/Subtype/Widget/Rect[0 0 500 160]/P 10 0 R/F 4/Parent 7 0 R>>' }],
  ['an object that nothing needs', { 40: '<</Foo/Bar>>' }],
  [
    'a new field with an action',
    { 4: formWith(' 40 0 R'), 10: firstPage({ annotations: ' 40 0 R' }), 40: `<<${WIDGET}/AA<<>>>>` },
  ],
  [
    'a new text field',
    { 4: formWith(' 40 0 R'), 40: '<</Type/Annot/Subtype/Widget/FT/Tx/T(x)/V(y)/Rect[0 0 9 9]/P 10 0 R>>' },
  ],
  ['a new field of a name that is there', { 4: formWith(' 40 0 R'), 40: `<<${WIDGET.replace('(x)', '(Sig_A)')}>>` }],
  [
    'a new field that nobody signed and that shows something',
    {
      4: formWith(' 41 0 R'),
      10: firstPage({ annotations: ' 41 0 R' }),
      41: `<<${WIDGET}/AP<</N 42 0 R>>>>`,
      42: drawing('0 0 500 800 re f'),
    },
  ],
  ['a number below the signed /Size, given a meaning', { 4: formWith(' 9 0 R'), 9: `<<${WIDGET}>>` }],
]

const rows: readonly (readonly [name: string, build: Attack['build'], expected: readonly Expected[]])[] = [
  [
    'bytes that belong to no revision',
    async () => Buffer.concat([await signedByAna(), Buffer.from('\n')]),
    [formFailure('byte_range.r6')],
  ],
  [
    'objects without a table, and the old end once more',
    async () => {
      const pdf = await signedByAna()
      const end = pdf.subarray(pdf.lastIndexOf('startxref'))
      return Buffer.concat([pdf, Buffer.from(`11 0 obj\n${OTHER_TEXT}\nendobj\n`, 'latin1'), end])
    },
    [formFailure('byte_range.r6')],
  ],
  ['an object removed', async () => withRawRevision(await signedByAna(), { lines: { 11: freed } }), [undefinedChange]],
  [
    'a trailer with another catalog',
    async () => {
      const objects = {
        '40 0': '<</Type/Catalog/Pages 41 0 R/AcroForm 4 0 R>>',
        '41 0': '<</Type/Pages/Kids[12 0 R]/Count 1>>',
      }
      return withRawRevision(await signedByAna(), { objects, trailer: '/Root 40 0 R' })
    },
    [undefinedChange],
  ],
  [
    'a visible change between two signatures',
    async () => signed(appended(await signedByAna(), { 11: OTHER_TEXT }), signers.juan),
    [undefinedChange, passed],
  ],
  [
    'a visible change, with a copy of the first signature in a field of its own',
    async () => {
      const pdf = await signedByAna()
      const copy = /<<\/Type\/Sig[\s\S]*?>>>/.exec(pdf.toString('latin1'))?.[0] ?? ''
      const field = freeNumber(pdf)
      return appended(pdf, {
        4: formWith(` ${field} 0 R`),
        11: OTHER_TEXT,
        [field]: `<<${WIDGET}/V ${field + 1} 0 R>>`,
        [field + 1]: copy,
      })
    },
    [undefinedChange, formFailure('byte_range.r5')],
  ],
  ['the signature removed from its object', afterAna({ 14: 'null' }), [formFailure('signature.removed')]],
  [
    'another signature in its object',
    afterAna({ 14: '<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>' }),
    [formFailure('byte_range.r4')],
  ],
]

/** Revisions put behind a signature that change what was signed. */
export const incrementalSaving: readonly Attack[] = [
  ...rows.map(([name, build, expected]) => ({ name, build, expected })),
  ...objects.map(([name, changed]) => ({ name, build: afterAna(changed), expected: [undefinedChange] })),
]
