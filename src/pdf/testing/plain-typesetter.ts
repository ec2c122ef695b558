import { CodedError } from '../../std/error.ts'
import type { Typesetter } from '../text/typesetter.ts'

/** Refused by the typesetter below, as a character without a glyph is by a real one. */
export const UNKNOWN = '\u{1f642}'

/**
 * A typesetter without fonts, for tests of what is written around them: each character is a glyph of half the font
 * size, from left to right.
 */
export const plainTypesetter: Typesetter = {
  paragraph(text) {
    if (text.includes(UNKNOWN)) throw new CodedError('test.unknown', 'no glyph', { codePoint: 'U+1F642' })
    return {
      text,
      direction: 'ltr',
      line: (start, end) => [
        {
          face: 'plain',
          isRightToLeft: false,
          glyphs: [...text.slice(start, end)].map((character, i) => ({
            id: (character.codePointAt(0) ?? 0) & 0xffff,
            advance: 500,
            x: 0,
            y: 0,
            cluster: start + i,
            text: character,
          })),
        },
      ],
    }
  },
  facts: () => ({
    postScriptName: 'Plain',
    program: 'truetype',
    ascent: 800,
    descent: -200,
    capHeight: 700,
    box: [0, -200, 1000, 800],
  }),
  width: () => 500,
  builtInCode: () => undefined,
  subset: () => Buffer.from('a font program'),
}
