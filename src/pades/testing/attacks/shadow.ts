import { stream } from '../../../pdf/testing/pdf-builder.ts'
import { appended, signed, signers } from '../signing.ts'
import { type Attack, undefinedChange } from './attack.ts'
import { line, withRawRevision } from './raw-revision.ts'
import { catalog, document, drawing, firstPage, form, formWith, OTHER_TEXT, signedByAna } from './samples.ts'

const SECRET = 'BT /F1 24 Tf 60 600 Td (and everything I own) Tj ET'
const COVER = '1 g 0 580 595 60 re f'
const visible = { field: { page: 0, rectangle: [300, 700, 500, 760] }, appearance: { lines: ['x'] } } as const

/** A page whose text is covered, and whose cover can be taken away. */
const hidden = () =>
  document({ 10: firstPage({ contents: '[11 0 R 20 0 R 21 0 R]' }), 20: stream(SECRET), 21: stream(COVER) })

/** A page whose content refers to an object that nobody has. */
const waiting = (number: number) => document({ 10: firstPage({ contents: `[11 0 R ${number} 0 R]` }), 20: '<<>>' })

/** Metadata that is content of the page too. */
const metadataAsContent = () =>
  document({
    1: catalog('/Metadata 20 0 R'),
    10: firstPage({ contents: '[11 0 R 20 0 R]' }),
    20: stream(' ', '/Type/Metadata/Subtype/XML'),
  })

/** A list of certificates that is the content of the page too. */
const certificatesAsContent = () =>
  document({
    1: catalog('/DSS 21 0 R'),
    10: firstPage({ contents: '20 0 R' }),
    20: '[11 0 R]',
    21: '<</Certs 20 0 R>>',
  })

/** A form XObject that shows a value and is drawn by the page too. */
const appearanceAsContent = () =>
  document({
    5: `<</Type/Annot/Subtype/Widget/Rect[50 600 300 620]/P 10 0 R/F 4/FT/Tx/T(city)/V(Lima)/AP<</N 20 0 R>>>>`,
    3: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    20: drawing('q Q'),
    21: '<</X 20 0 R>>',
  })

/** The number that the next object of a signature in a new, visible field gets first. */
const SOON = 24

