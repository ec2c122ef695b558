import { decimal } from '../decimal.ts'
import { type EmbeddedFont, writeCodes } from './embedded-font.ts'
import { utf16 } from './to-unicode.ts'
import type { GlyphRun, ShapedGlyph } from './typesetter.ts'

/** A gap below this, in thousandths of the font size, cannot be seen. */
const NO_GAP = 0.5

/**
 * The operators that show a run from the pen on, inside a text object whose font is set to `size`. Where the code of
 * a glyph does not say its text, that is told beside it; what says nothing, like the dots of a letter, is marked as
 * such (ISO 32000-2 14.9.4).
 */
export function showRun(run: GlyphRun, font: EmbeddedFont, size: number): string {
  const shown = new ShownText(font, size)
  for (const glyph of run.glyphs) shown.glyph(glyph)
  return shown.finish()
}

class ShownText {
  readonly #font: EmbeddedFont
  readonly #size: number
  readonly #operators: string[] = []
  #codes: number[] = []
  /** The array of the next TJ: strings, and numbers that move the pen back. */
  #items = ''
  #gap = 0
  #rise = 0

  constructor(font: EmbeddedFont, size: number) {
    this.#font = font
    this.#size = size
  }

  glyph(glyph: ShapedGlyph): void {
    const { code, isTold } = this.#font.code(glyph.id, glyph.text)
    if (isTold) {
      this.#add(glyph, code)
      return
    }
    this.#flush()
    this.#operators.push(`/Span<</ActualText<FEFF${utf16(glyph.text)}>>>BDC`)
    this.#add(glyph, code)
    this.#flush()
    this.#operators.push('EMC')
  }

  finish(): string {
    this.#flush()
    this.#setRise(0)
    return this.#operators.join('\n')
  }

  #add({ id, advance, x, y }: ShapedGlyph, code: number): void {
    if (y !== this.#rise) {
      this.#flush()
      this.#setRise(y)
    }
    this.#gap -= x
    this.#closeGap()
    this.#codes.push(code)
    this.#gap += this.#font.width(id) + x - advance
  }

  #closeGap(): void {
    if (Math.abs(this.#gap) < NO_GAP) return
    this.#closeString()
    this.#items += decimal(this.#gap)
    this.#gap = 0
  }

  #closeString(): void {
    if (this.#codes.length > 0) this.#items += writeCodes(this.#codes)
    this.#codes = []
  }

  #flush(): void {
    this.#closeGap()
    this.#closeString()
    if (this.#items !== '') this.#operators.push(`[${this.#items}] TJ`)
    this.#items = ''
  }

  #setRise(rise: number): void {
    if (rise !== this.#rise) this.#operators.push(`${decimal((rise * this.#size) / 1000)} Ts`)
    this.#rise = rise
  }
}
