import { appended, overwritten, signed, signers } from '../signing.ts'
import { type Attack, formFailure } from './attack.ts'
import { line, withRawRevision } from './raw-revision.ts'
import { form, lastXref, OTHER_TEXT, signedByAna } from './samples.ts'

/** A signed document taken apart at its hole. */
async function parts() {
  const pdf = await signedByAna()
  const text = pdf.toString('latin1')
  const range = /\/ByteRange\[0 (\d+) (\d+) (\d+)\] */.exec(text)
  const [start = 0, end = 0, rest = 0] = (range ?? []).slice(1).map(Number)
  const number = Number(/(\d+) 0 obj\n<<\/Type\/Sig/.exec(text)?.[1])
  return { pdf, rangeText: range?.[0] ?? '', start, end, rest, number, container: text.slice(start, end) }
}

/**
 * The second part moved behind a table of the attacker's, which stands where the old one stood: the byte range finds
 * the part, and the end of the file the table.
 */
async function moved(): Promise<Buffer> {
  const { pdf, rangeText, start, end, rest } = await parts()
  const xref = lastXref(pdf)
  const text = pdf.toString('latin1')
  const trailerAt = text.indexOf('trailer', xref)
  const trailer = text.slice(trailerAt, text.indexOf('startxref', xref))
  const entries = `${text.slice(xref, trailerAt)}11 1\n`
  const object = `11 0 obj\n${OTHER_TEXT}\nendobj\n`
  const at = xref + entries.length + line(0).length + trailer.length
  const gap = `${text.slice(end, xref)}${entries}${line(at)}${trailer}${object}`
  const second = end + gap.length
  const range = `/ByteRange[0 ${start} ${second} ${rest}]`.padEnd(rangeText.length)
  const ranged = overwritten(pdf, rangeText, range)
  return Buffer.concat([ranged.subarray(0, end), Buffer.from(gap, 'latin1'), ranged.subarray(end)])
}

const rows: readonly (readonly [name: string, build: Attack['build'], code: string])[] = [
  ['the second part moved behind a table and an object', moved, 'byte_range.r4'],
  [
    'the second part repeated behind the file',
    async () => {
      const { pdf, rangeText, start, end, rest } = await parts()
      const longer = Buffer.concat([pdf, Buffer.from(`11 0 obj\n${OTHER_TEXT}\nendobj\n`, 'latin1'), pdf.subarray(end)])
      const range = `/ByteRange[0 ${start} ${longer.length - rest} ${rest}]`.padEnd(rangeText.length)
      return overwritten(longer, rangeText, range)
    },
    'byte_range.r4',
  ],
  [
    'a gap that reaches back into the dictionary',
    async () => {
      const { pdf, rangeText, start, end, rest } = await parts()
      return overwritten(pdf, rangeText, `/ByteRange[0 ${start - 1} ${end} ${rest}]`.padEnd(rangeText.length))
    },
    'byte_range.r4',
  ],
  [
    'a gap that reaches on',
    async () => {
      const { pdf, rangeText, start, end, rest } = await parts()
      return overwritten(pdf, rangeText, `/ByteRange[0 ${start} ${end + 1} ${rest - 1}]`.padEnd(rangeText.length))
    },
    'byte_range.r4',
  ],
  [
    'white space inside the container',
    async () => {
      const { pdf, end } = await parts()
      const out = Buffer.from(pdf)
      out[end - 2] = 0x20
      return out
    },
    'byte_range.r4',
  ],
  [
    'the padding of the container used as cover',
    async () => {
      const pdf = await signedByAna(form, { timestampRoom: 100 })
      const end = Number(/\/ByteRange\[0 \d+ (\d+)/.exec(pdf.toString('latin1'))?.[1])
      pdf.write('2f4a53', end - 9, 'latin1')
      return pdf
    },
    'cms.trailing_bytes',
  ],
  [
    'a copy of the signature that keeps the byte range',
    async () => {
      const { pdf, rangeText, container } = await parts()
      const copy = `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached${rangeText}/Contents${container}>>`
      return appended(pdf, { 6: '<</FT/Sig/T(Sig_A)/V 40 0 R>>', 40: copy, 11: OTHER_TEXT })
    },
    'byte_range.r5',
  ],
  [
    'the signature read from another place by a later table',
    async () => {
      const { pdf, number, rangeText, container } = await parts()
      return withRawRevision(pdf, {
        objects: { [`${number} 0`]: `<</Type/Sig${rangeText}/Contents${container}>>`, '11 0': OTHER_TEXT },
      })
    },
    'byte_range.r5',
  ],
  [
    'the gap of somebody else',
    async () => {
      const twice = await signed(await signedByAna(), signers.juan)
      const [own = '', other = ''] = twice.toString('latin1').match(/\/ByteRange\[.*?\] */g) ?? []
      return overwritten(twice, own, other.padEnd(own.length))
    },
    'byte_range.r5',
  ],
  [
    'two byte ranges',
    async () => {
      const dictionary = '<</Type/Sig/ByteRange[0 1 2 3]/ByteRange[0 1 2 3]/Contents<00>>>'
      return appended(await signedByAna(), { 6: '<</FT/Sig/T(Sig_A)/V 40 0 R>>', 40: dictionary })
    },
    'signature.malformed',
  ],
  [
    'a later table that leads into the middle of the signed bytes, past the signature',
    async () => {
      const { pdf, number } = await parts()
      const at = pdf.lastIndexOf(`${number} 0 obj`)
      const first = pdf.indexOf('xref\n0')
      const field = `<</FT/Sig/T(Sig_A)/V ${number} 0 R>>`
      return withRawRevision(pdf, { objects: { '6 0': field }, lines: { [number]: line(at) }, prev: first })
    },
    'later.other_past',
  ],
]

/** A signature over other bytes than those that are read. */
export const signatureWrapping: readonly Attack[] = rows.map(([name, build, code]) => ({
  name,
  build,
  expected: [formFailure(code)],
}))
