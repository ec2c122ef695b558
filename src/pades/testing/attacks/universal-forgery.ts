import { buildPdf } from '../../../pdf/testing/pdf-builder.ts'
import { appended, overwritten } from '../signing.ts'
import { type Attack, formFailure } from './attack.ts'
import { afterAna, form, signedByAna } from './samples.ts'

/** The byte range of a signed document, as text and as numbers. */
async function target() {
  const pdf = await signedByAna()
  const text = /\/ByteRange\[.*?\] */.exec(pdf.toString('latin1'))?.[0] ?? ''
  const [length = 0, second = 0, secondLength = 0] = (text.match(/\d+/g) ?? []).slice(1).map(Number)
  return { pdf, text, length, second, secondLength }
}

type Target = Awaited<ReturnType<typeof target>>

/** The signature with another byte range, of the same width. */
function ranged(text: (target: Target) => string): () => Promise<Buffer> {
  return async () => {
    const signed = await target()
    return overwritten(signed.pdf, signed.text, `/ByteRange${text(signed)}`.padEnd(signed.text.length))
  }
}

/** A signature that never was one, with this dictionary. */
function forged(value: string): () => Buffer {
  return () => appended(form, { 6: '<</FT/Sig/T(Sig_A)/V 30 0 R>>', 30: value })
}

const rows: readonly (readonly [name: string, build: Attack['build'], code: string])[] = [
  ['no byte range', async () => overwritten((await target()).pdf, '/ByteRange', '/ByteHange'), 'byte_range.r1'],
  ['a byte range that is null', ranged(() => ' null'), 'byte_range.r1'],
  ['an empty byte range', ranged(() => '[]'), 'byte_range.r1'],
  ['a byte range of two numbers', ranged(({ pdf }) => `[0 ${pdf.length}]`), 'byte_range.r1'],
  ['a byte range of six numbers', ranged(() => '[0 1 2 3 4 5]'), 'byte_range.r1'],
  ['a byte range with a fraction', ranged((t) => `[0 ${t.length}.5 ${t.second} ${t.secondLength}]`), 'byte_range.r1'],
  ['a byte range that is a text', ranged(() => '(0 1 2 3)'), 'byte_range.r1'],
  ['a byte range of references', ranged(() => '[4 0 R 4 0 R]'), 'byte_range.r1'],
  ['a byte range that starts later', ranged((t) => `[1 ${t.length} ${t.second} ${t.secondLength}]`), 'byte_range.r2'],
  ['a negative start', ranged((t) => `[-1 ${t.length} ${t.second} ${t.secondLength}]`), 'byte_range.r2'],
  ['a negative length', ranged((t) => `[0 -${t.length} ${t.second} ${t.secondLength}]`), 'byte_range.r3'],
  ['parts that overlap', ranged((t) => `[0 ${t.length} ${t.length} ${t.secondLength}]`), 'byte_range.r3'],
  ['a part beyond the end', ranged((t) => `[0 ${t.length} ${t.second} ${t.secondLength + 1}]`), 'byte_range.r3'],
  ['all numbers huge', ranged(() => '[0 9999999999 99999999999 9]'), 'byte_range.r3'],
  ['an end inside the file', ranged((t) => `[0 ${t.length} ${t.second} ${t.secondLength - 4}]`), 'byte_range.r6'],
  ['a value that is a number', forged('7'), 'signature.not_an_object'],
  ['an empty dictionary', forged('<<>>'), 'contents.not_a_string'],
  ['a container that is null', forged('<</ByteRange[0 1 2 3]/Contents null>>'), 'contents.not_a_string'],
  ['a container that is a number', forged('<</ByteRange[0 1 2 3]/Contents 7>>'), 'contents.not_a_string'],
  ['a container that is a reference', forged('<</ByteRange[0 1 2 3]/Contents 5 0 R>>'), 'contents.not_a_string'],
  ['an empty container', forged('<</ByteRange[0 1 2 3]/Contents<>>>'), 'contents.empty'],
  ['a container in another kind of string', forged('<</ByteRange[0 1 2 3]/Contents(x)>>'), 'contents.not_a_string'],
  ['no container', forged('<</ByteRange[0 1 2 3]>>'), 'contents.not_a_string'],
  [
    'a signature in an object stream, which no byte range can reach',
    () => appended(buildPdf('object-streams', { form: true }), { 6: '<</FT/Sig/T(Sig_A)/V 3 0 R>>' }),
    'signature.not_an_object',
  ],
  [
    'a container of zeros',
    async () => {
      const { pdf, length, second } = await target()
      return Buffer.from(pdf).fill('0', length + 1, second - 1)
    },
    'cms.malformed',
  ],
  [
    'a signature cleared and forged again',
    afterAna({ 6: '<</FT/Sig/T(Sig_A)/V 40 0 R>>', 40: '<<>>' }),
    'contents.not_a_string',
  ],
]

/** A signature without what makes it one, for readers that skip a check when there is nothing to check. */
export const universalForgery: readonly Attack[] = rows.map(([name, build, code]) => ({
  name,
  build,
  expected: [formFailure(code)],
}))
