import type * as HarfBuzz from 'harfbuzzjs'
import { refuseCharacter } from './font-error.ts'
import type { Item } from './itemize.ts'

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

/** Shapes one item of a text. Throws `fonts.no_glyph` when a sequence of characters has no shape of its own. */
export function shapeItem(harfbuzz: typeof HarfBuzz, buffer: HarfBuzz.Buffer, text: string, item: Item): GlyphRun {
  const isRightToLeft = item.level % 2 === 1
  buffer.reset()
  buffer.addText(text, item.start, item.end - item.start)
  buffer.setDirection(isRightToLeft ? harfbuzz.Direction.RTL : harfbuzz.Direction.LTR)
  if (item.script !== undefined) buffer.setScript(item.script)
  buffer.setFlags(harfbuzz.BufferFlag.REMOVE_DEFAULT_IGNORABLES)
  harfbuzz.shape(item.face.font, buffer)
  const infos = buffer.getGlyphInfos()
  const positions = buffer.getGlyphPositions()
  const { scale } = item.face
  const glyphs = infos.map(({ codepoint: id, cluster }, i): ShapedGlyph => {
    if (id === 0) refuseCharacter('fonts.no_glyph', 'no face has a character of the text', text.slice(cluster))
    const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[i] ?? {}
    return { id, advance: xAdvance * scale, x: xOffset * scale, y: yOffset * scale, cluster, text: '' }
  })
  return { face: item.face.name, isRightToLeft, glyphs: withTexts(glyphs, text, item.end) }
}

/** Gives the text of each cluster to its widest glyph: dots and accents say nothing by themselves. */
function withTexts(glyphs: readonly ShapedGlyph[], text: string, end: number): ShapedGlyph[] {
  const speakers = new Map<number, ShapedGlyph>()
  for (const glyph of glyphs) {
    const widest = speakers.get(glyph.cluster)
    if (!widest || glyph.advance > widest.advance) speakers.set(glyph.cluster, glyph)
  }
  const starts = [...speakers.keys()].toSorted((a, b) => a - b)
  const ends = new Map(starts.map((start, i) => [start, starts[i + 1] ?? end]))
  return glyphs.map((glyph) =>
    speakers.get(glyph.cluster) === glyph
      ? { ...glyph, text: text.slice(glyph.cluster, ends.get(glyph.cluster)) }
      : glyph,
  )
}
