import type { Bytes } from '../../std/bytes.ts'
import { CodedError } from '../../std/error.ts'
import { PdfError } from '../pdf-error.ts'

export type Direction = 'ltr' | 'rtl'

/** A glyph in its place. Lengths in thousandths of the font size. */
export type ShapedGlyph = {
  readonly id: number
  readonly advance: number
  /** Where the glyph stands, from the pen. */
  readonly x: number
  readonly y: number
  /** Where in the paragraph the characters start that the glyph belongs to. */
  readonly cluster: number
  /** The characters that the glyph shows, if need be with glyphs beside it of the same cluster, whose text is empty. */
  readonly text: string
}

/** Glyphs of one face from left to right. */
export type GlyphRun = {
  readonly face: string
  readonly isRightToLeft: boolean
  readonly glyphs: readonly ShapedGlyph[]
}

export type Paragraph = {
  readonly text: string
  readonly direction: Direction
  /** The glyphs of one line from left to right. `end` is the place after its last character. */
  line(start: number, end: number): readonly GlyphRun[]
}

/** What the descriptor of a font says. Lengths in thousandths of the font size. */
export type FontFacts = {
  readonly postScriptName: string
  /** What a subset is: a TrueType file, or a bare CFF table that ties its glyphs to codes. */
  readonly program: 'truetype' | 'cff'
  readonly ascent: number
  /** Below the base line, negative. */
  readonly descent: number
  readonly capHeight: number
  readonly box: readonly [left: number, bottom: number, right: number, top: number]
}

/**
 * Turns text into glyphs and gives the fonts to show them with. A port: this folder writes what it is given and knows
 * no font. A character that cannot be shown is a {@link CodedError} whose details name it as `codePoint`.
 */
export type Typesetter = {
  /** Prepares a text without ends of lines. Without a direction, the first letter decides. */
  paragraph(text: string, direction?: Direction): Paragraph
  facts(face: string): FontFacts
  /** The advance of a glyph in thousandths of the font size. */
  width(face: string, glyph: number): number
  /**
   * The two-byte code that a CFF program itself ties to the glyph; undefined for TrueType, where the font maps codes
   * to glyphs.
   */
  builtInCode(face: string, glyph: number): number | undefined
  /** A font program with these glyphs: under their own numbers in TrueType, by their codes in CFF. */
  subset(face: string, glyphs: Iterable<number>): Bytes
}

/**
 * Prepares a text and shapes it once, so that what cannot be shown is refused here and not later. Throws `pdf.text`
 * with the code point, never with the text.
 */
export function paragraphOf(typesetter: Typesetter, text: string, direction?: Direction): Paragraph {
  try {
    const paragraph = typesetter.paragraph(text, direction)
    paragraph.line(0, text.length)
    return paragraph
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    const codePoint = error.details['codePoint'] ?? ''
    throw new PdfError('pdf.text', `a text cannot be shown: ${error.message}`, { codePoint }, { cause: error })
  }
}

/** The width of a line in font sizes. */
export function widthOf(runs: readonly GlyphRun[]): number {
  let width = 0
  for (const { glyphs } of runs) for (const { advance } of glyphs) width += advance
  return width / 1000
}
