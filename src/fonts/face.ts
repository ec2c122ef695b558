import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as HarfBuzz from 'harfbuzzjs'
import { asBuffer, type Bytes } from '../std/bytes.ts'
import { readCharset } from './cff-charset.ts'

/** The faces that come with the product, in the order in which they are asked for a character. */
export const faceNames = ['latin', 'han', 'arabic', 'hangul'] as const
export type FaceName = (typeof faceNames)[number]

/** What a font descriptor says of a face. Lengths in thousandths of the font size. */
export type FaceFacts = {
  readonly postScriptName: string
  /** What a subset is: a TrueType file, or a bare CFF table that ties its glyphs to codes. */
  readonly program: 'truetype' | 'cff'
  readonly ascent: number
  /** Below the base line, negative. */
  readonly descent: number
  readonly capHeight: number
  readonly box: readonly [left: number, bottom: number, right: number, top: number]
}

type FaceSource = { readonly path: () => string; readonly program: FaceFacts['program']; readonly name: string }

const carried = (file: string) => () => join(import.meta.dirname, 'files', file)

const SOURCES: Readonly<Record<FaceName, FaceSource>> = {
  latin: { path: carried('noto-sans-regular.ttf'), program: 'truetype', name: 'NotoSans-Regular' },
  arabic: { path: carried('noto-sans-arabic-regular.ttf'), program: 'truetype', name: 'NotoSansArabic-Regular' },
  hangul: { path: carried('noto-sans-kr-hangul.ttf'), program: 'truetype', name: 'NotoSansKR-Hangul' },
  han: {
    path: () =>
      join(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc'), '../../fonts/NotoSansHans-Regular.otf'),
    program: 'cff',
    name: 'NotoSansHans-Regular',
  },
}

/** A font file that was read, with what shaping and measuring need. */
export class Face {
  readonly name: FaceName
  readonly file: Bytes
  readonly font: HarfBuzz.Font
  readonly facts: FaceFacts
  /** The character identifier of each glyph of a CFF program. */
  readonly codes: Uint16Array | undefined
  readonly #known = new Map<number, boolean>()
  /** From font units to thousandths. */
  readonly scale: number

  constructor(harfbuzz: typeof HarfBuzz, name: FaceName) {
    const { path, program, name: postScriptName } = SOURCES[name]
    this.name = name
    this.file = readFileSync(path())
    const face = new harfbuzz.Face(new harfbuzz.Blob(this.file))
    this.font = new harfbuzz.Font(face)
    this.scale = 1000 / face.upem
    this.codes = program === 'cff' ? readCharset(asBuffer(tableOf(face, 'CFF '))) : undefined
    this.facts = { postScriptName, program, ...this.#metrics((tag) => viewOf(tableOf(face, tag))) }
  }

  /** True when the face has a glyph for every character. */
  covers(text: string): boolean {
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0
      if (!this.#has(codePoint)) return false
    }
    return true
  }

  #has(codePoint: number): boolean {
    const known = this.#known.get(codePoint)
    if (known !== undefined) return known
    // Marks without a shape are taken away after shaping, so no face needs them.
    const has = isMark(codePoint) || this.font.nominalGlyph(codePoint) !== undefined
    this.#known.set(codePoint, has)
    return has
  }

  /** The advance of a glyph in thousandths of the font size. */
  width(glyph: number): number {
    return this.font.glyphHAdvance(glyph) * this.scale
  }

  #metrics(table: (tag: string) => DataView): Omit<FaceFacts, 'postScriptName' | 'program'> {
    const [head, hhea, os2] = [table('head'), table('hhea'), table('OS/2')]
    const at = (view: DataView, offset: number) => Math.round(view.getInt16(offset) * this.scale)
    return {
      ascent: at(hhea, 4),
      descent: at(hhea, 6),
      capHeight: at(os2, 88),
      box: [at(head, 36), at(head, 38), at(head, 40), at(head, 42)],
    }
  }
}

function isMark(codePoint: number): boolean {
  return codePoint === 0x61c || (codePoint >= 0x200c && codePoint <= 0x200f)
}

function tableOf(face: HarfBuzz.Face, tag: string): Bytes {
  return face.referenceTable(tag) ?? lacking(tag)
}

function viewOf(table: Bytes): DataView {
  return new DataView(table.buffer, table.byteOffset, table.byteLength)
}

function lacking(tag: string): never {
  throw new Error(`a face of the product has no table ${tag}`)
}
