import type { GlyphRun, Paragraph } from '../text/typesetter.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
/** Letters of scripts that put no space between words. */
const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u
const BREAK_AFTER = /[\s\-\u2010\u2013\u2014/]$/u
/** Closing marks never start a line, opening ones never end it. */
const NOT_FIRST = /^[\s)\]}.,:;!?%»”’\u3001\u3002\u300d\u300f\u3011\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u30fc]/u
const NOT_LAST = /[([{«“‘\u300c\u300e\u3010\uff08]$/u

/** A paragraph with the places where its lines may end, measured once for all widths that are tried. */
export class Breakable {
  readonly paragraph: Paragraph
  /** The width of the longest part that stays together, in font sizes. */
  readonly widestPart: number
  /** The width of the text before each place, in font sizes. */
  readonly #before: Float64Array
  /** The ends of characters, and of parts that stay together. */
  readonly #characters: readonly number[]
  readonly #parts: readonly number[]

  constructor(paragraph: Paragraph) {
    const { text } = paragraph
    this.paragraph = paragraph
    this.#before = widthsBefore(text.length, paragraph.line(0, text.length))
    const segments = [...graphemes.segment(text)]
    this.#characters = segments.map(({ segment, index }) => index + segment.length)
    this.#parts = segments.flatMap(({ segment, index }, i) => {
      const next = segments[i + 1]?.segment
      return next === undefined || mayBreak(segment, next) ? [index + segment.length] : []
    })
    this.widestPart = this.#parts.reduce((most, end, i) => Math.max(most, this.width(this.#parts[i - 1] ?? 0, end)), 0)
  }

  /** Where the lines end when none may be wider than `width` font sizes; the last place is the end of the text. */
  places(width: number): number[] {
    const places: number[] = []
    let start = 0
    while (start < this.paragraph.text.length) {
      start =
        this.#lastFitting(this.#parts, start, width) ??
        this.#lastFitting(this.#characters, start, width) ??
        this.#next(start)
      places.push(start)
    }
    return places.length > 0 ? places : [0]
  }

  /** The last of the ascending places after `start` up to which the text fits. */
  #lastFitting(places: readonly number[], start: number, width: number): number | undefined {
    let low = 0
    let high = places.length
    while (low < high) {
      const middle = (low + high) >> 1
      const place = places[middle] ?? 0
      if (place <= start || this.width(start, place) <= width) low = middle + 1
      else high = middle
    }
    const found = places[low - 1] ?? 0
    return found > start ? found : undefined
  }

  /** A character that is wider than the line has a line of its own. */
  #next(start: number): number {
    return this.#characters.find((place) => place > start) ?? this.paragraph.text.length
  }

  /** The width of a part in font sizes; space at its end takes none. */
  width(start: number, end: number): number {
    let last = end
    while (last > start && this.paragraph.text[last - 1] === ' ') last--
    return (this.#before[last] ?? 0) - (this.#before[start] ?? 0)
  }
}

function mayBreak(segment: string, next: string): boolean {
  if (NOT_FIRST.test(next) || NOT_LAST.test(segment)) return false
  return BREAK_AFTER.test(segment) || IDEOGRAPH.test(segment) || IDEOGRAPH.test(next)
}

/** Sums the advances of clusters in the order in which they are read. */
function widthsBefore(length: number, runs: readonly GlyphRun[]): Float64Array {
  const before = new Float64Array(length + 1)
  for (const { glyphs } of runs)
    for (const { cluster, advance } of glyphs) before[cluster + 1] = (before[cluster + 1] ?? 0) + advance / 1000
  for (let i = 1; i <= length; i++) before[i] = (before[i] ?? 0) + (before[i - 1] ?? 0)
  return before
}
