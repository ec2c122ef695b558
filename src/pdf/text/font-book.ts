import type { RevisionWriter } from '../revision-writer.ts'
import { EmbeddedFont } from './embedded-font.ts'
import type { Typesetter } from './typesetter.ts'

/**
 * The fonts of one revision: one for each face, however many appearances show its glyphs. They are written by
 * {@link finish}, when it is known which glyphs they need.
 */
export class FontBook {
  readonly typesetter: Typesetter
  readonly #writer: RevisionWriter
  readonly #fonts = new Map<string, EmbeddedFont>()

  constructor(writer: RevisionWriter, typesetter: Typesetter) {
    this.#writer = writer
    this.typesetter = typesetter
  }

  font(face: string): EmbeddedFont {
    const known = this.#fonts.get(face)
    if (known) return known
    const font = new EmbeddedFont(this.typesetter, face, this.#writer.allocate(), `F${this.#fonts.size}`)
    this.#fonts.set(face, font)
    return font
  }

  /** Writes the fonts. `archivePart` is the part of PDF/A that the document keeps to, if it does. */
  finish(archivePart?: number): void {
    for (const font of this.#fonts.values()) font.write(this.#writer, { withSet: archivePart === 1 })
    this.#fonts.clear()
  }
}
