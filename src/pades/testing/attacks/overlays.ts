import type { CertificationLevel } from '../../permissions.ts'
import { appended, signed, signers } from '../signing.ts'
import { type Attack, covered, type Expected, formFailure, passed, undefinedChange } from './attack.ts'
import { afterAna, drawing, firstPage, form, formWith, signedByAna } from './samples.ts'

const forbidden = formFailure('later.certification')
const APPEARANCE = drawing('1 g 0 0 500 800 re f')

/** A page with one more annotation. */
function annotation(entries: string): Record<number, string> {
  return {
    10: firstPage({ annotations: ' 60 0 R' }),
    60: `<</Type/Annot/Rect[0 0 500 800]/P 10 0 R${entries}>>`,
  }
}

function markup(subtype: string): Record<number, string> {
  return { ...annotation(`/Subtype/${subtype}/Contents(x)/AP<</N 61 0 R>>`), 61: APPEARANCE }
}

/** A visible signature in a field of its own, over the text of the first page. */
const sneaky = { field: { page: 0, rectangle: [50, 690, 400, 730] }, appearance: { lines: ['You owe me'] } } as const

async function sneakySignature(certify?: CertificationLevel): Promise<Buffer> {
  return signed(await signedByAna(form, certify ? { certify } : {}), signers.juan, sneaky)
}

const evil = (certify: CertificationLevel, subtype: string) => afterAna(markup(subtype), form, { certify })

const rows: readonly (readonly [name: string, build: Attack['build'], expected: Expected])[] = [
  ...['FreeText', 'Stamp', 'Square', 'Redact', 'Highlight', 'Ink', 'Text'].map(
    (subtype) => [`evil annotation: ${subtype}`, afterAna(markup(subtype)), covered] as const,
  ),
  ...['FreeText', 'Stamp'].map(
    (subtype) => [`evil annotation where a certification allows it: ${subtype}`, evil(3, subtype), covered] as const,
  ),
  ['an annotation where a certification allows forms', evil(2, 'FreeText'), forbidden],
  ['an annotation where a certification allows nothing', evil(1, 'FreeText'), forbidden],
  ['a link over the page', afterAna(annotation('/Subtype/Link/A<</S/URI/URI(http://x)>>')), undefinedChange],
  [
    'an annotation with an action',
    afterAna(annotation('/Subtype/Stamp/AA<</E<</S/JavaScript/JS(x)>>>>')),
    undefinedChange,
  ],
  ['an annotation with a file', afterAna(annotation('/Subtype/FileAttachment/FS(x)')), undefinedChange],
  ['a film', afterAna(annotation('/Subtype/RichMedia')), undefinedChange],
  ['an annotation with a layer', afterAna(annotation('/Subtype/Stamp/OC<</Type/OCG/Name(x)>>')), undefinedChange],
  [
    'an annotation put before those that are there',
    afterAna({ ...markup('Stamp'), 10: firstPage().replace('/Annots[', '/Annots[60 0 R ') }),
    undefinedChange,
  ],
  ['an annotation taken away', afterAna({ 10: firstPage().replace('5 0 R ', '') }), undefinedChange],
  ['sneaky signature on a document certified for forms', () => sneakySignature(2), covered],
  ['sneaky signature on a document certified for annotations', () => sneakySignature(3), covered],
  [
    'a later signature over a field that was signed',
    async () =>
      signed(await signedByAna(), signers.juan, {
        field: { page: 0, rectangle: [50, 90, 300, 170] },
        appearance: { lines: ['x'] },
      }),
    covered,
  ],
  ['a later signature over the text of a document that nobody certified', () => sneakySignature(), passed],
  [
    'a new empty field on a certified document',
    afterAna(
      { 4: formWith(' 60 0 R'), 60: '<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 9 9]/P 10 0 R>>' },
      form,
      { certify: 2 },
    ),
    forbidden,
  ],
  [
    'a new empty field that a viewer paints',
    afterAna({
      4: formWith(' 60 0 R'),
      10: firstPage({ annotations: ' 60 0 R' }),
      60: '<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 500 800]/P 10 0 R/MK<</BG[1 1 1]>>>>',
    }),
    undefinedChange,
  ],
  [
    'a certification that is not the first signature',
    async () => {
      const first = await signedByAna()
      const second = await signed(first, signers.juan)
      const [, signature] = /\/V (\d+) 0 R/.exec(second.subarray(first.length).toString('latin1')) ?? []
      return appended(second, { 1: `<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/Perms<</DocMDP ${signature} 0 R>>>>` })
    },
    undefinedChange,
  ],
]

/** Something laid over the pages after they were signed. */
export const overlays: readonly Attack[] = rows.map(([name, build, expected]) => ({
  name,
  build,
  expected: [expected],
}))
