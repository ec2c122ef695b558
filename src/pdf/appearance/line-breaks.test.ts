import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainTypesetter } from '../testing/plain-typesetter.ts'
import { Breakable } from './line-breaks.ts'

/** The lines of a text whose characters are half as wide as the font is high. */
function lines(text: string, characters: number): string[] {
  const places = new Breakable(plainTypesetter.paragraph(text)).places(characters / 2)
  return places.map((end, i) => text.slice(places[i - 1] ?? 0, end))
}

test.each<[string, string, number, string[]]>([
  ['nothing is one line', '', 5, ['']],
  ['words stay whole', 'uno dos tres', 8, ['uno dos ', 'tres']],
  ['space at the end takes no room', 'uno dos tres', 7, ['uno dos ', 'tres']],
  ['a word wider than the line is broken', 'abcdefgh ij', 5, ['abcde', 'fgh ', 'ij']],
  ['a character wider than the line has its own', 'abc', 0, ['a', 'b', 'c']],
  ['a line may end after a hyphen', 'well-known', 6, ['well-', 'known']],
  ['ideographs part anywhere', '合同签名', 3, ['合同签', '名']],
  ['no line starts with a full stop', '合同签。名', 3, ['合同', '签。名']],
  ['no line ends with an opening bracket', '合同「签名', 3, ['合同', '「签名']],
  ['an accent stays with its letter', 'ae\u0301i', 2, ['a', 'e\u0301', 'i']],
])('%s', (_, text, width, expected) => {
  expect(lines(text, width)).toEqual(expected)
})

test('whatever the text and the width are, the lines are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => {
      expect(lines(text, width).join('')).toBe(text)
    }),
  )
})
