import { bytesSource, latin1, openPdf } from '../../../pdf/index.ts'
import { buildPdf, stream } from '../../../pdf/testing/pdf-builder.ts'
import { appended } from '../signing.ts'
import { type Attack, type Expected, formFailure, undefinedChange } from './attack.ts'
import { line, withRawRevision } from './raw-revision.ts'
import { freeNumber, lastXref, OTHER_TEXT, signedByAna } from './samples.ts'

/** A later revision whose table says one thing, and whose stream tells of another content of the page. */
async function hybrid(table = '0 0\n'): Promise<Buffer> {
  const pdf = await signedByAna()
  const prev = lastXref(pdf)
  const body = `11 0 obj\n${OTHER_TEXT}\nendobj\n`
  const entry = Buffer.of(1, 0, 0, 0, 0, 0, 0)
  entry.writeUInt32BE(pdf.length, 1)
  const xref = '/Type/XRef/W[1 4 2]/Index[11 1]/Size 51/Root 1 0 R'
  const hidden = `50 0 obj\n${stream(entry.toString('latin1'), xref)}\nendobj\n`
  const at = pdf.length + body.length
  const trailer = `trailer\n<</Size 51/Root 1 0 R/Prev ${prev}/XRefStm ${at}>>\n`
  const end = `startxref\n${at + hidden.length}\n%%EOF\n`
  return Buffer.concat([pdf, Buffer.from(`${body}${hidden}xref\n${table}${trailer}${end}`, 'latin1')])
}

/** The object stream of a document with another value for some of its objects, each at the place that it had. */
function repacked(pdf: Buffer, other: Readonly<Record<number, string>>): { number: number; body: string } {
  const document = openPdf(bytesSource(pdf)).before(1)
  const [number, size] = [freeNumber(buildPdf('table', { form: true })), freeNumber(pdf)]
  const numbers: number[] = []
  for (let n = 1; n < size; n++) {
    const entry = document.entry(n)
    if (entry?.kind === 'compressed') numbers[entry.index] = n
  }
  let [header, data] = ['', '']
  for (const n of numbers) {
    header += `${n} ${data.length} `
    data += `${other[n] ?? latin1(document.resolve(Buffer.from(`${n} 0 R`)))} `
  }
  const entries = `/Type/ObjStm/N ${numbers.length}/First ${header.length}`
  return { number, body: stream(header + data, entries) }
}

const rows: readonly (readonly [name: string, build: Attack['build'], expected?: Expected])[] = [
  ['a change that only the hidden part of a hybrid revision tells of', () => hybrid()],
  ['the same, with a table that calls the object free', () => hybrid(`11 1\n${line(0, 0, 'f')}`)],
  [
    'a hybrid revision whose parts disagree, one of them being as before',
    async () => {
      const at = (await signedByAna()).indexOf('11 0 obj')
      return hybrid(`11 1\n${line(at)}`)
    },
  ],
  [
    'the content of a page with another generation',
    async () => withRawRevision(await signedByAna(), { objects: { '11 1': OTHER_TEXT } }),
  ],
  [
    'a field with another generation',
    async () =>
      withRawRevision(await signedByAna(), { objects: { '8 1': '<</Type/Annot/Subtype/Widget/Parent 7 0 R>>' } }),
  ],
  [
    'an object stream replaced, and no entry of what lies in it',
    async () => {
      const pdf = await signedByAna(buildPdf('object-streams', { form: true }))
      const { number, body } = repacked(pdf, { 3: '<</Type/Font/Subtype/Type1/BaseFont/Symbol>>' })
      return appended(pdf, { [number]: body })
    },
  ],
  [
    'a chain that leaves the signed revision out',
    async () => {
      const pdf = await signedByAna()
      const first = pdf.indexOf('xref\n0')
      return withRawRevision(pdf, {
        objects: { '6 0': '<</FT/Sig/T(Sig_A)/V 14 0 R>>' },
        lines: { 14: line(pdf.indexOf('14 0 obj')) },
        prev: first,
      })
    },
    formFailure('later.other_past'),
  ],
  [
    'a size that hides objects',
    async () => withRawRevision(await signedByAna(), { objects: { '11 0': OTHER_TEXT }, size: 5 }),
  ],
]

/** Tables that say one thing to one reader and another to the next. */
export const crossReferences: readonly Attack[] = rows.map(([name, build, expected = undefinedChange]) => ({
  name,
  build,
  expected: [expected],
}))