const rows: readonly (readonly [name: string, build: Attack['build']])[] = [
  ['hide: a cover made empty', async () => appended(await signedByAna(hidden()), { 21: stream(' ') })],
  [
    'hide: a cover taken out of the page',
    async () => appended(await signedByAna(hidden()), { 10: firstPage({ contents: '[11 0 R 20 0 R]' }) }),
  ],
  ['hide: a cover freed', async () => withRawRevision(await signedByAna(hidden()), { lines: { 21: line(0, 1, 'f') } })],
  [
    'replace: a font whose glyphs are prepared',
    async () =>
      appended(await signedByAna(document({ 20: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>' })), {
        3: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>',
      }),
  ],
  [
    'replace: the value that a page draws, by way of the form',
    async () =>
      appended(await signedByAna(appearanceAsContent()), {
        20: drawing('0 0 500 800 re f'),
        10: firstPage({ entries: '/X 20 0 R' }),
      }),
  ],
  [
    'replace: an appearance that another object uses too',
    async () => appended(await signedByAna(appearanceAsContent()), { 20: drawing('0 0 500 800 re f') }),
  ],
  [
    'hide and replace: a prepared page tree revived by the catalog',
    async () => {
      const prepared = document({
        20: '<</Type/Pages/Kids[21 0 R]/Count 1>>',
        21: firstPage().replace('2 0 R', '20 0 R'),
      })
      return appended(await signedByAna(prepared), { 1: catalog().replace('2 0 R', '20 0 R') })
    },
  ],
  [
    'hide and replace: a prepared object revived by a table alone',
    async () => {
      const pdf = await signedByAna(document({ 20: stream(`11 0 obj\n${OTHER_TEXT}\nendobj\n`) }))
      return withRawRevision(pdf, { lines: { 11: line(pdf.lastIndexOf('11 0 obj')) } })
    },
  ],
  [
    'a reference to nothing that a plain object fills',
    async () => appended(await signedByAna(waiting(60)), { 60: stream(SECRET) }),
  ],
  [
    'a reference to nothing that the appearance of a signature fills',
    async () => {
      const first = await signedByAna(waiting(SOON))
      return signed(first, signers.juan, visible)
    },
  ],
  [
    'a reference to nothing that is filled as metadata',
    async () =>
      appended(await signedByAna(waiting(60)), {
        1: catalog('/Metadata 60 0 R'),
        60: stream(SECRET, '/Type/Metadata/Subtype/XML'),
      }),
  ],
  [
    'a reference to nothing with a comment in it',
    async () => {
      const waits = document({ 10: firstPage({ contents: '[11 0 R 60 %x\n0 R]' }) })
      return appended(await signedByAna(waits), {
        1: catalog('/Metadata 60 0 R'),
        60: stream(SECRET, '/Type/Metadata/Subtype/XML'),
      })
    },
  ],
  [
    'metadata that is content of a page too',
    async () => appended(await signedByAna(metadataAsContent()), { 20: stream(SECRET, '/Type/Metadata/Subtype/XML') }),
  ],
  [
    'a list of certificates that is the content of a page too',
    async () => appended(await signedByAna(certificatesAsContent()), { 20: '[11 0 R 60 0 R]', 60: stream(SECRET) }),
  ],
  [
    'information about the file that is an action too',
    async () => {
      const pdf = document({ 1: catalog('/OpenAction 20 0 R'), 20: '<</S/JavaScript/JS(1)>>' })
      return withRawRevision(await signedByAna(pdf), {
        objects: { '20 0': '<</S/JavaScript/JS(2)>>' },
        trailer: '/Root 1 0 R/Info 20 0 R',
      })
    },
  ],
  [
    'an appearance that is a stream, for who uses the field as resources',
    async () =>
      appended(await signedByAna(form, { field: { name: 'A' } }), {
        5: '<</Type/Annot/Subtype/Widget/Rect[50 600 300 620]/P 10 0 R/F 4/FT/Tx/T(city)/V(Lima)/DA(/F1 10 Tf 0 g)/AP 60 0 R>>',
        60: drawing('0 0 500 800 re f'),
      }),
  ],
  ['an object that the signed table announces behind the end', announced],
  ['a stream that reaches over the end of the signed bytes', overlongStream],
  [
    'a form field that came from nowhere',
    async () => appended(await signedByAna(document({ 4: formWith(' 60 0 R', '') })), { 60: '<</FT/Sig/T(x)>>' }),
  ],
]

/** The table of the document that is signed puts an object of the page where no bytes are yet. */
async function announced(): Promise<Buffer> {
  const base = document({ 10: firstPage({ contents: '[11 0 R 20 0 R]' }) })
  const far = base.length + 20_000
  const prepared = withRawRevision(base, { lines: { 20: line(far) } })
  const first = await signedByAna(prepared)
  const filler = `%${'x'.repeat(far - first.length - 2)}\n`
  const object = `20 0 obj\n${stream(SECRET)}\nendobj\n`
  return withRawRevision(first, { before: filler + object })
}

/** A stream at the end of the signed bytes whose length counts on more to come. */
async function overlongStream(): Promise<Buffer> {
  const base = document({ 10: firstPage({ contents: '[11 0 R 20 0 R]' }) })
  const length = 30_000
  const prepared = withRawRevision(base, { objects: { '20 0': `<</Length ${length}>>\nstream\n% ` } })
  const first = await signedByAna(prepared)
  const start = prepared.lastIndexOf('stream\n% ') + 7
  const filler = `${'\n'.repeat(start + length - first.length - SECRET.length)}${SECRET}\nendstream\nendobj\n`
  return withRawRevision(first, { before: filler })
}

/** What the signer did not see was prepared before the signature, and is brought to light after it. */
export const shadow: readonly Attack[] = rows.map(([name, build]) => ({ name, build, expected: [undefinedChange] }))
