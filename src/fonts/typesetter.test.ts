import { describe, expect, test } from 'vitest'
import { typesetter } from './index.ts'

const setter = await typesetter()

/** The texts of the glyphs as they stand from left to right. */
function shown(text: string, direction?: 'ltr' | 'rtl'): string[] {
  return setter
    .paragraph(text, direction)
    .line(0, text.length)
    .map((run) => `${run.face}: ${run.glyphs.map((glyph) => glyph.text).join('')}`)
}

describe('not set', () => {
  test.each<[string, string, string]>([
    ['a sign that no face has', 'a😀', 'U+1F600'],
    ['a letter of a script that no face has', 'አ', 'U+12A0'],
    ['an ideograph of a later extension', '𰀀', 'U+30000'],
  ])('%s', (_, text, codePoint) => {
    const paragraph = setter.paragraph(text)
    expect(() => paragraph.line(0, text.length)).toThrow(
      expect.objectContaining({ code: 'fonts.no_glyph', details: { codePoint } }),
    )
  })

  test.each<[string, string, string]>([
    ['an override that turns the text around it', 'pay \u202e001', 'U+202E'],
    ['an embedding', '\u202aabc', 'U+202A'],
    ['an isolate', 'a\u2067b', 'U+2067'],
    ['a control character', 'a\u0007', 'U+0007'],
    ['a tab', 'a\tb', 'U+0009'],
    ['an end of line', 'a\nb', 'U+000A'],
    ['a line separator', 'a\u2028b', 'U+2028'],
    ['half a character', 'a\ud83d', 'U+D83D'],
    ['a private character', '\ue000', 'U+E000'],
    ['a space without width', 'Ana\u200bRuiz', 'U+200B'],
    ['a soft hyphen', 'Ana\u00adRuiz', 'U+00AD'],
    ['a joiner between letters that do not join', 'A\u200dna', 'U+200D'],
    ['an invisible tag', 'Ana\u{e0041}', 'U+E0041'],
    ['a blank that counts as a letter', 'Ana\u3164', 'U+3164'],
    ['a byte order mark', '\ufeffAna', 'U+FEFF'],
  ])('%s', (_, text, codePoint) => {
    expect(() => setter.paragraph(text)).toThrow(
      expect.objectContaining({ code: 'fonts.unfit_character', details: { codePoint } }),
    )
  })
})

test.each<[string, string, string[]]>([
  ['Latin', 'Łódź ñ €', ['latin: Łódź ñ €']],
  ['Cyrillic and Greek', 'Иван Ωμέγα', ['latin: Иван ', 'latin: Ωμέγα']],
  ['Chinese', '合同', ['han: 合同']],
  ['Japanese', '山田の', ['han: 山田', 'han: の']],
  ['Korean', '홍길동', ['hangul: 홍길동']],
  ['Latin and Chinese', 'Ana 日本 5', ['latin: Ana ', 'han: 日本 5']],
  ['Arabic, from right to left', 'سلام', ['arabic: مالس']],
  ['Arabic inside Latin', 'Ana سلام b', ['latin: Ana ', 'arabic: مالس', 'arabic:  ', 'latin: b']],
  ['Persian with a non-joiner', 'می\u200cخواهم', ['arabic: مهاو\u200cخیم']],
])('%s has its face and its order', (_, text, runs) => {
  expect(shown(text)).toEqual(runs)
})

test('letters of Arabic are joined: in the middle of a word they have another shape than alone', () => {
  const glyphs = (text: string) =>
    setter
      .paragraph(text)
      .line(0, text.length)
      .flatMap((run) => run.glyphs.map(({ id }) => id))
  expect(glyphs('سسس').toSorted()).not.toEqual([...glyphs('س'), ...glyphs('س'), ...glyphs('س')].toSorted())
  expect(new Set(glyphs('سسس')).size).toBe(3)
})

test('a paragraph is read as its first letter says, unless it is told otherwise', () => {
  expect(setter.paragraph('abc سلام').direction).toBe('ltr')
  expect(setter.paragraph('سلام abc').direction).toBe('rtl')
  expect(setter.paragraph('5').direction).toBe('ltr')
  expect(setter.paragraph('5', 'rtl').direction).toBe('rtl')
  expect(shown('abc سلام', 'rtl').at(-1)).toBe('latin: abc')
})

test('what a ligature and an accent say is told once', () => {
  const [run] = setter.paragraph('office e\u0301').line(0, 9)
  expect(run?.glyphs.map(({ text }) => text).join('')).toBe('office e\u0301')
  expect(run?.glyphs.some(({ text }) => text === 'ffi')).toBe(true)
})

test('a line is a part of its paragraph: its letters keep their order and widths', () => {
  const paragraph = setter.paragraph('uno dos tres')
  const width = (start: number, end: number) =>
    paragraph.line(start, end).reduce((sum, run) => sum + run.glyphs.reduce((all, { advance }) => all + advance, 0), 0)
  expect(width(0, 4) + width(4, 8) + width(8, 12)).toBeCloseTo(width(0, 12))
})

// A TrueType subset keeps the numbers of its glyphs, so its tables of places and widths are as long as before.
test.each([
  ['latin', 'ABC', 8000],
  ['arabic', 'سلام', 4000],
  ['han', '合同日本', 2000],
  ['hangul', '홍길동', 70_000],
] as const)('a subset of the face %s holds little more than its glyphs', (face, text, most) => {
  const glyphs = setter
    .paragraph(text)
    .line(0, text.length)
    .flatMap((run) => run.glyphs.map(({ id }) => id))
  const program = setter.subset(face, new Set(glyphs))
  expect(program.length).toBeGreaterThan(300)
  expect(program.length).toBeLessThan(most)
})
