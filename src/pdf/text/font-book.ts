import { overLimit } from '../pdf-error.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { EmbeddedFont } from './embedded-font.ts'
import { type Direction, type FontFacts, type Paragraph, paragraphOf, type Typesetter } from './typesetter.ts'

/** Characters that one revision draws: what is drawn may come from the document, where a text can be of any length. */
const MAX_CHARACTERS = 200_000

/**
 * The fonts of one revision: one for each face, however many appearances show its glyphs. They are written by
 * {@link finish}, when it is known which glyphs they need.
 */
export class FontBook {
  readonly #typesetter: Typesetter
  readonly #writer: RevisionWriter
  readonly #fonts = new Map<string, EmbeddedFont>()
  #characters = 0

  constructor(writer: RevisionWriter, typesetter: Typesetter) {
    this.#writer = writer
    this.#typesetter = typesetter
  }

  /** Prepares a text that is to be drawn. Throws like {@link paragraphOf}, and `pdf.limit`. */
  paragraph(text: string, direction?: Direction): Paragraph {
    this.#characters += text.length
    if (this.#characters > MAX_CHARACTERS) overLimit('drawn_characters', MAX_CHARACTERS)
    return paragraphOf(this.#typesetter, text, direction)
  }

  /** What can be known of a face before any of its glyphs is shown. */
  facts(face: string): FontFacts {
    return this.#typesetter.facts(face)
  }

  font(face: string): EmbeddedFont {
    const known = this.#fonts.get(face)
    if (known) return known
    const font = new EmbeddedFont(this.#typesetter, face, this.#writer.allocate(), `F${this.#fonts.size}`)
    this.#fonts.set(face, font)
    return font
  }

  /** Writes the fonts. `archivePart` is the part of PDF/A that the document keeps to, if it does. */
  finish(archivePart?: number): void {
    for (const font of this.#fonts.values()) font.write(this.#writer, { withSet: archivePart === 1 })
    this.#fonts.clear()
  }
}
