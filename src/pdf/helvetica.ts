import { PdfError } from './pdf-error.ts'

/** Windows code page 1252 above ASCII, where it differs from Latin-1: the WinAnsiEncoding of ISO 32000-2 annex D. */
const HIGH = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ'

const codes: ReadonlyMap<string, number> = new Map(
  [...HIGH].map((character, i) => [character, 0x80 + i] as const).filter(([character]) => character !== '\0'),
)

/** Advance widths of Helvetica in thousandths of the font size, for the codes 32 to 126. */
const ASCII_WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
]

/** The same for the codes 128 to 255; 0 where there is no character. */
const HIGH_WIDTHS = [
  556, 0, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 0, 611, 0, 0, 222, 222, 333, 333, 350, 556, 1000,
  333, 1000, 500, 333, 944, 0, 500, 667, 278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
  400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667, 1000,
  722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667,
  667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
]

/** The text in WinAnsiEncoding, after composing accents. Throws `pdf.text` for a character that it does not have. */
export function encodeWinAnsi(text: string): Buffer {
  const bytes: number[] = []
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0) ?? 0
    const plain = (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)
    const byte = plain ? code : codes.get(character)
    if (byte === undefined)
      throw new PdfError('pdf.text', 'the font of the appearance lacks a character', { codePoint: code })
    bytes.push(byte)
  }
  return Buffer.from(bytes)
}

/** The width of encoded text at font size 1. */
export function helveticaWidth(encoded: Uint8Array): number {
  let width = 0
  for (const byte of encoded) width += (byte < 0x80 ? ASCII_WIDTHS[byte - 0x20] : HIGH_WIDTHS[byte - 0x80]) ?? 0
  return width / 1000
}
