import { bytesSource, latin1, NULL, openPdf } from '../../../pdf/index.ts'
import { stream } from '../../../pdf/testing/pdf-builder.ts'
import type { PrepareRequest } from '../../index.ts'
import { appended, signed, signers } from '../signing.ts'
import { type Attack, passed } from './attack.ts'
import { withRawRevision } from './raw-revision.ts'
import { afterAna, catalog, cityField, document, drawing, firstPage, form, formWith, signedByAna } from './samples.ts'

const KEY = '0123456789ABCDEF0123456789ABCDEF01234567'
const EXTENSIONS = '/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>/ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>'

/** A security store as it comes with the first evidence. */
const evidence = {
  1: catalog(`${EXTENSIONS}/DSS 60 0 R`),
  60: `<</Type/DSS/Certs[61 0 R]/OCSPs[62 0 R]/VRI<</${KEY}<</Cert[61 0 R]/OCSP[62 0 R]>>>>>>`,
  61: stream('certificate'),
  62: stream('answer'),
}

/** The same after it grew. */
const moreEvidence = {
  60: `<</Type/DSS/Certs[61 0 R 70 0 R]/OCSPs[62 0 R]/CRLs[71 0 R]/VRI 72 0 R>>`,
  70: stream('certificate'),
  71: stream('list'),
  72: `<</${KEY}<</Cert[61 0 R]/OCSP[62 0 R]>>/${KEY.replace('0', 'F')}<</Cert[70 0 R]/CRL[71 0 R]>>>>`,
}

/** A document time-stamp in a field of its own. */
const timestamp = (number: number) => ({
  4: formWith(` ${number} 0 R`),
  10: firstPage({ annotations: ` ${number} 0 R` }),
  [number]: `<</Type/Annot/Subtype/Widget/FT/Sig/T(stamp)/Rect[0 0 0 0]/F 132/P 10 0 R/V ${number + 1} 0 R>>`,
  [number + 1]: '<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/ByteRange[0 1 2 3]/Contents<00>>>',
})

async function archived(request: Partial<PrepareRequest> = {}): Promise<Buffer> {
  const pdf = await signedByAna(form, request)
  const entries = request.certify ? `/Perms${latin1(openPdf(bytesSource(pdf)).catalog.get('Perms') ?? NULL)}` : ''
  const first = appended(pdf, { ...evidence, 1: evidence[1].replace('/DSS', `${entries}/DSS`) })
  return appended(appended(first, timestamp(63)), moreEvidence)
}

const metadata = (text: string) => stream(text, '/Type/Metadata/Subtype/XML')

const rows: readonly (readonly [name: string, build: Attack['build'], changes: readonly string[]])[] = [
  ['nothing', () => signedByAna(), []],
  ['a second signature', async () => signed(await signedByAna(), signers.juan), ['signature']],
  [
    'a second signature in a field that waited for it',
    async () =>
      signed(await signedByAna(), signers.juan, { field: { existing: 'Sig_B' }, appearance: { lines: ['Juan'] } }),
    ['signature'],
  ],
  [
    'a second signature where a certification allows forms',
    async () => signed(await signedByAna(form, { certify: 2 }), signers.juan, { field: { existing: 'Sig_B' } }),
    ['signature'],
  ],
  ['a security store', afterAna(evidence), ['extension', 'extension']],
  [
    'a security store, a time-stamp, more evidence',
    () => archived(),
    ['extension', 'extension', 'timestamp', 'extension'],
  ],
  [
    'the same where a certification allows nothing',
    () => archived({ certify: 1 }),
    ['extension', 'extension', 'timestamp', 'extension'],
  ],
  [
    'a new empty field',
    afterAna({ 4: formWith(' 60 0 R'), 60: '<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/Rect[0 0 9 9]/P 10 0 R>>' }),
    ['field'],
  ],
  ['metadata', afterAna({ 1: catalog('/Metadata 60 0 R'), 60: metadata('<x/>') }), ['metadata']],
  [
    'metadata twice',
    async () =>
      appended(await afterAna({ 1: catalog('/Metadata 60 0 R'), 60: metadata('<x/>') })(), { 60: metadata('<y/>') }),
    ['metadata', 'metadata'],
  ],
  [
    'information about the file',
    async () =>
      withRawRevision(await signedByAna(), {
        objects: { '60 0': '<</Title(x)>>' },
        trailer: '/Root 1 0 R/Info 60 0 R',
      }),
    ['document_information'],
  ],
  [
    'a higher level of an extension',
    async () => appended(await afterAna(evidence)(), { 1: catalog(`${EXTENSIONS.replace('8', '9')}/DSS 60 0 R`) }),
    ['extension', 'extension', 'extension'],
  ],
  ['a higher version', afterAna({ 1: catalog('/Version/2.0') }), []],
  [
    'resources of a form without texts, beside those that are there',
    async () => {
      const resources = (fonts: string) => `<</Fields[6 0 R 7 0 R]/SigFlags 3/DR<</Font<</F1 3 0 R${fonts}>>>>>>`
      const first = await signedByAna(document({ 4: resources('') }))
      return appended(first, { 4: resources('/F2 60 0 R'), 60: '<</Type/Font/Subtype/Type1/BaseFont/Courier>>' })
    },
    [],
  ],
  [
    'a hidden annotation',
    afterAna({
      10: firstPage({ annotations: ' 60 0 R' }),
      60: '<</Type/Annot/Subtype/Text/F 2/Rect[0 0 9 9]/Contents(x)>>',
    }),
    ['annotation'],
  ],
  [
    'an annotation beside the page',
    afterAna({
      10: firstPage({ annotations: ' 60 0 R' }),
      60: '<</Type/Annot/Subtype/Text/Rect[-90 0 -9 9]/Contents(x)>>',
    }),
    ['annotation'],
  ],
  [
    'a signature that makes the fields read-only that it locks',
    async () => {
      const first = await signedByAna()
      const lock = '/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(city)]>>>>]'
      return appended(first, {
        5: cityField('(Lima)', '/Ff 1'),
        8: '<</Type/Annot/Subtype/Widget/Rect[300 100 500 160]/P 10 0 R/F 4/Parent 7 0 R>>',
        7: '<</FT/Sig/T(Sig_B)/Kids[8 0 R]/V 60 0 R>>',
        60: `<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>${lock}>>`,
      })
    },
    ['signature'],
  ],
  [
    'an appearance that is written anew, twice',
    async () => {
      const first = await afterAna({ 5: cityField('(Cusco)', '/AP<</N 60 0 R>>'), 60: drawing('q Q') })()
      return appended(first, { 60: drawing('BT (Cusco) Tj ET') })
    },
    ['form_fill', 'form_fill'],
  ],
]

/** What may come after a signature. */
export const harmless: readonly Attack[] = rows.map(([name, build, changes]) => ({
  name,
  build,
  expected: [{ ...passed, changes }],
}))
