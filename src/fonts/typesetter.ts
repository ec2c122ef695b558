import type { Bidi, EmbeddingLevels } from 'bidi-js'
import type * as HarfBuzz from 'harfbuzzjs'
import type { Bytes } from '../std/bytes.ts'
import { checkCharacters } from './characters.ts'
import { Face, type FaceFacts, type FaceName, faceNames } from './face.ts'
import { type Item, itemize } from './itemize.ts'
import { type GlyphRun, shapeItem } from './shape.ts'
import { Subsetter } from './subsetter.ts'

export type Direction = 'ltr' | 'rtl'

/** The way in which a text without ends of lines is read, and its lines when it is broken. */
export type Paragraph = {
  readonly text: string
  readonly direction: Direction
  /** The glyphs of one line from left to right. `end` is the place after its last character. */
  line(start: number, end: number): readonly GlyphRun[]
}

let loading: Promise<Typesetter> | undefined

/**
 * The typesetter of this process. HarfBuzz is loaded by the first call, and each font file by the first text that
 * needs it.
 */
export function typesetter(): Promise<Typesetter> {
  loading ??= load()
  return loading
}

async function load(): Promise<Typesetter> {
  const [harfbuzz, bidi] = await Promise.all([import('harfbuzzjs'), import('bidi-js')])
  // The types of bidi-js describe its ES module; Node loads its CommonJS file, which is the function itself.
  const bidiFactory = bidi.default as unknown as () => Bidi
  return new Typesetter(harfbuzz, bidiFactory())
}

/** Turns text into glyphs with places, and gives the fonts to show them with. */
export class Typesetter {
  readonly #harfbuzz: typeof HarfBuzz
  readonly #bidi: Bidi
  readonly #buffer: HarfBuzz.Buffer
  readonly #faces = new Map<FaceName, Face>()
  #subsetter: Subsetter | undefined

  constructor(harfbuzz: typeof HarfBuzz, bidi: Bidi) {
    this.#harfbuzz = harfbuzz
    this.#bidi = bidi
    this.#buffer = new harfbuzz.Buffer()
  }

  /**
   * Prepares a text that has no ends of lines. Without a direction, the first letter decides. Throws
   * `fonts.unfit_character` at once, and `fonts.no_glyph` when a line is asked for.
   */
  paragraph(text: string, direction?: Direction): Paragraph {
    checkCharacters(text)
    const levels = this.#bidi.getEmbeddingLevels(text, direction ?? 'auto')
    const base = levels.paragraphs[0]?.level ?? (direction === 'rtl' ? 1 : 0)
    // Measuring and showing ask for the same lines, most often for the whole.
    const lines = new Map<string, GlyphRun[]>()
    const line = (start: number, end: number) => {
      const known = lines.get(`${start} ${end}`) ?? this.#line(text, levels, base, [start, end])
      lines.set(`${start} ${end}`, known)
      return known
    }
    return { text, direction: base % 2 === 1 ? 'rtl' : 'ltr', line }
  }

  /** What the descriptor of a font says. */
  facts(face: string): FaceFacts {
    return this.#face(faceNamed(face)).facts
  }

  /** The advance of a glyph in thousandths of the font size. */
  width(face: string, glyph: number): number {
    return this.#face(faceNamed(face)).width(glyph)
  }

  /** The code that the program of a CFF face ties to a glyph; undefined for TrueType. */
  builtInCode(face: string, glyph: number): number | undefined {
    return this.#face(faceNamed(face)).codes?.[glyph]
  }

  /** A font program with these glyphs: under their own numbers in TrueType, by their codes in CFF. */
  subset(face: string, glyphs: Iterable<number>): Bytes {
    this.#subsetter ??= new Subsetter()
    return this.#subsetter.subset(this.#face(faceNamed(face)), glyphs)
  }

  #face(name: FaceName): Face {
    const known = this.#faces.get(name)
    if (known) return known
    const face = new Face(this.#harfbuzz, name)
    this.#faces.set(name, face)
    return face
  }

  #line(text: string, { levels }: EmbeddingLevels, base: number, [start, end]: readonly [number, number]): GlyphRun[] {
    // Unicode annex 9, rule L1: space at the end of a line runs with the paragraph.
    const lastLetter = start + text.slice(start, end).trimEnd().length
    const levelAt = (index: number) => (index >= lastLetter ? base : (levels[index] ?? base))
    const items = itemize(text, [start, end], levelAt, (name) => this.#face(name))
    return reordered(items).map((item) => shapeItem(this.#harfbuzz, this.#buffer, text, item))
  }
}

function faceNamed(name: string): FaceName {
  const found = faceNames.find((known) => known === name)
  if (found === undefined) throw new Error('the face is not one of the product')
  return found
}

/** Items as they stand from left to right (Unicode annex 9, rule L2): from the highest level down, runs are turned. */
function reordered(items: readonly Item[]): Item[] {
  let ordered = [...items]
  const highest = items.reduce((most, { level }) => Math.max(most, level), 0)
  for (let level = highest; level > 0; level--) {
    const turned: Item[] = []
    let run: Item[] = []
    for (const item of ordered) {
      if (item.level >= level) run.push(item)
      else {
        turned.push(...run.toReversed(), item)
        run = []
      }
    }
    ordered = [...turned, ...run.toReversed()]
  }
  return ordered
}
