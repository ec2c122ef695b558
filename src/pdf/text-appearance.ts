import { encodeWinAnsi, helveticaWidth } from './helvetica.ts'
import { type Dict, writeHex } from './values.ts'

/** A form XObject. */
export type Appearance = { readonly entries: Dict; readonly data: Buffer }

const PADDING = 3
const LEADING = 1.2
const MAX_FONT_SIZE = 12
/** From the top of a line to its base line, in font sizes. */
const ASCENT = 0.93

const RESOURCES =
  '<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>/ProcSet[/PDF/Text]>>'

/**
 * Lines of text in a box of `width` times `height` points: as large as fits, clipped to the box. Throws `pdf.text`
 * for a character outside WinAnsiEncoding.
 */
export function textAppearance(lines: readonly string[], width: number, height: number): Appearance {
  const encoded = lines.map(encodeWinAnsi)
  const widest = Math.max(0.001, ...encoded.map(helveticaWidth))
  const byHeight = (height - 2 * PADDING) / (Math.max(1, lines.length) * LEADING)
  const byWidth = (width - 2 * PADDING) / widest
  const size = Math.max(0.1, Math.min(MAX_FONT_SIZE, byHeight, byWidth))
  const content = [
    `q 0 0 ${decimal(width)} ${decimal(height)} re W n`,
    `BT /F1 ${decimal(size)} Tf ${decimal(size * LEADING)} TL 0 g`,
    `${PADDING} ${decimal(height - PADDING - size * ASCENT)} Td`,
    ...encoded.map((line) => `${writeHex(line)} Tj T*`),
    'ET Q',
  ]
  const entries = new Map([
    ['Type', Buffer.from('/XObject')],
    ['Subtype', Buffer.from('/Form')],
    ['BBox', Buffer.from(`[0 0 ${decimal(width)} ${decimal(height)}]`)],
    ['Resources', Buffer.from(RESOURCES)],
  ])
  return { entries, data: Buffer.from(content.join('\n')) }
}

/** A number as PDF writes it: no exponent, at most three decimals. */
export function decimal(value: number): string {
  return String(Number(value.toFixed(3)))
}
