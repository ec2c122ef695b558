import { number, type PdfFile, type Ref } from './pdf-file.ts'
import type { TrueType } from './true-type.ts'

/** A font as the pages use it: it remembers the glyphs that were drawn, and only those go into the file. */
export class EmbeddedFont {
  readonly #file: TrueType
  readonly #name: string
  readonly #stemWidth: number
  /** Glyphs in the order of their first use, with the character that each stands for. */
  readonly #used = new Map<number, string>([[0, '\ufffd']])

  constructor(file: TrueType, name: string, stemWidth: number) {
    this.#file = file
    this.#name = name
    this.#stemWidth = stemWidth
  }

  /** The width of the text in points. */
  widthOf(text: string, size: number): number {
    const units = [...text].reduce((sum, character) => sum + this.#file.advanceOf(this.#file.glyphOf(character)), 0)
    return (units * size) / this.#file.unitsPerEm
  }

  /** The text as a hexadecimal string of two-byte codes. Throws for a character that the font does not have. */
  encode(text: string): string {
    const codes = [...text].map((character) => this.#codeOf(character).toString(16).padStart(4, '0'))
    return `<${codes.join('')}>`
  }

  /** Writes the font under the reference that the pages name it by, after the last page was drawn. */
  embed(pdf: PdfFile, ref: Ref): void {
    const glyphs = [...this.#used.keys()]
    const data = this.#file.subset(glyphs)
    const program = pdf.addStream(`/Length1 ${data.length}`, data)
    const [ascent, descent, capHeight, ...box] = [
      this.#file.ascent,
      this.#file.descent,
      this.#file.capHeight,
      ...this.#file.boundingBox,
    ].map((units) => this.#thousandths(units))
    const descriptor = pdf.add(
      `<</Type/FontDescriptor/FontName/${this.#name}/Flags 32/FontBBox[${box.join(' ')}]/ItalicAngle 0` +
        `/Ascent ${ascent}/Descent ${descent}/CapHeight ${capHeight}/StemV ${this.#stemWidth}/FontFile2 ${program}>>`,
    )
    const widths = glyphs.map((glyph) => this.#thousandths(this.#file.advanceOf(glyph)))
    const descendant = pdf.add(
      `<</Type/Font/Subtype/CIDFontType2/BaseFont/${this.#name}/CIDToGIDMap/Identity/DW 0/W[0[${widths.join(' ')}]]` +
        `/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${descriptor}>>`,
    )
    const toUnicode = pdf.addStream('', Buffer.from(unicodeMap([...this.#used.values()]), 'latin1'))
    pdf.put(
      ref,
      `<</Type/Font/Subtype/Type0/BaseFont/${this.#name}/Encoding/Identity-H` +
        `/DescendantFonts[${descendant}]/ToUnicode ${toUnicode}>>`,
    )
  }

  #codeOf(character: string): number {
    const glyph = this.#file.glyphOf(character)
    if (glyph === 0) throw new Error(`The font ${this.#name} has no glyph for ${character}.`)
    if (!this.#used.has(glyph)) this.#used.set(glyph, character)
    return [...this.#used.keys()].indexOf(glyph)
  }

  #thousandths(units: number): string {
    return number((units * 1000) / this.#file.unitsPerEm)
  }
}

/** Which character each code stands for, so that text can be copied and searched. ISO 32000-2 §9.10.3 */
function unicodeMap(characters: readonly string[]): string {
  const lines = characters.map((character, code) => {
    const utf16 = Buffer.from(character, 'utf16le').swap16().toString('hex')
    return `<${code.toString(16).padStart(4, '0')}> <${utf16}>`
  })
  const blocks: string[] = []
  // A block holds a hundred at most.
  for (let i = 0; i < lines.length; i += 100) {
    const block = lines.slice(i, i + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`)
  }
  return (
    '/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n' +
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n' +
    '/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n' +
    `1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n${blocks.join('')}` +
    'endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n'
  )
}
