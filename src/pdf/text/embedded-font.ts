import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import type { Bytes } from '../../std/bytes.ts'
import { decimal } from '../decimal.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { type Ref, writeHex, writeName, writeRef } from '../values.ts'
import { hex16, toUnicodeMap } from './to-unicode.ts'
import type { FontFacts, Typesetter } from './typesetter.ts'

/** What a glyph that shows nothing of its own says: a reader that looks inside its cluster finds no letter there. */
const SILENT = '\u200b'
/** Symbolic: the codes have no encoding of letters (ISO 32000-2 table 121). */
const FLAGS = 4
/** No face tells the width of its stems; viewers use it only to replace a font, which an embedded one never is. */
const STEM_WIDTH = 80

/**
 * The font that one face becomes in one revision: which glyphs it has, by which codes, and what they say. The same
 * glyph may have several codes where the program allows it, as it may be the foot of several letters.
 */
export class EmbeddedFont {
  readonly ref: Ref
  /** The name of the font in resources. */
  readonly name: string
  readonly facts: FontFacts
  readonly #typesetter: Typesetter
  readonly #face: string
  readonly #glyphs = new Map<number, number>()
  readonly #texts = new Map<number, string>()
  readonly #codes = new Map<string, number>()

  constructor(typesetter: Typesetter, face: string, ref: Ref, name: string) {
    this.#typesetter = typesetter
    this.#face = face
    this.ref = ref
    this.name = name
    this.facts = typesetter.facts(face)
  }

  /**
   * The code that shows a glyph as a part of `text`. `isTold`: false when the code does not say that text, so that it
   * has to be told beside it.
   */
  code(glyph: number, text: string): { readonly code: number; readonly isTold: boolean } {
    const code = this.#typesetter.builtInCode(this.#face, glyph) ?? this.#ownCode(glyph, text)
    const known = this.#texts.get(code)
    if (known === undefined || known === SILENT) this.#texts.set(code, text || SILENT)
    this.#glyphs.set(code, glyph)
    return { code, isTold: text !== '' && this.#texts.get(code) === text }
  }

  #ownCode(glyph: number, text: string): number {
    const key = `${glyph} ${text}`
    const code = this.#codes.get(key) ?? this.#codes.size + 1
    this.#codes.set(key, code)
    return code
  }

  /** The advance of a glyph as the font will say it, in thousandths of the font size. */
  width(glyph: number): number {
    return Number(decimal(this.#typesetter.width(this.#face, glyph)))
  }

  /** Writes the font into the revision. `withSet` adds the list of glyphs that PDF/A-1 wants. */
  write(writer: RevisionWriter, { withSet }: { readonly withSet: boolean }): void {
    const program = this.#typesetter.subset(this.#face, new Set(this.#glyphs.values()))
    const name = writeName(`${this.#tag()}+${this.facts.postScriptName}`)
    const isTrueType = this.facts.program === 'truetype'
    const file = isTrueType
      ? `/FontFile2 ${writeRef(putPacked(writer, program, { Length1: String(program.length) }))}`
      : `/FontFile3 ${writeRef(putPacked(writer, program, { Subtype: '/CIDFontType0C' }))}`
    const set = withSet ? `/CIDSet ${writeRef(putPacked(writer, this.#codeSet()))}` : ''
    const descriptor = writer.allocate()
    writer.put(descriptor, this.#descriptor(name, file + set))
    const map = isTrueType ? `/CIDToGIDMap ${writeRef(putPacked(writer, this.#glyphMap()))}` : ''
    const descendant = writer.allocate()
    writer.put(
      descendant,
      `<</Type/Font/Subtype/${isTrueType ? 'CIDFontType2' : 'CIDFontType0'}/BaseFont${name}` +
        `/CIDSystemInfo<</Registry${writeHex(Buffer.from('Adobe'))}/Ordering${writeHex(Buffer.from('Identity'))}/Supplement 0>>` +
        `/FontDescriptor ${writeRef(descriptor)}/DW 1000/W[${this.#widths()}]${map}>>`,
    )
    const base = isTrueType ? name : `${name}-Identity-H`
    writer.put(
      this.ref,
      `<</Type/Font/Subtype/Type0/BaseFont${base}/Encoding/Identity-H/DescendantFonts[${writeRef(descendant)}]` +
        `/ToUnicode ${writeRef(putPacked(writer, toUnicodeMap(this.#texts)))}>>`,
    )
  }

  #descriptor(name: string, files: string): string {
    const { ascent, descent, capHeight, box } = this.facts
    return (
      `<</Type/FontDescriptor/FontName${name}/Flags ${FLAGS}/FontBBox[${box.join(' ')}]/ItalicAngle 0` +
      `/Ascent ${ascent}/Descent ${descent}/CapHeight ${capHeight}/StemV ${STEM_WIDTH}${files}>>`
    )
  }

  #sortedCodes(): number[] {
    return [...this.#glyphs.keys()].toSorted((a, b) => a - b)
  }

  /** Six letters that stand for the choice of glyphs (ISO 32000-2 9.9.2). */
  #tag(): string {
    const text = this.#sortedCodes()
      .map((code) => `${code}:${this.#glyphs.get(code)}`)
      .join()
    const digest = createHash('sha256').update(`${this.facts.postScriptName} ${text}`).digest()
    return [...digest.subarray(0, 6)].map((byte) => String.fromCharCode(0x41 + (byte % 26))).join('')
  }

  #widths(): string {
    return this.#sortedCodes()
      .map((code) => `${code}[${decimal(this.width(this.#glyphs.get(code) ?? 0))}]`)
      .join(' ')
  }

  #glyphMap(): Buffer {
    const codes = this.#sortedCodes()
    const map = Buffer.alloc(2 * ((codes.at(-1) ?? 0) + 1))
    for (const code of codes) map.writeUInt16BE(this.#glyphs.get(code) ?? 0, 2 * code)
    return map
  }

  /** One bit for each code from 0 on, the highest first (ISO 32000-1 table 124). */
  #codeSet(): Buffer {
    const codes = [0, ...this.#sortedCodes()]
    const set = Buffer.alloc(((codes.at(-1) ?? 0) >> 3) + 1)
    for (const code of codes) set[code >> 3] = (set[code >> 3] ?? 0) | (0x80 >> (code & 7))
    return set
  }
}

/** Adds a stream in Flate. */
function putPacked(writer: RevisionWriter, data: Bytes, entries: Readonly<Record<string, string>> = {}): Ref {
  const ref = writer.allocate()
  const all = Object.entries({ ...entries, Filter: '/FlateDecode' }).map(
    ([key, value]) => [key, Buffer.from(value, 'latin1')] as const,
  )
  writer.putStream(ref, new Map(all), deflateSync(data))
  return ref
}

/** The codes as the operand of an operator that shows text. */
export function writeCodes(codes: readonly number[]): string {
  return `<${codes.map(hex16).join('')}>`
}
